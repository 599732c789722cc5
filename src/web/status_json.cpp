#include "web/status_json.h"

#include <nlohmann/json.hpp>

#include "article/article.h"
#include "core/look_alike.h"
#include "feed/fingerprint.h"

namespace colport::web {
namespace {

using nlohmann::json;

json carriers_json(const std::vector<CarrierStatus>& carriers, Origin origin) {
    json out = json::array();
    for (const auto& carrier : carriers) {
        // Folders are the command line's alone.
        const bool hidden = carrier.name == "directory" && origin != Origin::control;
        out.push_back({{"name", carrier.name},
                       {"where", hidden ? "" : carrier.where},
                       {"state", name_of(carrier.state)},
                       {"detail", carrier.detail},
                       {"worked", time_json(carrier.worked)}});
    }
    return out;
}

json fetching_json(const FetchStatus& fetching) {
    if (fetching.bytes_left == 0) return nullptr;
    const auto seconds = fetching.seconds_left();
    return {{"bytes_total", fetching.bytes_total},
            {"bytes_left", fetching.bytes_left},
            {"files_left", fetching.files_left},
            {"rate", fetching.rate},
            {"seconds_left", seconds ? json(*seconds) : json(nullptr)}};
}

json feed_status_json(const FeedStatus& feed, Origin origin) {
    return {{"feed", feed.feed.hex()},
            {"name", feed.name},
            {"seq", feed.seq},
            {"seen_seq", feed.seen_seq},
            {"state", name_of(feed.state)},
            {"problem", feed.problem},
            {"released", time_json(feed.released)},
            {"fresh_until", time_json(feed.fresh_until)},
            {"cut_off", feed.cut_off},
            {"heard", time_json(feed.heard)},
            {"carriers", carriers_json(feed.carriers, origin)},
            {"importing", feed.importing},
            {"complete", feed.complete},
            {"volumes_total", feed.volumes_total},
            {"volumes_have", feed.volumes_have},
            {"bytes_held", feed.bytes_held},
            {"kept_from", feed.kept_from},
            {"fetching", fetching_json(feed.fetching)},
            {"peers", feed.peers},
            {"bytes_received", feed.bytes_received},
            {"bytes_sent", feed.bytes_sent},
            {"payload_received", feed.payload_received},
            {"payload_sent", feed.payload_sent},
            {"pieces_total", feed.pieces_total},
            {"pieces_have", feed.pieces_have}};
}

}  // namespace

json time_json(std::int64_t seconds, std::int32_t zone) {
    return seconds == 0 ? json(nullptr) : json(format_timestamp(seconds, zone));
}

json withdrawn_json(const std::optional<WithdrawnKey>& key) {
    if (!key) return nullptr;
    return {{"since", time_json(key->since)}, {"reason", key->reason}, {"doubtful", key->doubtful}};
}

json index_json(const IndexStatus& index) {
    if (index.is_whole()) return nullptr;
    return {{"articles_made", index.made}, {"articles", index.all}, {"percent", index.percent()}};
}

json status_json(const PeerStatus& status, Origin origin) {
    json feeds = json::array();
    std::vector<std::string> names;
    for (const auto& feed : status.feeds) names.push_back(feed.name);
    const auto alike = look_alikes(names);
    for (const auto& feed : status.feeds) {
        const auto other = alike[feeds.size()];
        feeds.push_back(feed_status_json(feed, origin));
        feeds.back()["words"] = fingerprint_words(feed.feed);
        feeds.back()["looks_like"] = other ? status.feeds[*other].feed.hex() : "";
        feeds.back()["blocks_read"] = status.blocks_read;
    }
    json out{{"feeds", std::move(feeds)},
             {"mode", status.mode},
             {"proxy", status.proxy},
             {"pictures", status.pictures},
             {"budget",
              {{"month", status.budget.month},
               {"used", status.budget.used},
               {"limit", status.budget.limit},
               {"spent", status.budget.spent}}},
             {"disk",
              {{"free", status.disk.free},
               {"reserve", status.disk.reserve},
               {"full", status.disk.full},
               {"held", status.disk.held},
               {"quota", status.disk.quota},
               {"feed_quota", status.disk.feed_quota}}},
             {"index", index_json(status.index)},
             {"dht_nodes", status.dht_nodes},
             {"problems", status.problems},
             {"started", time_json(status.started)},
             {"bytes_received", status.bytes_received},
             {"bytes_sent", status.bytes_sent},
             {"payload_received", status.payload_received},
             {"blocks_read", status.blocks_read},
             {"blocks_hashed", status.blocks_hashed}};
    if (origin == Origin::control) out["listening"] = status.listening;
    return out;
}

}  // namespace colport::web
