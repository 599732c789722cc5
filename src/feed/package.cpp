#include "feed/package.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>

#include "core/bytes.h"
#include "core/limits.h"
#include "feed/descriptor.h"
#include "feed/files.h"
#include "metainfo/info_dictionary.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t part_size = 65536;

struct Free {
    void operator()(archive* pack) const noexcept { archive_free(pack); }
    void operator()(archive_entry* entry) const noexcept { archive_entry_free(entry); }
};
using Tar = std::unique_ptr<archive, Free>;

enum class Kind { none, file, folder };

bool is_volume(std::string_view name) {
    std::uint32_t number = 0;
    for (const char digit : name) {
        if (digit < '0' || digit > '9' || number > limits::volumes) return false;
        number = 10 * number + static_cast<std::uint32_t>(digit - '0');
    }
    return number != 0 && number <= limits::volumes && volume_name(number) == name;
}

Kind kind_in_volumes(std::string_view name) {
    const auto slash = name.find('/');
    if (slash != name.npos)
        return is_volume(name.substr(0, slash)) && is_file_name(name.substr(slash + 1))
                   ? Kind::file
                   : Kind::none;
    if (is_volume(name)) return Kind::folder;
    for (const std::string_view suffix : {".torrent", ".torrent.minisig"})
        if (name.ends_with(suffix) && is_volume(name.substr(0, name.size() - suffix.size())))
            return Kind::file;
    return Kind::none;
}

/// What a path within a feed directory is.
Kind kind_in_feed(std::string_view name) {
    constexpr std::string_view signing = "signing", volumes = "volumes", suffix = ".pub";
    for (const std::string_view known : {"feed.pub", "keyring", "head", "shelf", "link.txt",
                                         "dht-nodes.txt", "README.txt"})
        if (name == known) return Kind::file;
    if (name == signing || name == volumes) return Kind::folder;
    const auto slash = name.find('/');
    if (slash == name.npos) return Kind::none;
    const auto folder = name.substr(0, slash), rest = name.substr(slash + 1);
    if (folder == volumes) return kind_in_volumes(rest);
    return folder == signing && rest.ends_with(suffix) && rest.size() == 16 + suffix.size() &&
                   from_hex(rest.substr(0, 16))
               ? Kind::file
               : Kind::none;
}

bool is_folder_of_feed(std::string_view name) {
    return !name.empty() && name.size() <= limits::file_name && name[0] != '.' && name[0] != '-' &&
           kind_in_feed(name) == Kind::none &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '.' || c == '-';
           });
}

/// What a path within a package is: within a feed directory or a folder of them.
Kind kind_in_package(std::string_view name) {
    if (const auto kind = kind_in_feed(name); kind != Kind::none) return kind;
    const auto slash = name.find('/');
    if (!is_folder_of_feed(name.substr(0, slash))) return Kind::none;
    return slash == name.npos ? Kind::folder : kind_in_feed(name.substr(slash + 1));
}

bool is_key(std::string_view name) { return name == "feed.pub" || name.ends_with("/feed.pub"); }

class Packer {
public:
    Packer(const fs::path& folder, int file, const fs::path& path)
        : folder_(folder), path_(path), tar_(archive_write_new()) {
        archive_write_set_format_ustar(tar_.get());
        archive_write_add_filter_none(tar_.get());
        archive_write_set_bytes_in_last_block(tar_.get(), 1);
        archive_write_open_fd(tar_.get(), file);
    }

    Status run() {
        COLPORT_TRY(find("", folder_));
        if (std::none_of(names_.begin(), names_.end(), is_key))
            return Error{Errc::not_found,
                         fmt::format("there is no feed directory in {}", folder_.string())};
        // Sorted: the head is read before the volumes, which may only grow meanwhile.
        for (const auto& name : names_) COLPORT_TRY(add(name));
        if (archive_write_close(tar_.get()) != ARCHIVE_OK) return write_failed();
        return done();
    }

private:
    Status find(const std::string& prefix, const fs::path& folder) {
        std::error_code error;
        for (fs::directory_iterator at(folder, error), end; !error && at != end;
             at.increment(error)) {
            const auto name = prefix + at->path().filename().string();
            const auto kind = kind_in_package(name);
            std::error_code ignored;
            const auto status = at->symlink_status(ignored);
            if (kind == Kind::file && fs::is_regular_file(status)) names_.insert(name);
            if (kind == Kind::folder && fs::is_directory(status))
                COLPORT_TRY(find(name + "/", at->path()));
            if (names_.size() > limits::package_entries)
                return Error{Errc::too_large, "a package holds 100,000 files at most",
                             "leave older volumes out"};
        }
        if (error) return file_error("read", folder, error.value());
        return done();
    }

    Status add(const std::string& name) {
        const auto path = folder_ / name;
        const auto file = COLPORT_TRY(open_regular(path));
        const auto size = COLPORT_TRY(stamp_of(path)).size;
        if (size > limits::bundle)
            return Error{Errc::too_large, fmt::format("{} is over 64 MiB", path.string())};
        const std::unique_ptr<archive_entry, Free> entry(archive_entry_new());
        archive_entry_set_pathname(entry.get(), name.c_str());
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        archive_entry_set_size(entry.get(), static_cast<std::int64_t>(size));
        archive_entry_set_mtime(entry.get(), 0, 0);
        if (archive_write_header(tar_.get(), entry.get()) != ARCHIVE_OK) return write_failed();
        std::uint64_t written = 0;
        COLPORT_TRY(read_parts(file.get(), path, [&](Bytes part) -> Status {
            written += part.size();
            if (written > size) return changed(path);
            if (archive_write_data(tar_.get(), part.data(), part.size()) !=
                static_cast<la_ssize_t>(part.size()))
                return write_failed();
            return done();
        }));
        if (written != size) return changed(path);
        return done();
    }

