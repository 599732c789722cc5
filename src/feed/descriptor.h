#pragma once

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <string_view>
#include <utility>

#include "core/bytes.h"
#include "core/result.h"

/// Open files and sockets, for sources that read and write in parts.
namespace colport {

/// Closes what it holds.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            reset();
            number_ = other.release();
        }
        return *this;
    }
    ~Descriptor() { reset(); }
    explicit operator bool() const noexcept { return number_ >= 0; }
    [[nodiscard]] int get() const noexcept { return number_; }
    int release() noexcept { return std::exchange(number_, -1); }
    void reset() noexcept {
        if (number_ >= 0) ::close(number_);
        number_ = -1;
    }

private:
    int number_;
};

/// "cannot `doing` `path`", with a hint where there is one: not_found, denied, io.
Error file_error(std::string_view doing, const std::filesystem::path& path, int number = errno);

/// Opens a regular file to read, and nothing that could keep the reader waiting,
/// such as a named pipe on somebody's USB stick.
Result<Descriptor> open_regular(const std::filesystem::path& path);

/// Opens a file to write that must not be there, not even as a link.
Result<Descriptor> open_new(const std::filesystem::path& path, int mode = 0644);

/// `path` names the file in errors.
Status write_all(int file, Bytes content, const std::filesystem::path& path);

/// Gives `take` the rest of an open file in parts, until it errs.
Status read_parts(int file, const std::filesystem::path& path,
                  const std::function<Status(Bytes)>& take);

/// Puts what `fill` writes into the descriptor in the place of `path`: under a
/// temporary name, fsync, rename, fsync of the folder. When it errs, `path` is
/// as it was.
Status replace_file(const std::filesystem::path& path, int mode,
                    const std::function<Status(int)>& fill);

}  // namespace colport
