#include <fmt/format.h>

#include <condition_variable>
#include <future>
#include <libtorrent/add_torrent_params.hpp>
#include <libtorrent/alert_types.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/session_stats.hpp>
#include <libtorrent/torrent_info.hpp>
#include <libtorrent/torrent_status.hpp>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>

#include "core/limits.h"
#include "metainfo/info_dictionary.h"
#include "net/dht_items.h"
#include "net/door_plugin.h"
#include "net/hang_ups.h"
#include "net/network_thread.h"
#include "net/one_call.h"
#include "net/session_settings.h"
#include "net/swarm.h"
#include "net/torrent_params.h"
#include "net/volume_plugin.h"
#include "net/wall_clock.h"

namespace colport {
namespace {

// The destructor's promise is two seconds; what is not done by then ends by itself.
constexpr auto goodbye_time = std::chrono::milliseconds(1700);

// Who brings a release that nobody else has yet gives it to a few at a time: these
// pass it on meanwhile, and its line carries it two or three times instead of once
// for every follower near by. Until another has all of it, or for ten seconds, since
// the few may be slow.
constexpr int few_uploads = 2;
constexpr auto sparing_time = std::chrono::seconds(10);

// Of the settings' limit of connections, so that volumes have theirs. However many
// doors there are, one that many come to has room for more than a few: whose turn it
// is sees to the sum.
constexpr int most_at_doors = 240;
constexpr int least_at_one_door = 60;

// Torrents at rest whose counters are looked at every time.
constexpr std::size_t at_rest_at_once = 64;

std::size_t index_of(lt::file_index_t file) {
    return static_cast<std::size_t>(static_cast<int>(file));
}

InfoHash to_info_hash(const lt::torrent_handle& torrent) {
    const auto hash = torrent.info_hashes().v1;
    return *InfoHash::from(Bytes(hash.data(), InfoHash::size));
}

/// The name within the torrent's folder.
std::string name_in_folder(const lt::torrent_info& info, lt::file_index_t file) {
    const auto& files = info.files();
    auto path = files.file_path(file);
    const auto folder = files.name() + "/";
    return path.starts_with(folder) ? path.substr(folder.size()) : path;
}

TorrentStats stats_of(const lt::torrent_status& status) {
    TorrentStats out;
    out.torrent = *InfoHash::from(Bytes(status.info_hashes.v1.data(), InfoHash::size));
    out.peers = status.num_peers;
    out.bytes_received = status.total_download;
    out.bytes_sent = status.total_upload;
    out.payload_received = status.total_payload_download;
    out.payload_sent = status.total_payload_upload;
    out.pieces_have = status.num_pieces;
    out.wanted = status.total_wanted;
    out.wanted_left = status.total_wanted - status.total_wanted_done;
    out.download_rate = status.download_payload_rate;
    out.seeding = status.is_seeding;
    return out;
}

class LibtorrentSwarm final : public Swarm {
public:
    LibtorrentSwarm(const SwarmSettings& settings, SwarmSink sink)
        : reach_(settings.reach),
          gate_(std::make_shared<Gate>(std::move(sink))),
          network_(std::make_shared<NetworkThread>()),
          doors_(std::make_shared<DoorPeers>(
              [gate = gate_](SwarmEvent event) { return gate->pass(std::move(event)); })),
          session_(std::in_place, session_params(settings), network_->context()),
          dht_items_(*session_, gate_, settings) {
        network_ended_ = NetworkThread::start(network_);
        let_local_peers_wait(*session_);
        session_->set_alert_notify([this] { wake(); });
        alert_thread_ = std::jthread([this](const std::stop_token& stop) { read_alerts(stop); });
    }

    ~LibtorrentSwarm() override {
        gate_->close();
        session_->set_alert_notify({});
        alert_thread_ = {};
        torrents_.clear();
        auto proxy = session_->abort();
        session_.reset();
        network_->end(std::move(proxy));
        network_.reset();
        network_ended_.wait_for(goodbye_time);
    }

