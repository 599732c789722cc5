#pragma once

#include <filesystem>
#include <utility>

namespace colport {

/// A folder that is gone at the end, with all that is in it, unless it is kept.
class ScratchFolder {
public:
    /// Makes nothing: the folder may be there already or come later.
    explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    void keep() { path_.clear(); }

private:
    std::filesystem::path path_;
};

}  // namespace colport
