#include "peer/purge.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "feed/files.h"
#include "feed/lock_file.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

constexpr const char* marker_name = "purge";
constexpr const char* lock_name = "lock";
// The most telling first. SQLite's own files go with their database.
constexpr const char* databases[] = {"reading.sqlite", "archive.sqlite"};
constexpr const char* beside_a_database[] = {"", "-wal", "-shm", "-journal"};
constexpr const char* others[] = {"page.address", "control.sock"};
// Folders of one command each, which a kill may have left: this and hexadecimal digits.
constexpr const char* scratch[] = {"import-", "share-", "upload-"};
constexpr std::string_view scratch_end = "-taken";

bool is_hex(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool is_feed_name(const fs::path& path) {
    return PublicKey::from_hex_text(path.filename().string()).has_value();
}

bool is_scratch(std::string_view name) {
    for (const std::string_view begin : scratch) {
        if (!name.starts_with(begin)) continue;
        name.remove_prefix(begin.size());
        if (name.ends_with(scratch_end)) name.remove_suffix(scratch_end.size());
        return is_hex(name);
    }
    return false;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        out.push_back(at->path());
    return out;
}

/// Goes on after what cannot be erased, and keeps the first error.
class Eraser {
public:
    void erase(const fs::path& path) {
        std::error_code error;
        const auto files = fs::remove_all(path, error);
        if (!error) files_ += files;
        else if (status_)
            status_ = Error{error == std::errc::permission_denied ? Errc::denied : Errc::io,
                            fmt::format("cannot erase {}: {}", path.string(), error.message())};
    }

    void erase_database(const fs::path& file) {
        std::error_code error;
        // SQLite's own files lie beside what a link leads to.
        if (fs::is_symlink(file, error))
            if (const auto real = fs::canonical(file, error); !error) erase_files_of(real);
        erase_files_of(file);
    }

    void erase_feed(const fs::path& folder) {
        std::error_code error;
        if (fs::is_symlink(folder, error))
            if (const auto real = fs::canonical(folder, error);
                !error && fs::exists(real / "feed.pub", error))
                erase(real);
        erase(folder);
    }

    [[nodiscard]] std::size_t files() const { return files_; }
    Status status() { return std::move(status_); }

private:
    void erase_files_of(const fs::path& database) {
        for (const char* end : beside_a_database) erase(database.string() + end);
    }

    std::size_t files_ = 0;
    Status status_ = done();
};

/// A folder that was named by mistake has none of these.
bool is_ours(const DataDirectory& data) {
    std::error_code ignored;
    for (const char* name : {"reading.sqlite", "archive.sqlite", marker_name})
        if (fs::symlink_status(data.root / name, ignored).type() != fs::file_type::not_found)
            return true;
    const auto feeds = entries_of(data.root / "feeds");
    return std::any_of(feeds.begin(), feeds.end(), is_feed_name);
}

}  // namespace

Status mark_purge(const DataDirectory& data) { return write_file(data.root / marker_name, ""); }

bool is_purge_begun(const DataDirectory& data) {
    std::error_code ignored;
    return fs::exists(data.root / marker_name, ignored);
}

Result<PurgeReport> purge(const DataDirectory& data) {
    PurgeReport out;
    std::error_code error;
    if (!fs::exists(data.root, error)) return out;
    if (!is_ours(data)) {
        out.left = entries_of(data.root).size();
        return out;
    }
    const auto lock = COLPORT_TRY(LockFile::take(
        data.lock(), fmt::format("another colport uses {}", data.root.string()),
        "it erases all itself when it is asked by colport purge"));
    // Whatever ends this, the next start goes on with it. A full disk has room for the
    // mark when something is gone.
    const bool marked = mark_purge(data).ok();
    Eraser eraser;
    for (const char* database : databases) eraser.erase_database(data.root / database);
    if (!marked) static_cast<void>(mark_purge(data).ok());
    for (const char* name : others) eraser.erase(data.root / name);
    // A link to another disk would go, and what it leads to stay.
    const auto feeds = data.root / "feeds";
    for (const auto& feed : entries_of(feeds))
        if (is_feed_name(feed)) eraser.erase_feed(feed);
    if (entries_of(feeds).empty()) eraser.erase(feeds);
    for (const auto& entry : entries_of(data.root)) {
        const auto name = entry.filename().string();
        if (is_scratch(name)) eraser.erase(entry);
        else if (name != marker_name && name != lock_name) ++out.left;
    }
    COLPORT_TRY(eraser.status());
    out.files = eraser.files();
    Eraser of_the_purge;
    of_the_purge.erase(data.lock());
    of_the_purge.erase(data.root / marker_name);
    COLPORT_TRY(of_the_purge.status());
    // A system's service may not remove the folder that it was given.
    if (out.left == 0) fs::remove(data.root, error);
    return out;
}

Status erase_feed(const DataDirectory& data, const PublicKey& feed) {
    // The swarm closes its files a moment after the feed was let go.
    constexpr int tries = 5;
    for (int i = 0; i < tries; ++i) {
        Eraser eraser;
        eraser.erase_feed(data.feed(feed));
        COLPORT_TRY(eraser.status());
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        std::error_code ignored;
        if (!fs::exists(data.feed(feed), ignored)) return done();
    }
    Eraser eraser;
    eraser.erase_feed(data.feed(feed));
    return eraser.status();
}

}  // namespace colport