    Status add(const TorrentRequest& request) override {
        const auto hash = info_hash(request.info);
        auto params = COLPORT_TRY(params_of(request, reach_));
        params.extensions.emplace_back(
            [](const lt::torrent_handle&, lt::client_data_t) { return keep_one_call(); });
        params.extensions.emplace_back(
            [](const lt::torrent_handle&, lt::client_data_t) { return count_hang_ups(); });
        params.extensions.emplace_back(
            [doors = request.door ? doors_ : nullptr, hash](const lt::torrent_handle&,
                                                            lt::client_data_t) {
                return doors ? doors->open(hash) : part_in_time();
            });
        Held held;
        held.info = params.ti;
        held.reported = files_held(params);
        held.quiet = request.quiet;
        held.door = request.door;
        held.sparing = !request.door && !request.quiet && params.have_pieces.all_set();
        if (held.sparing) params.max_uploads = few_uploads;
        const std::lock_guard lock(torrents_mutex_);
        if (torrents_.contains(hash))
            return Error{Errc::exists, fmt::format("torrent {} is there already", hash.hex())};
        if (request.door) params.max_connections = share_doors(1);
        lt::error_code error;
        held.handle = session_->add_torrent(std::move(params), error);
        if (error) {
            if (request.door) share_doors(-1);
            return Error{Errc::corrupt, "torrent refused: " + error.message()};
        }
        torrents_.emplace(hash, std::move(held));
        return done();
    }

    void remove(const InfoHash& torrent) override {
        const std::lock_guard lock(torrents_mutex_);
        const auto found = torrents_.find(torrent);
        if (found == torrents_.end()) return;
        session_->remove_torrent(found->second.handle);
        const bool door = found->second.door;
        torrents_.erase(found);
        if (door) share_doors(-1);
    }

    void connect(const InfoHash& torrent, const std::string& address) override {
        const auto endpoint = parse_endpoint(address);
        if (!endpoint || endpoint->port() == 0) return;
        const std::lock_guard lock(torrents_mutex_);
        // libtorrent gives up a peer after three failures for good, and forgives one
        // when a tracker names it.
        if (auto* known = held(torrent))
            known->handle.connect_peer(*endpoint, lt::peer_info::tracker);
    }

    void hang_up(const InfoHash& torrent) override {
        const std::lock_guard lock(torrents_mutex_);
        if (auto* known = held(torrent)) known->handle.clear_peers();
    }

    void set_urgency(const InfoHash& torrent, const std::vector<Urgency>& files) override {
        const std::lock_guard lock(torrents_mutex_);
        auto* known = held(torrent);
        if (known == nullptr) return;
        known->handle.prioritize_pieces(priorities_of(*known->info, files));
        known->moves = true;
    }

    void add_pieces(const InfoHash& torrent, std::size_t first, std::string bytes) override {
        const std::lock_guard lock(torrents_mutex_);
        auto* known = held(torrent);
        if (known == nullptr) return;
        const auto& info = *known->info;
        const auto length = static_cast<std::size_t>(info.piece_length());
        COLPORT_ASSERT(bytes.size() % length == 0 &&
                       first + bytes.size() / length <= static_cast<std::size_t>(info.num_pieces()));
        for (std::size_t at = 0; at < bytes.size(); at += length)
            known->handle.add_piece(
                lt::piece_index_t(static_cast<int>(first + at / length)),
                std::vector<char>(bytes.data() + at, bytes.data() + at + length), {});
    }

    void send(PeerNumber peer, std::string message) override {
        COLPORT_ASSERT(message.size() <= limits::gossip_message);
        network_->post([doors = doors_, peer, message = std::move(message)] {
            doors->send(peer, message);
        });
    }

    void ban(PeerNumber peer, const std::string&) override {
        network_->post([doors = doors_, peer] { doors->ban(peer); });
    }

