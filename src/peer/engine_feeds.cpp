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

namespace {

// Behind it, in the memory of a feed that is leaving, stands what to follow then.
constexpr std::string_view comes_back = "comes back ";

}  // namespace

std::string leaving_memory(const PublicKey& feed) { return "leaving " + feed.hex(); }

Result<bool> Peer::Engine::recall_leaving(const PublicKey& feed) {
    if (leaving_.contains(feed)) return true;
    const auto wish = COLPORT_TRY(archive_.recall(leaving_memory(feed)));
    if (wish.empty()) return false;
    if (wish.starts_with(comes_back)) leaving_[feed].comes_back = wish.substr(comes_back.size());
    else leaving_[feed];
    return true;
}

Status Peer::Engine::come_back(const FeedRecord& record) {
    auto what = record.in_place ? record.directory.string() : record.link;
    COLPORT_TRY(archive_.remember(leaving_memory(record.feed), std::string(comes_back) + what));
    leaving_.at(record.feed).comes_back = std::move(what);
    return done();
}

bool Peer::Engine::follows(const PublicKey& feed) const {
    const auto leaving = leaving_.find(feed);
    return feeds_.contains(feed) ||
           (leaving != leaving_.end() && !leaving->second.comes_back.empty());
}

bool Peer::Engine::go_on() {
    alive_at_ = seconds_up();
    return !stopping_;
}

Result<PublicKey> Peer::Engine::follow(const std::string& what) {
    if (!swarm_) return Error{Errc::network, "there is no network", "see: colport status"};
    auto record = COLPORT_TRY(record_to_follow(what, settings_.data, clock_()));
    const auto key = record.feed;
    if (leaving_.contains(key)) {
        COLPORT_TRY(come_back(record));
        return key;
    }
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
        archive_, {[this](const PublicKey& feed) { return follows(feed); },
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
    auto& leaving = leaving_[feed];
    leaving.comes_back.clear();
    if (gone) leaving.waiting.push_back(gone);
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
    if (leaving_.empty() || leave_later_) return false;
    auto at = leaving_.lower_bound(left_);
    if (at == leaving_.end()) at = leaving_.begin();
    left_ = at->first;
    const auto gone = archive_.remove_some_of_feed(left_);
    if (gone && !*gone) return true;
    if (gone || gone.error().code == Errc::not_found) {
        has_left(left_);
        return !leaving_.empty();
    }
    // A full or busy disk recovers. Until then the feed goes on leaving, and the
    // others have their turn.
    leave_later_ = true;
    if (const auto next = std::next(at); next != leaving_.end()) left_ = next->first;
    else left_ = {};
    if (gone.error().code == Errc::locked) return false;
    for (const auto& waiter : std::exchange(at->second.waiting, {}))
        waiter->set_value(gone.error());
    add_problem(gone.error().message);
    return false;
}

void Peer::Engine::has_left(const PublicKey& feed) {
    const auto left = std::move(leaving_.extract(feed).mapped());
    for (const auto& waiter : left.waiting) waiter->set_value(done());
    if (left.comes_back.empty()) return;
    auto record = record_to_follow(left.comes_back, settings_.data, clock_());
    const auto saved = record ? archive_.save_feed(*record) : Status(record.error());
    // Without a network it joins with the others when there is one.
    const auto followed = saved && swarm_ ? join(std::move(record).value()) : saved;
    if (!followed) add_problem(followed.error().message);
}

Result<bool> Peer::Engine::remembers(const PublicKey& feed) {
    for (const auto& record : COLPORT_TRY(archive_.feeds()))
        if (record.feed == feed) return true;
    return false;
}

Result<std::vector<PublicKey>> Peer::Engine::import(const std::filesystem::path& folder) {
    if (!swarm_) return Error{Errc::network, "there is no network", "see: colport status"};
    std::vector<PublicKey> out;
    Status taken = done();
    for (const auto& root : COLPORT_TRY(feed_directories_in(folder))) {
        auto one = import_one(root);
        if (one) out.push_back(*one);
        else if (taken) taken = std::move(one).error();
    }
    // One that fails must not keep the others away.
    COLPORT_TRY(std::move(taken));
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
    if (leaving_.contains(key))
        return Error{Errc::exists,
                     fmt::format("{} was unfollowed and is still being removed", record.name),
                     "try again in a minute"};
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
