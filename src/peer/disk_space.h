#pragma once

#include <cstdint>
#include <filesystem>

/// Room that is left to others on the disk that the data lie on. One thread.
namespace colport {

class DiskSpace {
public:
    explicit DiskSpace(std::filesystem::path place) : place_(std::move(place)) {}

    /// Looks again. With less than `reserve` bytes free it is full, and stays so
    /// until there is an eighth more. A disk that cannot be asked is not full.
    bool look(std::uint64_t reserve);
    [[nodiscard]] bool is_full() const noexcept { return full_; }
    [[nodiscard]] std::uint64_t free_bytes() const noexcept { return free_; }

private:
    std::filesystem::path place_;
    std::uint64_t free_ = 0;
    bool full_ = false;
};

}  // namespace colport