    void find_item(const PublicKey& key, const std::string& salt) override {
        dht_items_.find(key, salt);
        wake();
    }

    void put_item(const MutableItem& item) override {
        dht_items_.put(item);
        wake();
    }

    void request_dht_nodes() override {
        dht_items_.request_nodes();
        wake();
    }

    void request_stats() override {
        if (wall_clock_.was_set_back()) gate_->pass(ClockTurnedBack{});
        network_->look_at_timers();
        session_->post_session_stats();
    }

    void set_limits(std::int64_t upload, std::int64_t download) override {
        lt::settings_pack pack;
        limit_rates(pack, upload, download);
        session_->apply_settings(std::move(pack));
    }

private:
    struct Held {
        lt::torrent_handle handle;
        std::shared_ptr<const lt::torrent_info> info;
        std::vector<bool> reported;          ///< by file
        std::vector<std::string> completed;  ///< files whose last bytes may still be in memory
        std::vector<std::string> flushing;   ///< files that the running flush will bring to disk
        bool door = false;
        bool quiet = false;
        bool sparing = false;                ///< uploads to few
        bool moves = true;                   ///< has peers, or lacks something
    };

    void wake() {
        const std::lock_guard lock(alerts_mutex_);
        alerts_waiting_ = true;
        alerts_ready_.notify_one();
    }

    void read_alerts(const std::stop_token& stop) {
        const auto waiting = [this] { return alerts_waiting_; };
        std::vector<lt::alert*> alerts;
        bool hurry = false;
        std::unique_lock lock(alerts_mutex_);
        while (!stop.stop_requested()) {
            if (hurry) alerts_ready_.wait_for(lock, stop, std::chrono::seconds(1), waiting);
            else alerts_ready_.wait(lock, stop, waiting);
            alerts_waiting_ = false;
            lock.unlock();
            session_->pop_alerts(&alerts);
            for (const auto* alert : alerts) handle(*alert);
            hurry = dht_items_.work();
            lock.lock();
        }
    }

    void handle(const lt::alert& alert) {
        if (dht_items_.handle(alert)) return;
        if (const auto* ready = lt::alert_cast<lt::torrent_checked_alert>(&alert)) {
            on_ready(*ready);
        } else if (const auto* file = lt::alert_cast<lt::file_completed_alert>(&alert)) {
            on_completed(*file);
        } else if (const auto* flushed = lt::alert_cast<lt::cache_flushed_alert>(&alert)) {
            on_flushed(*flushed);
        } else if (const auto* rejected = lt::alert_cast<lt::fastresume_rejected_alert>(&alert)) {
            on_rejected(*rejected);
        } else if (const auto* answer = lt::alert_cast<lt::tracker_reply_alert>(&alert)) {
            gate_->pass(TrackerAnswered{to_info_hash(answer->handle), answer->tracker_url(), {}});
        } else if (const auto* silence = lt::alert_cast<lt::tracker_error_alert>(&alert)) {
            gate_->pass(TrackerAnswered{to_info_hash(silence->handle), silence->tracker_url(),
                                        silence->error.message()});
        } else if (const auto* torrent = lt::alert_cast<lt::torrent_error_alert>(&alert)) {
            gate_->pass(TorrentFailed{to_info_hash(torrent->handle), torrent->error.message()});
        } else if (const auto* disk = lt::alert_cast<lt::file_error_alert>(&alert)) {
            gate_->pass(TorrentFailed{to_info_hash(disk->handle), disk->error.message()});
        } else if (const auto* up = lt::alert_cast<lt::listen_succeeded_alert>(&alert)) {
            if (up->socket_type != lt::socket_type_t::tcp) return;
            const auto port = static_cast<std::uint16_t>(up->port);
            const auto address = to_string(lt::tcp::endpoint(up->address, port));
            if (listening_.insert(address).second) gate_->pass(Listening{address});
        } else if (const auto* failed = lt::alert_cast<lt::listen_failed_alert>(&alert)) {
            if (failed->socket_type != lt::socket_type_t::tcp) return;
            const auto port = static_cast<std::uint16_t>(failed->port);
            gate_->pass(ListenFailed{to_string(lt::tcp::endpoint(failed->address, port)),
                                     failed->error.message()});
        } else if (const auto* stats = lt::alert_cast<lt::session_stats_alert>(&alert)) {
            on_stats(*stats);
        }
    }