    static Error changed(const fs::path& path) {
        return {Errc::io, fmt::format("{} changed while it was read", path.string()), "try again"};
    }
    Error write_failed() { return file_error("write", path_, archive_errno(tar_.get())); }

    const fs::path& folder_;
    const fs::path& path_;
    Tar tar_;
    std::set<std::string> names_;
};

class Unpacker {
public:
    Unpacker(const fs::path& file, const fs::path& folder, std::uint64_t most_bytes,
             const std::atomic<bool>* stop)
        : file_(file), folder_(folder), most_bytes_(most_bytes), stop_(stop) {}

    /// Looks at all names and sizes before anything is written.
    Status run() {
        COLPORT_TRY(walk(false));
        return walk(true);
    }

private:
    Status walk(bool write) {
        names_.clear();
        left_ = most_bytes_;
        tar_.reset(archive_read_new());
        archive_read_support_filter_none(tar_.get());
        archive_read_support_format_tar(tar_.get());
        const auto file = COLPORT_TRY(open_regular(file_));
        if (archive_read_open_fd(tar_.get(), file.get(), part_size) != ARCHIVE_OK)
            return read_failed();
        archive_entry* entry = nullptr;
        for (std::size_t count = 1;; ++count) {
            const int got = archive_read_next_header(tar_.get(), &entry);
            if (got == ARCHIVE_EOF) break;
            if (got != ARCHIVE_OK) return read_failed();
            if (count > limits::package_entries) return too_large("it has over 100,000 entries");
            COLPORT_TRY(take(entry, write));
            if (stop_ != nullptr && *stop_) return Error{Errc::denied, "it is not wanted any more"};
        }
        if (std::none_of(names_.begin(), names_.end(), is_key)) return refuse("no feed is in it");
        return done();
    }

    Status take(archive_entry* entry, bool write) {
        const auto* raw = archive_entry_pathname(entry);
        std::string name = raw == nullptr ? "" : raw;
        const auto type = archive_entry_filetype(entry);
        if (type == AE_IFDIR && name.ends_with('/')) name.pop_back();
        const auto kind = kind_in_package(name);
        if (kind == Kind::none) return refuse("it has a file that no feed has");
        if (archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr ||
            type != (kind == Kind::file ? AE_IFREG : AE_IFDIR))
            return refuse("it has something else than files and folders");
        if (!names_.insert(name).second) return refuse("it has a file twice");
        if (kind == Kind::folder) return write ? make_directory(folder_ / name) : done();
        const auto size = archive_entry_size(entry);
        if (size < 0 || size > static_cast<std::int64_t>(limits::bundle))
            return too_large("it has a file over 64 MiB");
        if (static_cast<std::uint64_t>(size) > left_) return too_large("it unpacks to too much");
        left_ -= static_cast<std::uint64_t>(size);
        return write ? write_data(folder_ / name, size) : done();
    }

    Status write_data(const fs::path& path, std::int64_t size) {
        COLPORT_TRY(make_directory(path.parent_path()));
        const auto file = open_new(path);
        std::error_code ignored;
        // On some disks names are the same that differ in case only.
        if (!file && fs::exists(path, ignored)) return refuse("it has a file twice");
        if (!file) return file.error();
        char part[part_size];
        while (true) {
            const auto got = archive_read_data(tar_.get(), part, part_size);
            if (got == 0) break;
            if (got < 0) return read_failed();
            size -= got;
            if (size < 0) return refuse("a file is longer than it says");
            COLPORT_TRY(write_all(file->get(), Bytes(part, static_cast<std::size_t>(got)), path));
        }
        if (size != 0) return refuse("a file is shorter than it says");
        return done();
    }

    Error read_failed() {
        if (archive_errno(tar_.get()) == EIO) return file_error("read", file_, EIO);
        return refuse("it is damaged or no tar");
    }
    Error refuse(std::string_view why) const {
        return {Errc::corrupt,
                fmt::format("{} is not a package of feeds: {}", file_.string(), why)};
    }
    Error too_large(std::string_view why) const {
        return {Errc::too_large, fmt::format("{}: {}", file_.string(), why)};
    }

    const fs::path& file_;
    const fs::path& folder_;
    const std::uint64_t most_bytes_;
    const std::atomic<bool>* stop_;
    Tar tar_;
    std::set<std::string> names_;
    std::uint64_t left_ = 0;
};

}  // namespace

Status pack(const fs::path& folder, const fs::path& file) {
    return replace_file(file, 0644,
                        [&](int opened) { return Packer(folder, opened, file).run(); });
}

Status unpack(const fs::path& file, const fs::path& folder, std::uint64_t most_bytes,
              const std::atomic<bool>* stop) {
    std::error_code error;
    COLPORT_TRY(make_directory(folder, 0700));
    if (!fs::is_empty(folder, error))
        return Error{Errc::exists, fmt::format("{} is not empty", folder.string())};
    fs::permissions(folder, fs::perms::owner_all, error);
    auto out = Unpacker(file, folder, most_bytes, stop).run();
    if (!out) fs::remove_all(folder, error);
    return out;
}

}  // namespace colport
