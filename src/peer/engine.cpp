// The engine's thread: the network, events, and what it tells of itself.

#include "peer/engine.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/append_new.h"
#include "feed/files.h"
#include "feed/stick.h"
#include "peer/log.h"

namespace colport {
namespace {

using Steady = std::chrono::steady_clock;

// Messages of peers beyond these are dropped: they announce again about hourly, and what they
// did not answer is asked again.
constexpr std::size_t queue_capacity = 4096;
constexpr std::int64_t nodes_pause_seconds = 600;
constexpr std::int64_t first_nodes_pause_seconds = 15;

// So that events, and signals, never wait for long, however many feeds have work.
constexpr std::chrono::milliseconds work_slice{50};
// Between two slices of work, so that a queue which is long becomes shorter.
constexpr std::chrono::milliseconds event_slice{20};

constexpr const char* mode_memory = "mode";
constexpr const char* proxy_memory = "proxy";

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        out.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

void add(SwarmStats& sum, const SwarmStats& one) {
    sum.bytes_received += one.bytes_received;
    sum.bytes_sent += one.bytes_sent;
    sum.payload_received += one.payload_received;
    sum.blocks_read += one.blocks_read;
    sum.blocks_hashed += one.blocks_hashed;
    sum.wire_bytes += one.wire_bytes;
}

}  // namespace

std::int64_t seconds_up() {
    return std::chrono::duration_cast<std::chrono::seconds>(Steady::now().time_since_epoch())
        .count();
}

Peer::Engine::Engine(PeerSettings settings, MakeSwarm make_swarm, Clock clock, LockFile lock,
                     Archive archive)
    : settings_(std::move(settings)), make_swarm_(std::move(make_swarm)), clock_(std::move(clock)),
      queue_(queue_capacity), lock_(std::move(lock)), archive_(std::move(archive)),
      wanted_reach_(settings_.swarm.reach), proxy_(settings_.swarm.proxy), disk_(settings_.data) {
    status_.pictures = name_of(settings_.pictures);
    status_.started = clock_();
}

Result<std::unique_ptr<Peer::Engine>> Peer::Engine::start(const PeerSettings& settings,
                                                          const MakeSwarm& make_swarm,
                                                          Clock clock) {
    const DataDirectory data{settings.data};
    COLPORT_TRY(make_directory(settings.data, 0700));
    auto lock = COLPORT_TRY(LockFile::take(
        data.lock(), fmt::format("another colportd is using {}", settings.data.string()),
        "stop it first, or choose another folder with --data"));
    auto archive = COLPORT_TRY(Archive::open(data.archive()));
    std::unique_ptr<Engine> out(new Engine(settings, make_swarm, std::move(clock),
                                           std::move(lock), std::move(archive)));
    out->budget_ = COLPORT_TRY(
        Budget::open(out->archive_, settings.monthly_budget, out->clock_()));
    COLPORT_TRY(out->recall_mode());
    COLPORT_TRY(out->open_lists());
    out->disk_.look(settings.disk_reserve);
    COLPORT_TRY(out->connect());
    out->refresh_status();
    out->alive_at_ = seconds_up();
    out->thread_ = std::jthread([engine = out.get()](std::stop_token stop) { engine->run(stop); });
    return out;
}

Peer::Engine::~Engine() {
    stopping_ = true;
    thread_.request_stop();
    post([] {});
    if (thread_.joinable()) thread_.join();
    if (budget_) static_cast<void>(budget_->save().ok());
    disconnect();
}

Status Peer::Engine::recall_mode() {
    if (settings_.reach_given) return done();
    if (const auto name = COLPORT_TRY(archive_.recall(mode_memory)); !name.empty()) {
        const auto mode = reach_named(name);
        // Whoever asked for a mode unknown here did not ask for the open one.
        if (!mode)
            return Error{Errc::unsupported, fmt::format("the mode {} is unknown here", name),
                         "choose one with --mode"};
        wanted_reach_ = *mode;
    }
    const auto lines = lines_of(COLPORT_TRY(archive_.recall(proxy_memory)));
    if (lines.empty() || proxy_) return done();
    proxy_ = COLPORT_TRY(parse_proxy(lines[0]));
    if (lines.size() > 1) proxy_->user = lines[1];
    if (lines.size() > 2) proxy_->password = lines[2];
    return done();
}

Reach Peer::Engine::reach() const {
    return budget_->is_spent() ? Reach::offline : wanted_reach_;
}

Status Peer::Engine::connect() {
    auto settings = settings_.swarm;
    settings.reach = connected_reach_ = reach();
    settings.proxy = proxy_;
    settings.dht_nodes = read_dht_nodes(COLPORT_TRY(archive_.recall(dht_nodes_memory)));
    const auto limits = limits_at(settings_, clock_());
    settings.upload_limit = limits.upload;
    settings.download_limit = limits.download;
    limits_ = limits;
    nodes_known_ = 0;
    http_ = std::make_unique<HttpClient>(
        HttpSettings{settings.reach, settings.proxy, settings.download_limit});
    swarm_ = COLPORT_TRY(make_swarm_(
        settings, [this, generation = ++generation_](SwarmEvent event) {
            if (std::holds_alternative<PeerMessage>(event))
                return queue_.push_if_room(FromSwarm{generation, std::move(event)});
            queue_.push(FromSwarm{generation, std::move(event)});
            return true;
        }));
    for (auto& record : COLPORT_TRY(archive_.feeds())) {
        const auto name = record.name;
        if (!go_on()) break;
        if (COLPORT_TRY(recall_leaving(record.feed))) continue;
        // One feed that cannot be taken up must not keep the others away.
        if (const auto joined = join(std::move(record)); !joined)
            add_problem(fmt::format("{}: {}", name, joined.error().message));
    }
    return done();
}

void Peer::Engine::disconnect() {
    for (const auto& [key, feed] : feeds_) {
        traffic_[key] = feed->traffic();
        mirror_bytes_ += feed->mirror_bytes();
        if (feed->source()) sources_[key] = feed->source()->root;
    }
    feeds_.clear();
    http_.reset();
    swarm_.reset();
    add(counted_, std::exchange(latest_, {}));
    const std::lock_guard lock(status_mutex_);
    status_.listening.clear();
    status_.problems.clear();
}

Status Peer::Engine::reconnect() {
    disconnect();
    auto connected = connect();
    if (!connected) disconnect();
    return connected;
}

Status Peer::Engine::set_mode(Reach wanted, const std::optional<Proxy>& proxy) {
    if (proxy) proxy_ = proxy;
    if (wanted == Reach::proxy && !proxy_)
        return Error{Errc::invalid, "mode proxy needs the address of a SOCKS5 proxy",
                     "colport mode proxy --proxy socks5://HOST:PORT"};
    COLPORT_TRY(archive_.remember(mode_memory, name_of(wanted)));
    if (proxy_) {
        const auto address = to_string(Proxy{proxy_->host, proxy_->port, {}, {}});
        COLPORT_TRY(archive_.remember(
            proxy_memory, fmt::format("{}\n{}\n{}", address, proxy_->user, proxy_->password)));
    }
    if (wanted == std::exchange(wanted_reach_, wanted) && !proxy && swarm_) return done();
    return reconnect();
}

Status Peer::Engine::join(FeedRecord record) {
    const auto key = record.feed;
    auto feed = COLPORT_TRY(FollowedFeed::open(
        {archive_, *swarm_, *http_, clock_, settings_, connected_reach_,
         [this](std::function<void()> work) { post(std::move(work)); }, disk_, owners_,
         [this] { return go_on(); }},
        std::move(record)));
    auto& stored = feeds_[key] = std::move(feed);
    auto started = stored->start(feeds_.size() <= turns::most_feeds_without);
    if (!started) feeds_.erase(key);
    else if (const auto before = traffic_.find(key); before != traffic_.end())
        stored->add_traffic(before->second);
    if (const auto source = sources_.extract(key); started && source)
        // A stick that was pulled out meanwhile is no reason not to follow the feed.
        static_cast<void>(stored->take_directory(source.mapped()).ok());
    return started;
}

void Peer::Engine::run(const std::stop_token& stop) {
    auto next_tick = Steady::now();
    while (!stop.stop_requested()) {
        alive_at_ = seconds_up();
        bool work_left = work();
        work_left |= leave();
        auto event = queue_.pop(work_left || archive_has_work_ ? Steady::now() : next_tick);
        if (!event && !work_left && archive_has_work_) tend_archive();
        for (const auto end = Steady::now() + event_slice; event;) {
            handle(*event);
            if (Steady::now() >= end || stop.stop_requested()) break;
            event = queue_.pop(Steady::now());
        }
        if (Steady::now() < next_tick) continue;
        next_tick = Steady::now() + std::chrono::seconds(1);
        tick();
    }
}

void Peer::Engine::handle(Event& event) {
    if (const auto* work = std::get_if<std::function<void()>>(&event)) return (*work)();
    const auto& news = std::get<FromSwarm>(event);
    if (news.generation == generation_ && swarm_)
        std::visit([this](const auto& e) { on(e); }, news.event);
}

bool Peer::Engine::work() {
    const auto end = Steady::now() + work_slice;
    auto at = feeds_.upper_bound(worked_);
    bool left = false;
    for (auto count = feeds_.size(); count > 0; --count, ++at) {
        if (at == feeds_.end()) at = feeds_.begin();
        auto& feed = *at->second;
        if (!feed.has_work()) continue;
        if (Steady::now() >= end) return true;
        worked_ = at->first;
        feed.work();
        left |= feed.has_work();
    }
    return left;
}

void Peer::Engine::tend_archive() {
    const auto more = archive_.work();
    // A full disk recovers, and so does one that another program writes to; it is
    // tried again at the next tick.
    if (!more && more.error().code != Errc::locked) add_problem(more.error().message);
    archive_has_work_ = more && *more;
}

void Peer::Engine::limit_rates() {
    const auto limits = limits_at(settings_, clock_());
    if (!swarm_ || limits_ == limits) return;
    limits_ = limits;
    swarm_->set_limits(limits.upload, limits.download);
    http_->set_download_limit(limits.download);
}

std::int64_t Peer::Engine::silent_seconds() const { return seconds_up() - alive_at_; }

void Peer::Engine::keep_room() {
    if (const bool was_full = disk_.is_full(); disk_.look(settings_.disk_reserve) != was_full)
        for (const auto& [key, feed] : feeds_) feed->settings_changed();
    std::vector<VolumeSize> sizes;
    if (settings_.quota.is_set())
        for (const auto& [key, feed] : feeds_) feed->add_sizes(sizes);
    const auto kept = colport::keep_from(std::move(sizes), settings_.quota);
    for (const auto& [key, feed] : feeds_) {
        if (const auto from = kept.find(key); from != kept.end()) feed->keep_from(from->second);
        else if (!settings_.quota.is_set()) feed->keep_from(0);
    }
}

void Peer::Engine::take_turns() {
    std::vector<turns::DoorState> doors;
    for (const auto& [key, feed] : feeds_) doors.push_back(feed->door_state());
    const auto change = turns::next(std::move(doors), seconds_up());
    for (const auto& key : change.end) feeds_.at(key)->end_turn();
    for (const auto& key : change.begin) feeds_.at(key)->begin_turn();
}

void Peer::Engine::tick() {
    limit_rates();
    keep_room();
    lists_->tick(seconds_up(), settings_.poll, http_.get());
    archive_has_work_ = true;
    leave_later_ = false;
    ++ticks_;
    std::size_t place = 0;
    for (const auto& [key, feed] : feeds_)
        if (is_due(place++, *feed)) feed->tick();
    take_turns();
    if (swarm_) swarm_->request_stats();
    std::int64_t mirrors = mirror_bytes_;
    for (const auto& [key, feed] : feeds_) mirrors += feed->mirror_bytes();
    const auto total = counted_.wire_bytes + latest_.wire_bytes + mirrors;
    if (const auto counted = budget_->count(total, clock_()); !counted)
        add_problem(counted.error().message);
    const bool enters_dht = std::exchange(enter_dht_again_, false) && latest_.dht_nodes == 0;
    if (reach() != connected_reach_ || !swarm_ || enters_dht)
        if (const auto connected = reconnect(); !connected)
            add_problem(connected.error().message);
    refresh_status(false);
}

bool Peer::Engine::is_due(std::size_t place, const FollowedFeed& feed) const {
    constexpr std::size_t every = 4, starting_ticks = 30;
    return feeds_.size() <= turns::most_feeds_without || ticks_ < starting_ticks ||
           (place + ticks_) % every == 0 || !feed.is_at_rest();
}

DhtWatch* Peer::Engine::items_of(const PublicKey& key, const std::string& salt) {
    for (const auto& [feed, followed] : feeds_)
        if (salt == followed->dht().salt() || (key == feed && salt == keyring_salt))
            return &followed->dht();
    return nullptr;
}

void Peer::Engine::on(const ItemFound& event) {
    if (auto* items = items_of(event.item.key, event.item.salt)) items->on(event);
}
void Peer::Engine::on(const ItemLookedUp& event) {
    if (auto* items = items_of(event.key, event.salt)) items->on(event);
}
void Peer::Engine::on(const ItemPut& event) {
    if (auto* items = items_of(event.key, event.salt)) items->on(event);
}

void Peer::Engine::on(const DhtNodes& event) {
    if (event.addresses.empty()) return;
    const auto saved = archive_.remember(dht_nodes_memory, write_dht_nodes(event.addresses));
    if (!saved) add_problem(saved.error().message);
}

void Peer::Engine::on(const Listening& event) {
    const std::lock_guard lock(status_mutex_);
    append_new(status_.listening, event.address);
}

void Peer::Engine::on(const ListenFailed& event) {
    add_problem(fmt::format("cannot listen on {}: {}", event.address, event.message));
}

void Peer::Engine::on(const ClockTurnedBack&) {
    log(LogLevel::warning, "the clock was set back: connecting anew");
    if (const auto connected = reconnect(); !connected) add_problem(connected.error().message);
}

void Peer::Engine::on(const SwarmStats& event) {
    for (const auto& torrent : event.torrents) for_owner(torrent.torrent, torrent);
    latest_ = event;
    latest_.torrents.clear();
    // The first nodes are worth keeping at once: the next start may find no other.
    const auto now = seconds_up();
    const bool more = event.dht_nodes > 2 * nodes_known_;
    if (event.dht_nodes > 0 &&
        (nodes_asked_ == 0 ||
         now >= nodes_asked_ + (more ? first_nodes_pause_seconds : nodes_pause_seconds))) {
        nodes_asked_ = now;
        nodes_known_ = event.dht_nodes;
        swarm_->request_dht_nodes();
    }
}

void Peer::Engine::add_problem(std::string problem) {
    const std::lock_guard lock(status_mutex_);
    if (std::find(status_.problems.begin(), status_.problems.end(), problem) ==
        status_.problems.end())
        log(LogLevel::warning, problem);
    append_new(status_.problems, std::move(problem));
}

void Peer::Engine::refresh_status(bool all) {
    all = all || status_.feeds.size() != feeds_.size();
    std::vector<std::pair<std::size_t, FeedStatus>> fresh;
    std::size_t place = 0;
    for (const auto& [key, feed] : feeds_) {
        const bool known = !all && status_.feeds[place].feed == key;
        if (!known || is_due(place, *feed)) fresh.emplace_back(place, feed->status());
        ++place;
    }
    auto sum = counted_;
    add(sum, latest_);
    const auto index = archive_.index_progress();
    PeerStatus before;
    std::unique_lock lock(status_mutex_);
    if (all) before.feeds = std::exchange(status_.feeds, std::vector<FeedStatus>(feeds_.size()));
    for (auto& [at, feed] : fresh) {
        std::swap(status_.feeds[at], feed);
        if (!all) before.feeds.push_back(std::move(feed));
    }
    before.mode = status_.mode;
    before.budget = status_.budget;
    before.disk = status_.disk;
    // What keeps the archive from being read is told of where it is needed.
    status_.index = index ? IndexStatus{index->made, index->all} : IndexStatus{};
    status_.disk = {disk_.free_bytes(), settings_.disk_reserve, disk_.is_full(), 0,
                    settings_.quota.all, settings_.quota.feed};
    for (const auto& feed : status_.feeds) status_.disk.held += feed.bytes_held;
    status_.mode = name_of(wanted_reach_);
    status_.proxy = connected_reach_ == Reach::proxy ? to_string(*proxy_) : "";
    status_.budget = budget_->status();
    status_.dht_nodes = latest_.dht_nodes;
    status_.bytes_received = sum.bytes_received;
    status_.bytes_sent = sum.bytes_sent;
    status_.payload_received = sum.payload_received;
    status_.blocks_read = sum.blocks_read;
    status_.blocks_hashed = sum.blocks_hashed;
    lock.unlock();
    // This thread alone changes it.
    log_changes(before, status_);
}

PeerStatus Peer::Engine::status() const {
    const std::lock_guard lock(status_mutex_);
    return status_;
}

}  // namespace colport