    void on_ready(const lt::torrent_checked_alert& alert) {
        {
            const std::lock_guard lock(torrents_mutex_);
            // The handle of one that was removed meanwhile throws.
            auto* torrent = held(alert.handle);
            if (torrent == nullptr) return;
            torrent->handle.resume();
        }
        gate_->pass(TorrentReady{to_info_hash(alert.handle)});
    }

    /// A file that was to be held is missing or short: libtorrent checks them
    /// all, and what it finds or fetches is news again.
    void on_rejected(const lt::fastresume_rejected_alert& alert) {
        const std::lock_guard lock(torrents_mutex_);
        auto* torrent = held(alert.handle);
        if (torrent == nullptr) return;
        const auto& files = torrent->info->files();
        for (const auto file : files.file_range())
            torrent->reported.at(index_of(file)) = files.pad_file_at(file);
        torrent->handle.resume();
    }

    /// No door of several may take all connections. Returns what each gets. Precondition: torrents_mutex_ is held.
    int share_doors(int more) {
        doors_count_ += more;
        const auto share = std::max(most_at_doors / std::max(1, doors_count_), least_at_one_door);
        if (std::exchange(door_share_, share) != share)
            for (const auto& [hash, torrent] : torrents_)
                if (torrent.door) torrent.handle.set_max_connections(share);
        return share;
    }

    Held* held(const InfoHash& torrent) {
        const auto found = torrents_.find(torrent);
        return found == torrents_.end() ? nullptr : &found->second;
    }
    Held* held(const lt::torrent_handle& handle) { return held(to_info_hash(handle)); }

    /// A piece counts as soon as its hash is right, while its bytes may still
    /// wait to be written; a flush follows all writes of the torrent.
    void on_completed(const lt::file_completed_alert& alert) {
        const std::lock_guard lock(torrents_mutex_);
        auto* torrent = held(alert.handle);
        if (torrent == nullptr) return;
        // libtorrent also reports files whose pieces were given as held.
        auto reported = torrent->reported.at(index_of(alert.index));
        if (reported) return;
        reported = true;
        torrent->completed.push_back(name_in_folder(*torrent->info, alert.index));
        if (torrent->flushing.empty()) flush(*torrent);
    }

    void on_flushed(const lt::cache_flushed_alert& alert) {
        std::vector<std::string> names;
        {
            const std::lock_guard lock(torrents_mutex_);
            auto* torrent = held(alert.handle);
            if (torrent == nullptr) return;
            names.swap(torrent->flushing);
            if (!torrent->completed.empty()) flush(*torrent);
        }
        for (auto& name : names)
            gate_->pass(FileCompleted{to_info_hash(alert.handle), std::move(name)});
    }

    /// libtorrent announces when a torrent is added, which may be before it knows a
    /// node, and then every quarter of an hour.
    void announce_to_dht(int nodes) {
        if (nodes < std::max(1, 2 * dht_nodes_)) return;
        dht_nodes_ = nodes;
        const std::lock_guard lock(torrents_mutex_);
        for (const auto& [hash, torrent] : torrents_)
            if (!torrent.quiet) torrent.handle.force_dht_announce();
    }

