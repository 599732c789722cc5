#include "net/session_settings.h"

#include <fmt/format.h>

#include <charconv>
#include <libtorrent/alert.hpp>
#include <libtorrent/ip_filter.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/settings_pack.hpp>

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
    // A connection is asked for at the door and wanted at once; the tick starts it.
    {settings_pack::tick_interval, 200},
    // A peer whose daemon restarts, or that was asked a moment too early, is back soon.
    {settings_pack::min_reconnect_time, 5},
    // Behind a censor many addresses are dead: wait for each a little less.
    {settings_pack::peer_connect_timeout, 10},

    // Nothing is auto-managed; every volume and door stays on, however many.
    {settings_pack::active_downloads, -1},
    {settings_pack::active_seeds, -1},
    {settings_pack::active_limit, -1},
    {settings_pack::active_dht_limit, -1},
    {settings_pack::active_tracker_limit, -1},
    {settings_pack::active_lsd_limit, -1},

    // New releases are small: who asks is served at once, not after 15 s of choking.
    {settings_pack::unchoke_slots_limit, 64},
    // The default throttles TCP as soon as one uTP peer is there.
    {settings_pack::mixed_mode_algorithm, settings_pack::prefer_tcp},
    {settings_pack::connections_limit, 200},

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

    // With keep-alive a web seed stalls until this passes when the tail of the
    // torrent is padding.
    {settings_pack::urlseed_timeout, 5},
    // Goodbye to trackers must fit into the two seconds of the destructor.
    {settings_pack::stop_tracker_timeout, 1},

    // A port that is taken is reported; another one nobody would know of.
    {settings_pack::max_retry_port_bind, 0},

    // Encrypted where the peer can, since some networks cut plain BitTorrent.
    {settings_pack::out_enc_policy, settings_pack::pe_enabled},
    {settings_pack::in_enc_policy, settings_pack::pe_enabled},
    {settings_pack::allowed_enc_level, settings_pack::pe_both},
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

constexpr lt::alert_category_t wanted_alerts = lt::alert_category::file_progress |
                                               lt::alert_category::storage |
                                               lt::alert_category::status;

struct Range {
    const char* first;
    const char* last;
};

constexpr Range loopback[] = {
    {"127.0.0.0", "127.255.255.255"},
    {"::1", "::1"},
};
constexpr Range local[] = {
    {"10.0.0.0", "10.255.255.255"},       // RFC 1918
    {"172.16.0.0", "172.31.255.255"},
    {"192.168.0.0", "192.168.255.255"},
    {"169.254.0.0", "169.254.255.255"},   // link-local, RFC 3927
    {"fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},  // RFC 4193
};

lt::ip_filter filter_of(Reach reach) {
    lt::ip_filter out;
    if (reach == Reach::open) return out;
    const auto rule = [&out](const Range& range, std::uint32_t flags) {
        out.add_rule(lt::make_address(range.first), lt::make_address(range.last), flags);
    };
    rule({"0.0.0.0", "255.255.255.255"}, lt::ip_filter::blocked);
    rule({"::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}, lt::ip_filter::blocked);
    for (const auto& range : loopback) rule(range, 0);
    if (reach == Reach::lan)
        for (const auto& range : local) rule(range, 0);
    return out;
}

std::string listen_interfaces(const SwarmSettings& settings) {
    std::string out;
    for (const auto& address : settings.listen) {
        const auto endpoint = parse_endpoint(address);
        if (settings.reach == Reach::offline && !endpoint->address().is_loopback()) continue;
        if (!out.empty()) out += ',';
        out += to_string(*endpoint);
    }
    return out;
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
    const bool on = settings.dht && settings.reach == Reach::open;
    pack.set_bool(settings_pack::enable_dht, on);
    std::string routers;
    // A DHT entered by way of loopback is private to this machine: all its
    // nodes share one address, which the defences against Sybils would refuse.
    bool outside = true;
    for (const auto& router : settings.dht_routers) {
        if (!routers.empty()) routers += ',';
        routers += router;
        const auto endpoint = parse_endpoint(router);
        if (endpoint && endpoint->address().is_loopback()) outside = false;
    }
    pack.set_str(settings_pack::dht_bootstrap_nodes, on ? routers : std::string());
    pack.set_bool(settings_pack::dht_enforce_node_id, outside);
    pack.set_bool(settings_pack::dht_privacy_lookups, outside);
    pack.set_bool(settings_pack::dht_restrict_routing_ips, outside);
    pack.set_bool(settings_pack::dht_restrict_search_ips, outside);
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

Status check(const SwarmSettings& settings) {
    for (const auto& address : settings.listen)
        if (!parse_endpoint(address))
            return Error{Errc::invalid, fmt::format("cannot listen on \"{}\"", address),
                         "give IP:PORT, with IPv6 in brackets"};
    for (const auto& router : settings.dht_routers)
        if (!split_port(router) || router.find(',') != router.npos)
            return Error{Errc::invalid, fmt::format("\"{}\" is not a DHT router", router),
                         "give HOST:PORT"};
    return done();
}

lt::session_params session_params(const SwarmSettings& settings) {
    // User agent and fingerprint stay libtorrent's own: Colport is not to stand out.
    settings_pack pack;
    for (const auto& [name, value] : numbers) pack.set_int(name, value);
    for (const auto& [name, value] : switches) pack.set_bool(name, value);
    const auto alerts = static_cast<std::uint32_t>(wanted_alerts);
    pack.set_int(settings_pack::alert_mask, static_cast<int>(alerts));
    pack.set_str(settings_pack::listen_interfaces, listen_interfaces(settings));
    pack.set_bool(settings_pack::enable_lsd, settings.lsd && settings.reach != Reach::offline);
    set_dht(pack, settings);
    // Brings ut_pex, smart_ban and ut_metadata: the last lets any client open
    // our link as a magnet; we never ask for metadata ourselves.
    lt::session_params out(std::move(pack));
    out.ip_filter = filter_of(settings.reach);
    return out;
}

}  // namespace colport
