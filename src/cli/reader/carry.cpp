#include "cli/reader/carry.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "cli/reader/backend.h"
#include "cli/reader/choose_feed.h"
#include "cli/reader/show.h"
#include "cli/terminal.h"
#include "core/crypto.h"
#include "feed/files.h"
#include "feed/link.h"
#include "feed/package.h"
#include "feed/scratch_folder.h"
#include "feed/stick.h"
#include "net/swarm.h"
#include "peer/peer.h"
#include "web/parameters.h"
#include "web/status_json.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// A packed feed is read once; a terabyte would be somebody's joke.
constexpr std::uint64_t most_packed_bytes = std::uint64_t{1} << 40;
// Nothing changed for so long: what is missing is not in the folder.
constexpr int patience_seconds = 30;

bool is_package(const std::string& place) { return place.ends_with(".tar"); }

Result<std::int64_t> since_of(const std::string& day) {
    if (day.empty()) return std::int64_t{0};
    const auto time = web::parse_time(day, false);
    if (!time) return Error{Errc::invalid, "not a day: " + day, "write it as 2026-03-14"};
    return *time;
}

Result<std::vector<FeedSummary>> chosen_feeds(ArchiveReader& archive, const std::string& wanted) {
    auto feeds = COLPORT_TRY(archive.feeds());
    if (!wanted.empty()) {
        const auto key = COLPORT_TRY(choose_feed(feeds, wanted));
        std::erase_if(feeds, [&](const FeedSummary& feed) { return feed.feed != key; });
    }
    // What was followed and never arrived cannot be carried.
    std::erase_if(feeds, [](const FeedSummary& feed) { return feed.head.empty(); });
    if (feeds.empty())
        return Error{Errc::not_found, "there is no feed to export yet",
                     "wait until its first release is here: colport status"};
    return feeds;
}

Result<CarryReport> export_to_folder(const std::string& data, const fs::path& folder,
                                     const CarryOptions& options) {
    auto archive = COLPORT_TRY(ArchiveReader::open(DataDirectory{data}.archive()));
    CarryReport out;
    ExportOptions each;
    auto wanted = options.feed;
    if (!options.article.empty()) {
        std::optional<PublicKey> of;
        if (!wanted.empty()) of = COLPORT_TRY(choose_feed(COLPORT_TRY(archive.feeds()), wanted));
        const auto article = COLPORT_TRY(archive.article(options.article, of));
        each.only = OneBundle{article.volume, article.bundle};
        wanted = article.feed.hex();
    }
    each.since = COLPORT_TRY(since_of(options.since));
    each.dht_nodes = read_dht_nodes(COLPORT_TRY(archive.recall(dht_nodes_memory)));
    for (const auto& feed : COLPORT_TRY(chosen_feeds(archive, wanted))) {
        each.link = feed.link;
        each.peers.clear();
        if (options.with_peers) {
            if (const auto link = parse_link(feed.link)) each.peers = link->peers;
            for (auto& peer : COLPORT_TRY(archive.known_peers(feed.feed)))
                each.peers.push_back(std::move(peer));
        }
        Progress progress(fmt::format("copying {}", one_line(feed.name)));
        const auto report = COLPORT_TRY(export_feed(
            {feed.directory}, folder / feed.feed.hex().substr(0, 16), each, now(),
            [&](std::size_t done, std::size_t total) { progress.show(done, total); }));
        ++out.feeds;
        out.files += report.files;
        out.bytes += report.bytes;
        out.missing += report.missing;
    }
    return out;
}

json status_of(const json& status, const std::string& key) {
    for (const auto& feed : status.at("feeds"))
        if (feed.value("feed", "") == key) return feed;
    return nullptr;
}

/// Waits until nothing of `keys` is being taken in, by whatever answers `ask`.
template <class Ask>
Result<std::vector<json>> wait_until_taken_in(const std::vector<std::string>& keys, Ask ask) {
    Progress progress("taking in");
    int quiet = 0;
    std::string before;
    while (true) {
        const json status = COLPORT_TRY(ask());
        std::vector<json> out;
        bool busy = false;
        int have = 0, total = 0;
        for (const auto& key : keys) {
            auto feed = status_of(status, key);
            if (!feed.is_object()) continue;
            busy |= feed.value("importing", false);
            have += feed.value("pieces_have", 0);
            total += feed.value("pieces_total", 0);
            out.push_back(std::move(feed));
        }
        auto now_there = json(out).dump();
        quiet = now_there == before ? quiet + 1 : 0;
        before = std::move(now_there);
        if (!busy || quiet > 10 * patience_seconds) return out;
        progress.show(static_cast<std::size_t>(have), static_cast<std::size_t>(total));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

Result<std::vector<json>> import_by_daemon(Backend& backend, const fs::path& folder) {
    const auto answer = json::parse(COLPORT_TRY(
        backend.post("/api/v1/import", json_text({{"path", fs::absolute(folder).string()}}))));
    return wait_until_taken_in(answer.at("feeds").get<std::vector<std::string>>(),
                               [&]() -> Result<json> {
                                   return json::parse(COLPORT_TRY(backend.get("/api/v1/status")));
                               });
}

/// The engine of the daemon, with no network at all.
Result<std::vector<json>> import_alone(const std::string& data, const fs::path& folder) {
    PeerSettings settings;
    settings.data = data;
    settings.reach_given = true;
    settings.swarm.reach = Reach::offline;
    settings.swarm.dht = settings.swarm.lsd = false;
    auto peer = COLPORT_TRY(Peer::start(settings, make_libtorrent_swarm, now));
    std::vector<std::string> keys;
    for (const auto& key : COLPORT_TRY(peer->import(fs::absolute(folder))))
        keys.push_back(key.hex());
    return wait_until_taken_in(keys, [&]() -> Result<json> {
        return web::status_json(peer->status(), web::Origin::control);
    });
}

}  // namespace

Result<CarryReport> export_feeds(const std::string& data, const std::string& place,
                                 const CarryOptions& options) {
    if (!is_package(place)) return export_to_folder(data, place, options);
    const ScratchFolder scratch(fs::path(place).concat(".parts-" + to_hex(random_bytes(4))));
    const auto report = COLPORT_TRY(export_to_folder(data, scratch.path(), options));
    COLPORT_TRY(pack(scratch.path(), place));
    return report;
}

Result<std::vector<json>> import_feeds(const std::string& data, const std::string& place) {
    COLPORT_TRY(make_directory(data, 0700));
    const ScratchFolder scratch(fs::path(data) / ("import-" + to_hex(random_bytes(4))));
    fs::path folder = place;
    std::error_code error;
    if (fs::is_regular_file(folder, error)) {
        COLPORT_TRY(unpack(folder, scratch.path(), most_packed_bytes));
        folder = scratch.path();
    }
    Backend backend(data);
    return backend.daemon_runs() ? import_by_daemon(backend, folder) : import_alone(data, folder);
}

}  // namespace colport::cli
