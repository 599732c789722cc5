#include "peer/purge.h"

#include <fmt/format.h>

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
// Folders of one command each, which a kill may have left.
constexpr const char* scratch[] = {"import-", "share-", "upload-"};

Status erase(const fs::path& path, PurgeReport& report) {
    std::error_code error;
    const auto files = fs::remove_all(path, error);
    if (error)
        return Error{error == std::errc::permission_denied ? Errc::denied : Errc::io,
                     fmt::format("cannot erase {}: {}", path.string(), error.message())};
    report.files += files;
    return done();
}

std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        out.push_back(at->path());
    return out;
}

}  // namespace

bool is_purge_begun(const DataDirectory& data) {
    std::error_code ignored;
    return fs::exists(data.root / marker_name, ignored);
}

Result<PurgeReport> purge(const DataDirectory& data) {
    PurgeReport out;
    std::error_code error;
    if (!fs::exists(data.root, error)) return out;
    const auto lock = COLPORT_TRY(LockFile::take(
        data.lock(), fmt::format("another colport uses {}", data.root.string()),
        "it erases all itself when it is asked by colport purge"));
    // Whatever ends this, the next start goes on with it.
    COLPORT_TRY(write_file(data.root / marker_name, ""));
    for (const char* database : databases)
        for (const char* end : beside_a_database)
            COLPORT_TRY(erase(data.root / (std::string(database) + end), out));
    for (const char* name : others) COLPORT_TRY(erase(data.root / name, out));
    // A link to another disk would go, and what it leads to stay.
    const auto feeds = data.root / "feeds";
    for (const auto& feed : entries_of(feeds)) COLPORT_TRY(erase(feed, out));
    COLPORT_TRY(erase(feeds, out));
    for (const auto& entry : entries_of(data.root)) {
        const auto name = entry.filename().string();
        const bool ours = std::any_of(std::begin(scratch), std::end(scratch),
                                      [&](const char* begin) { return name.starts_with(begin); });
        if (ours) COLPORT_TRY(erase(entry, out));
        else if (name != marker_name && name != lock_name) ++out.left;
    }
    PurgeReport of_the_purge;
    COLPORT_TRY(erase(data.lock(), of_the_purge));
    COLPORT_TRY(erase(data.root / marker_name, of_the_purge));
    // A system's service may not remove the folder that it was given.
    if (out.left == 0) fs::remove(data.root, error);
    return out;
}

Status erase_feed(const DataDirectory& data, const PublicKey& feed) {
    PurgeReport report;
    // The swarm closes its files a moment after the feed was let go.
    constexpr int tries = 5;
    for (int i = 0; i < tries; ++i) {
        COLPORT_TRY(erase(data.feed(feed), report));
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        std::error_code ignored;
        if (!fs::exists(data.feed(feed), ignored)) return done();
    }
    return erase(data.feed(feed), report);
}

}  // namespace colport