    /// Asking thousands of torrents every second would be most of an idle daemon's work.
    std::vector<lt::torrent_status> whose_turn_it_is() {
        std::vector<lt::torrent_status> out;
        const auto ask = [&out](const Held& torrent) {
            out.emplace_back();
            out.back().handle = torrent.handle;
        };
        const std::lock_guard lock(torrents_mutex_);
        for (const auto& [hash, torrent] : torrents_)
            if (torrent.moves) ask(torrent);
        auto at = torrents_.upper_bound(asked_last_);
        for (auto left = std::min(torrents_.size(), at_rest_at_once); left > 0; --left, ++at) {
            if (at == torrents_.end()) at = torrents_.begin();
            asked_last_ = at->first;
            if (!at->second.moves) ask(at->second);
        }
        return out;
    }

    static void flush(Held& torrent) {
        torrent.flushing.swap(torrent.completed);
        torrent.handle.flush_cache();
    }

    void on_stats(const lt::session_stats_alert& alert) {
        const auto counters = alert.counters();
        const auto value = [&counters](const char* name) -> std::int64_t {
            const int index = lt::find_metric_idx(name);
            return index < 0 ? 0 : counters[index];
        };
        SwarmStats out;
        out.bytes_received = value("net.recv_bytes");
        out.bytes_sent = value("net.sent_bytes");
        out.payload_received = value("net.recv_payload_bytes");
        out.blocks_read = value("disk.num_blocks_read");
        out.blocks_hashed = value("disk.num_read_back");
        for (const char* name : {"net.recv_bytes", "net.sent_bytes", "net.recv_ip_overhead_bytes",
                                 "net.sent_ip_overhead_bytes", "dht.dht_bytes_in",
                                 "dht.dht_bytes_out"})
            out.wire_bytes += value(name);
        out.dht_nodes = static_cast<int>(value("dht.dht_nodes"));
        announce_to_dht(out.dht_nodes);
        auto statuses = whose_turn_it_is();
        session_->refresh_torrent_status(&statuses,
                                         lt::torrent_handle::query_accurate_download_counters);
        const std::lock_guard lock(torrents_mutex_);
        for (const auto& status : statuses) {
            auto one = stats_of(status);
            const auto found = torrents_.find(one.torrent);
            if (found == torrents_.end()) continue;
            one.pieces_total = found->second.info->num_pieces();
            if (found->second.sparing &&
                (status.num_seeds > 0 || status.active_duration > sparing_time)) {
                found->second.sparing = false;
                found->second.handle.set_max_uploads(-1);
            }
            found->second.moves = found->second.sparing || !status.is_finished ||
                                  status.num_peers > 0 || status.download_rate > 0 ||
                                  status.upload_rate > 0;
            out.torrents.push_back(one);
        }
        gate_->pass(std::move(out));
    }

    const Reach reach_;
    WallClock wall_clock_;
    std::shared_ptr<Gate> gate_;
    std::shared_ptr<NetworkThread> network_;
    std::shared_ptr<DoorPeers> doors_;
    std::optional<lt::session> session_;
    DhtItems dht_items_;
    std::future<void> network_ended_;

    std::mutex torrents_mutex_;
    std::map<InfoHash, Held> torrents_;
    InfoHash asked_last_;              ///< of those at rest
    int doors_count_ = 0;
    int door_share_ = 0;

    std::mutex alerts_mutex_;
    std::condition_variable_any alerts_ready_;
    bool alerts_waiting_ = true;
    std::set<std::string> listening_;  ///< reported already; alert thread only
    int dht_nodes_ = 0;                ///< at the last announcement; alert thread only
    std::jthread alert_thread_;
};

}  // namespace

Result<std::unique_ptr<Swarm>> make_libtorrent_swarm(const SwarmSettings& settings,
                                                     SwarmSink sink) {
    COLPORT_TRY(check(settings));
    try {
        return std::unique_ptr<Swarm>(
            std::make_unique<LibtorrentSwarm>(settings, std::move(sink)));
    } catch (const std::exception& failure) {
        return Error{Errc::network, fmt::format("cannot start BitTorrent: {}", failure.what())};
    }
}

}  // namespace colport
