// How a feed stands, in plain values.

#include <fmt/format.h>

#include <algorithm>

#include "peer/followed_feed.h"

namespace colport {
namespace {

// Carriers get this long to answer before anybody is told of being cut off.
constexpr std::int64_t patience_seconds = 45;

void add(TorrentStats& sum, const TorrentStats& one) {
    sum.bytes_received += one.bytes_received;
    sum.bytes_sent += one.bytes_sent;
    sum.payload_received += one.payload_received;
    sum.payload_sent += one.payload_sent;
}

}  // namespace

TorrentStats FollowedFeed::traffic() const {
    TorrentStats out = gone_;
    for (const auto& [hash, torrent] : stats_) add(out, torrent);
    return out;
}

void FollowedFeed::add_traffic(const TorrentStats& before) { add(gone_, before); }

bool FollowedFeed::is_reached() const {
    if (in_place() || around_.reach == Reach::offline) return true;
    if (!has_turn_ && !door_health_.is_failing()) return true;
    return door_health_.is_working() || mirrors_.is_working() || dht_.is_working() ||
           steady_now() < started_ + patience_seconds;
}

bool FollowedFeed::lacks_something() const {
    if (in_place() || standing_.keys_forked()) return false;
    if (standing_.forked()) return !standing_.whole();
    return !standing_.whole() || standing_.pending() ||
           std::any_of(volumes_.begin(), volumes_.end(), [this](const auto& entry) {
               const auto& volume = entry.second;
               return entry.first >= kept_from_ && !volume.imported && is_kept(volume);
           });
}

std::vector<CarrierStatus> FollowedFeed::carriers() const {
    std::vector<CarrierStatus> out;
    out.push_back(door_health_.status("door"));
    const auto& peers = exchange_.peers();
    out.back().detail = !peers.empty() ? fmt::format("{} peers", peers.size())
                        : has_turn_    ? "no peer is there"
                                       : "asked in turn, since many feeds are followed";
    out.push_back(dht_.status());
    for (auto& mirror : mirrors_.status()) out.push_back(std::move(mirror));
    for (const auto& [address, health] : trackers_)
        out.push_back(health.status("tracker", address));
    if (around_.reach == Reach::offline)
        for (auto& carrier : out) {
            carrier.state = CarrierState::off;
            carrier.detail = "not in this mode";
        }
    if (in_place()) out.push_back(directory_health_.status("directory", directory_.root.string()));
    return out;
}

FeedStatus FollowedFeed::status() const {
    const auto& record = standing_.record();
    FeedStatus out;
    out.feed = record.feed;
    out.name = record.name.empty() ? link_.name : record.name;
    out.state = state_of(record.head, standing_.pending().has_value(), standing_.forked(),
                         around_.clock());
    out.seen_seq = record.seen_seq;
    if (const auto& whole = standing_.whole()) {
        out.seq = whole->head.seq();
        out.released = whole->head.message.time();
        out.fresh_until = out.released + whole->head.message.fresh_for();
    }
    out.problem = problem();
    out.peers = static_cast<int>(exchange_.peers().size());
    out.carriers = carriers();
    // Trackers know peers, not releases.
    for (const auto& carrier : out.carriers)
        if (carrier.name != "tracker") out.heard = std::max(out.heard, carrier.worked);
    out.cut_off = !is_reached();

    const auto traffic = this->traffic();
    out.bytes_received = traffic.bytes_received + mirrors_.bytes_received();
    out.bytes_sent = traffic.bytes_sent;
    out.payload_received = traffic.payload_received;
    out.payload_sent = traffic.payload_sent;

    out.bytes_held = holdings_.bytes();
    out.kept_from = kept_from_;
    out.importing = source_.has_value();
    out.complete = standing_.whole() && !standing_.pending();
    for (const auto& [number, volume] : volumes_) {
        if (number < kept_from_ && !in_place()) continue;
        if (!is_kept(volume)) continue;
        ++out.volumes_total;
        if (volume.imported) ++out.volumes_have;
        else out.complete = false;
        const auto known = stats_.find(volume.signed_volume.info_hash);
        if (known == stats_.end()) continue;
        out.pieces_total += known->second.pieces_total;
        out.pieces_have += known->second.pieces_have;
        if (volume.held || !volume.info) continue;
        out.fetching.bytes_total += known->second.wanted;
        out.fetching.bytes_left += known->second.wanted_left;
        out.fetching.rate += known->second.download_rate;
        for (const auto& file : volume.info->files)
            if (is_wanted(number, file) && !holdings_.holds(number, file)) ++out.fetching.files_left;
    }
    return out;
}

}  // namespace colport
