// What a person asks the engine for.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/minisign.h"
#include "feed/files.h"
#include "feed/stick.h"
#include "peer/engine.h"

namespace colport {

std::string leaving_memory(const PublicKey& feed) { return "leaving " + feed.hex(); }

Status Peer::Engine::not_leaving(const PublicKey& feed) const {
    if (!leaving_.contains(feed)) return done();
    return Error{Errc::exists, "the feed was unfollowed and is still being removed",
                 "try again in a minute"};
}

bool Peer::Engine::go_on() {
    alive_at_ = seconds_up();
    return !stopping_;
}

Result<PublicKey> Peer::Engine::follow(const std::string& what) {
    if (!swarm_) return Error{Errc::network, "there is no network", "see: colport status"};
    auto record = COLPORT_TRY(record_to_follow(what, settings_.data, clock_()));
    const auto key = record.feed;
    COLPORT_TRY(not_leaving(key));
    if (const auto known = feeds_.find(key); known != feeds_.end()) {
        if (record.in_place && known->second->directory() != record.directory)
            return Error{Errc::exists,
                         fmt::format("{} is followed already, in {}", known->second->name(),
                                     known->second->directory().string()),
                         "to follow it from another folder: colport unfollow, then follow"};
        if (!record.link.empty()) known->second->add_link(COLPORT_TRY(parse_link(record.link)));
        return key;
    }
    COLPORT_TRY(archive_.save_feed(record));
    auto joined = join(std::move(record));
    if (joined) return key;
    static_cast<void>(archive_.remove_feed(key).ok());
    return std::move(joined).error();
}

Status Peer::Engine::open_lists() {
    lists_ = COLPORT_TRY(FollowLists::open(
        archive_, {[this](const PublicKey& feed) { return feeds_.contains(feed); },
                   [this](const std::string& link) -> Status {
                       COLPORT_TRY(follow(link));
                       return done();
                   },
                   [this](const PublicKey& feed) { return unfollow(feed, nullptr); },
                   [this](std::string problem) { add_problem(std::move(problem)); },
                   [this](std::function<void()> work) { post(std::move(work)); }}));
    lists_->configure(settings_.follow_lists);
    return done();
}

Status Peer::Engine::unfollow(const PublicKey& feed, const Gone& gone) {
    const auto known = feeds_.find(feed);
    if (known == feeds_.end() && !COLPORT_TRY(remembers(feed)))
        return Error{Errc::not_found, "no such feed is followed", "list them: colport feeds"};
    // Broken off here, it goes on at the next start.
    COLPORT_TRY(archive_.remember(leaving_memory(feed), "1"));
    auto& waiting = leaving_[feed];
    if (gone) waiting.push_back(gone);
    if (known == feeds_.end()) return done();
    mirror_bytes_ += known->second->mirror_bytes();
    known->second->stop();
    feeds_.erase(known);
    return done();
}

Status Peer::Engine::tidy_archive() {
    while (go_on() && COLPORT_TRY(archive_.work())) {
    }
    return done();
}

bool Peer::Engine::leave() {
    if (leaving_.empty()) return false;
    const auto at = leaving_.begin();
    const auto gone = archive_.remove_some_of_feed(at->first);
    if (gone && !*gone) return true;
    // Another program writes; the next tick tries again.
    if (!gone && gone.error().code == Errc::locked) return false;
    for (const auto& waiter : at->second)
        waiter->set_value(gone ? done() : Status(gone.error()));
    if (!gone) add_problem(gone.error().message);
    leaving_.erase(at);
    return !leaving_.empty();
}

Result<bool> Peer::Engine::remembers(const PublicKey& feed) {
    for (const auto& record : COLPORT_TRY(archive_.feeds()))
        if (record.feed == feed) return true;
    return false;
}

Result<std::vector<PublicKey>> Peer::Engine::import(const std::filesystem::path& folder) {
    if (!swarm_) return Error{Errc::network, "there is no network", "see: colport status"};
    std::vector<PublicKey> out;
    for (const auto& root : COLPORT_TRY(feed_directories_in(folder)))
        out.push_back(COLPORT_TRY(import_one(root)));
    return out;
}

Result<PublicKey> Peer::Engine::import_one(const std::filesystem::path& root) {
    auto found = record_to_follow(root.string(), settings_.data, clock_());
    if (!found) {
        // A keyring counts even where it strikes the head beside it.
        const auto file = read_file(FeedDirectory{root}.key(), 1024);
        const auto key = file ? minisign::parse_public_key_file(*file) : file.error();
        const auto known = key ? feeds_.find(*key) : feeds_.end();
        if (known != feeds_.end() && !known->second->in_place())
            static_cast<void>(known->second->take_directory(root).ok());
        return std::move(found).error();
    }
    auto record = std::move(found).value();
    const auto key = record.feed;
    COLPORT_TRY(not_leaving(key));
    // Nobody signed the addresses beside it: whoever hands on a genuine copy could
    // have this reader ask an address of his for good.
    if (!feeds_.contains(key)) {
        record.in_place = false;
        record.directory = std::filesystem::absolute(DataDirectory{settings_.data}.feed(key));
        COLPORT_TRY(archive_.save_feed(record));
        if (auto joined = join(std::move(record)); !joined) {
            static_cast<void>(archive_.remove_feed(key).ok());
            return std::move(joined).error();
        }
    }
    auto& feed = *feeds_.at(key);
    if (feed.in_place())
        return Error{Errc::exists,
                     fmt::format("{} is followed in place, in {}", feed.name(),
                                 feed.directory().string()),
                     "copy the files there with the press's own tools"};
    COLPORT_TRY(feed.take_directory(root));
    COLPORT_TRY(take_dht_nodes(root));
    return key;
}

Status Peer::Engine::take_dht_nodes(const std::filesystem::path& root) {
    const auto given = read_file(FeedDirectory{root}.dht_nodes(), limits::dht_nodes);
    if (!given || latest_.dht_nodes != 0) return done();
    // They serve the next start of the DHT; with none known now, that is at once.
    on(DhtNodes{read_dht_nodes(*given)});
    enter_dht_again_ = connected_reach_ == Reach::open && settings_.swarm.dht;
    return done();
}

Status Peer::Engine::fetch(const PublicKey& feed, std::int64_t since) {
    const auto known = feeds_.find(feed);
    if (known == feeds_.end())
        return Error{Errc::not_found, "no such feed is followed", "list them: colport feeds"};
    return known->second->want_since(since);
}

void Peer::Engine::want_pictures(const PublicKey& feed, std::uint32_t volume,
                                 const std::string& bundle, bool asked) {
    if (const auto known = feeds_.find(feed);
        known != feeds_.end() && (asked || settings_.pictures == FetchPictures::on_open))
        known->second->want_pictures(volume, bundle);
}

Status Peer::Engine::reload(const PeerSettings& wanted) {
    auto& mine = settings_;
    mine.peers = wanted.peers;
    mine.pictures = wanted.pictures;
    mine.history_days = wanted.history_days;
    mine.hours = wanted.hours;
    lists_->configure(wanted.follow_lists);
    mine.quota = wanted.quota;
    mine.disk_reserve = wanted.disk_reserve;
    mine.swarm.upload_limit = wanted.swarm.upload_limit;
    mine.swarm.download_limit = wanted.swarm.download_limit;
    mine.monthly_budget = wanted.monthly_budget;
    budget_->set_limit(wanted.monthly_budget);
    limit_rates();
    {
        const std::lock_guard lock(status_mutex_);
        status_.pictures = name_of(wanted.pictures);
    }
    for (const auto& [key, feed] : feeds_) feed->settings_changed();
    if (!wanted.reach_given) return done();
    const bool moves = wanted.swarm.reach == Reach::proxy && wanted.swarm.proxy &&
                       wanted.swarm.proxy != proxy_;
    if (wanted.swarm.proxy) proxy_ = wanted.swarm.proxy;
    if (wanted.swarm.reach == Reach::proxy && !proxy_)
        return Error{Errc::invalid, "mode proxy needs the address of a SOCKS5 proxy",
                     "set proxy to socks5://HOST:PORT"};
    if (std::exchange(wanted_reach_, wanted.swarm.reach) == wanted.swarm.reach && !moves)
        return done();
    return reconnect();
}

void Peer::Engine::look_soon() {
    for (const auto& [key, feed] : feeds_) feed->look_soon();
}

}  // namespace colport
