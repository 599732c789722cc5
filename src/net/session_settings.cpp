#include "net/session_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <libtorrent/alert.hpp>
#include <libtorrent/extensions.hpp>
#include <libtorrent/ip_filter.hpp>
#include <libtorrent/session_handle.hpp>
#include <libtorrent/peer_class.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/settings_pack.hpp>
#include <limits>
#include <set>

#include "net/address_ranges.h"

namespace colport {
namespace {

using lt::settings_pack;

struct IntSetting {
    int name;
    int value;
};
struct BoolSetting {
    int name;
    bool value;
};

constexpr IntSetting numbers[] = {
    // Peers are connected with the first tick of each second.
    {settings_pack::tick_interval, 200},
    // A peer whose daemon restarts, or that was asked a moment too early, is back soon.
    {settings_pack::min_reconnect_time, 1},
    // Behind a censor many addresses are dead: wait for each a little less.
    {settings_pack::peer_connect_timeout, 10},
    // A line that was cut is noticed, and the reader told, in about a minute.
    {settings_pack::peer_timeout, 60},

    // Nothing is auto-managed; every volume and door stays on, however many.
    {settings_pack::active_downloads, -1},
    {settings_pack::active_seeds, -1},
    {settings_pack::active_limit, -1},
    {settings_pack::active_dht_limit, -1},
    {settings_pack::active_tracker_limit, -1},
    {settings_pack::active_lsd_limit, -1},

    // New releases are small: who asks is served at once, not after 15 s of choking.
    {settings_pack::unchoke_slots_limit, 64},
    // A fifth of them otherwise, past what a torrent allows.
    {settings_pack::num_optimistic_unchoke_slots, 1},
    // The default throttles TCP as soon as one uTP peer is there.
    {settings_pack::mixed_mode_algorithm, settings_pack::prefer_tcp},
    // Doors and volumes share it. With files and readers it stays under the usual
    // limit of 1,024 descriptors.
    {settings_pack::connections_limit, 400},

    // Memory. Threads start on demand and end when idle; two keep one disk busy.
    {settings_pack::aio_threads, 2},
    {settings_pack::hashing_threads, 1},
    {settings_pack::file_pool_size, 32},
    // Mapped files count as the daemon's memory, and a file cut short under a
    // mapping is a SIGBUS: always read() and write(). In blocks of 16 KiB.
    {settings_pack::mmap_file_size_cutoff, 0x7fff'ffff},
    {settings_pack::disk_write_mode, settings_pack::always_pwrite},
    {settings_pack::max_peerlist_size, 1000},

    // A whole volume of files may complete before the alert thread runs.
    {settings_pack::alert_queue_size, 8192},

    // Goodbye to trackers must fit into the two seconds of the destructor.
    {settings_pack::stop_tracker_timeout, 1},

    // A port that is taken is reported; another one nobody would know of.
    {settings_pack::max_retry_port_bind, 0},

};

constexpr BoolSetting switches[] = {
    {settings_pack::prefer_rc4, true},
    // Many readers stand behind one address of a provider.
    {settings_pack::allow_multiple_connections_per_ip, true},
    // Two seeds of a volume have nothing to say to each other; the door vetoes.
    {settings_pack::close_redundant_connections, true},
    // uTP is far slower where it meets no congestion; peers that want it may come.
    {settings_pack::enable_outgoing_utp, false},
    {settings_pack::enable_incoming_utp, true},
    // A censor blocks some trackers; the one that answers may serve nobody else.
    {settings_pack::announce_to_all_trackers, true},
    {settings_pack::announce_to_all_tiers, true},
    // Never talk to the router: readers may not own it.
    {settings_pack::enable_upnp, false},
    {settings_pack::enable_natpmp, false},
    {settings_pack::listen_system_port_fallback, false},
};

// The nodes of a DHT that is private to a machine or a local network share few
// addresses: the defences against Sybils and floods would take them for an attacker.
constexpr BoolSetting private_dht_switches[] = {
    {settings_pack::dht_enforce_node_id, false},
    {settings_pack::dht_privacy_lookups, false},
    {settings_pack::dht_restrict_routing_ips, false},
    {settings_pack::dht_restrict_search_ips, false},
};
constexpr IntSetting private_dht_numbers[] = {
    {settings_pack::dht_block_ratelimit, 1'000'000},
    {settings_pack::dht_upload_rate_limit, 10'000'000},
};

/// libtorrent tells of a node only after it asked it something, and gets to one
/// of those that it heard of in five seconds: minutes until a new DHT knows its
/// own nodes. In a private one, whoever asks is asked back at once.
class AskBack final : public lt::plugin {
public:
    lt::feature_flags_t implemented_features() override { return dht_request_feature; }
    void added(const lt::session_handle& session) override { session_ = session; }

    bool on_dht_request(lt::string_view, const lt::udp::endpoint& source, const lt::bdecode_node&,
                        lt::entry&) override {
        if (asked_.size() < most_asked && asked_.insert(source).second)
            session_.add_dht_node({source.address().to_string(), source.port()});
        return false;
    }

private:
    static constexpr std::size_t most_asked = 10'000;
    lt::session_handle session_;
    std::set<lt::udp::endpoint> asked_;
};

constexpr lt::alert_category_t wanted_alerts = lt::alert_category::file_progress |
                                               lt::alert_category::storage |
                                               lt::alert_category::status |
                                               lt::alert_category::tracker;

lt::ip_filter filter_of(Reach reach) {
    lt::ip_filter out;
    if (reach == Reach::open || reach == Reach::proxy) return out;
    const auto rule = [&out](const AddressRange& range, std::uint32_t flags) {
        out.add_rule(lt::make_address(range.first), lt::make_address(range.last), flags);
    };
    rule({"0.0.0.0", "255.255.255.255"}, lt::ip_filter::blocked);
    rule({"::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}, lt::ip_filter::blocked);
    for (const auto& range : loopback_ranges) rule(range, 0);
    if (reach == Reach::lan)
        for (const auto& range : local_ranges) rule(range, 0);
    return out;
}

std::string listen_interfaces(const SwarmSettings& settings) {
    std::string out;
    if (settings.reach == Reach::proxy) return out;
    for (const auto& address : settings.listen) {
        const auto endpoint = parse_endpoint(address);
        if (settings.reach == Reach::offline && !endpoint->address().is_loopback()) continue;
        if (!out.empty()) out += ',';
        out += to_string(*endpoint);
    }
    return out;
}

/// We call in no other way than encrypted, since some networks cut plain
/// BitTorrent; who calls us may do as it can, unless `only`.
void set_encryption(settings_pack& pack, bool only) {
    pack.set_int(settings_pack::out_enc_policy, settings_pack::pe_forced);
    pack.set_int(settings_pack::in_enc_policy,
                 only ? settings_pack::pe_forced : settings_pack::pe_enabled);
    pack.set_int(settings_pack::allowed_enc_level,
                 only ? settings_pack::pe_rc4 : settings_pack::pe_both);
}

/// Everything through the proxy, names included; what it cannot carry is off.
void set_proxy(settings_pack& pack, const Proxy& proxy) {
    pack.set_int(settings_pack::proxy_type,
                 proxy.user.empty() ? settings_pack::socks5 : settings_pack::socks5_pw);
    pack.set_str(settings_pack::proxy_hostname, proxy.host);
    pack.set_int(settings_pack::proxy_port, proxy.port);
    pack.set_str(settings_pack::proxy_username, proxy.user);
    pack.set_str(settings_pack::proxy_password, proxy.password);
    pack.set_bool(settings_pack::proxy_hostnames, true);
    pack.set_bool(settings_pack::proxy_peer_connections, true);
    pack.set_bool(settings_pack::proxy_tracker_connections, true);
    pack.set_bool(settings_pack::enable_incoming_utp, false);
    pack.set_bool(settings_pack::enable_outgoing_utp, false);
}

/// "HOST:PORT" in two; nothing when the port is not one.
std::optional<std::pair<std::string, int>> split_port(const std::string& address) {
    const auto colon = address.rfind(':');
    if (colon == 0 || colon == address.npos) return std::nullopt;
    int port = -1;
    const char* end = address.data() + address.size();
    const auto [stop, error] = std::from_chars(address.data() + colon + 1, end, port);
    if (error != std::errc() || stop != end || port < 0 || port > 65535) return std::nullopt;
    return std::pair{address.substr(0, colon), port};
}

void set_dht(settings_pack& pack, const SwarmSettings& settings) {
    // Switched on once sockets are open: nodes known from before are lost otherwise.
    pack.set_bool(settings_pack::enable_dht, false);
    std::string routers;
    for (const auto& router : settings.dht_routers) {
        if (!routers.empty()) routers += ',';
        routers += router;
    }
    pack.set_str(settings_pack::dht_bootstrap_nodes, has_dht(settings) ? routers : std::string());
    pack.set_bool(settings_pack::dht_enforce_node_id, true);
    pack.set_bool(settings_pack::dht_privacy_lookups, true);
    if (!has_private_dht(settings)) return;
    for (const auto& [name, value] : private_dht_switches) pack.set_bool(name, value);
    for (const auto& [name, value] : private_dht_numbers) pack.set_int(name, value);
}

lt::dht::dht_state dht_state(const SwarmSettings& settings) {
    lt::dht::dht_state out;
    if (!has_dht(settings)) return out;
    // What was kept may be damaged; the DHT does without.
    for (const auto& address : settings.dht_nodes) {
        const auto node = parse_endpoint(address);
        if (!node || node->port() == 0) continue;
        auto& list = node->address().is_v6() ? out.nodes6 : out.nodes;
        list.emplace_back(node->address(), node->port());
    }
    return out;
}

}  // namespace

std::optional<lt::tcp::endpoint> parse_endpoint(const std::string& address) {
    auto parts = split_port(address);
    if (!parts) return std::nullopt;
    auto& [host, port] = *parts;
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    lt::error_code error;
    const auto ip = lt::make_address(host, error);
    if (error || ip.is_v6() != bracketed) return std::nullopt;
    return lt::tcp::endpoint(ip, static_cast<std::uint16_t>(port));
}

std::string to_string(const lt::tcp::endpoint& endpoint) {
    const auto ip = endpoint.address().to_string();
    return endpoint.address().is_v6() ? fmt::format("[{}]:{}", ip, endpoint.port())
                                      : fmt::format("{}:{}", ip, endpoint.port());
}

bool has_dht(const SwarmSettings& settings) {
    return settings.dht && settings.reach == Reach::open;
}

bool has_private_dht(const SwarmSettings& settings) {
    const auto all_within = [](Reach reach, const std::vector<std::string>& addresses) {
        return std::all_of(addresses.begin(), addresses.end(), [reach](const auto& address) {
            const auto endpoint = parse_endpoint(address);
            return endpoint && may_ask(reach, endpoint->address().to_string());
        });
    };
    const bool has_entry = !settings.dht_routers.empty() || !settings.dht_nodes.empty();
    return (!settings.listen.empty() && all_within(Reach::offline, settings.listen)) ||
           (has_entry && all_within(Reach::lan, settings.dht_routers) &&
            all_within(Reach::lan, settings.dht_nodes));
}

Status check(const SwarmSettings& settings) {
    for (const auto& address : settings.listen)
        if (!parse_endpoint(address))
            return Error{Errc::invalid, fmt::format("cannot listen on \"{}\"", address),
                         "give IP:PORT, with IPv6 in brackets"};
    for (const auto& router : settings.dht_routers)
        if (!split_port(router) || router.find(',') != router.npos)
            return Error{Errc::invalid, fmt::format("\"{}\" is not a DHT router", router),
                         "give HOST:PORT"};
    if (settings.reach == Reach::proxy && !settings.proxy)
        return Error{Errc::invalid, "mode proxy needs the address of a SOCKS5 proxy",
                     "give it with --proxy socks5://HOST:PORT"};
    return done();
}

void limit_rates(lt::settings_pack& pack, std::int64_t upload, std::int64_t download) {
    constexpr std::int64_t most = std::numeric_limits<int>::max();
    pack.set_int(settings_pack::upload_rate_limit, static_cast<int>(std::min(upload, most)));
    pack.set_int(settings_pack::download_rate_limit, static_cast<int>(std::min(download, most)));
}

lt::session_params session_params(const SwarmSettings& settings) {
    // User agent and fingerprint stay libtorrent's own: Colport is not to stand out.
    settings_pack pack;
    for (const auto& [name, value] : numbers) pack.set_int(name, value);
    for (const auto& [name, value] : switches) pack.set_bool(name, value);
    auto alerts = static_cast<std::uint32_t>(wanted_alerts);
    if (has_dht(settings)) alerts |= static_cast<std::uint32_t>(lt::alert_category::dht);
    pack.set_int(settings_pack::alert_mask, static_cast<int>(alerts));
    pack.set_str(settings_pack::listen_interfaces, listen_interfaces(settings));
    const bool local = settings.reach == Reach::open || settings.reach == Reach::lan;
    pack.set_bool(settings_pack::enable_lsd, settings.lsd && local);
    limit_rates(pack, settings.upload_limit, settings.download_limit);
    set_encryption(pack, settings.encrypted_only);
    if (settings.reach == Reach::proxy) set_proxy(pack, *settings.proxy);
    set_dht(pack, settings);
    // Brings ut_pex, smart_ban and ut_metadata: the last lets any client open
    // our link as a magnet; we never ask for metadata ourselves.
    lt::session_params out(std::move(pack));
    out.ip_filter = filter_of(settings.reach);
    out.dht_state = dht_state(settings);
    if (has_dht(settings) && has_private_dht(settings))
        out.extensions.push_back(std::make_shared<AskBack>());
    return out;
}

void let_local_peers_wait(lt::session& session) {
    auto local = session.get_peer_class(lt::session::local_peer_class_id);
    local.ignore_unchoke_slots = false;
    session.set_peer_class(lt::session::local_peer_class_id, local);
}

}  // namespace colport
