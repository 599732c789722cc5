#include "cli/daemon.h"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>

#include "cli/probe.h"
#include "cli/terminal.h"
#include "net/swarm.h"
#include "web/server.h"

namespace colport::cli {
namespace {

constexpr const char* any_address = "0.0.0.0:49737";

/// Where the DHT is entered when nothing is remembered of it.
constexpr const char* public_routers[] = {"dht.libtorrent.org:25401", "router.bittorrent.com:6881",
                                          "dht.transmissionbt.com:6881"};

Result<std::optional<std::int64_t>> history_days_of(const std::string& history) {
    if (history == "all") return std::optional<std::int64_t>();
    if (history == "none") return std::optional<std::int64_t>(0);
    std::int64_t days = 0;
    const char* end = history.data() + history.size();
    const auto [stop, error] = std::from_chars(history.data(), end, days);
    if (error != std::errc() || stop != end || days < 1 || days > 100'000)
        return Error{Errc::invalid, fmt::format("not a limit of history: {}", history),
                     "write all, none, or a number of days"};
    return std::optional(days);
}

Result<PeerSettings> settings_of(const DaemonOptions& options) {
    PeerSettings out;
    out.data = options.data;
    out.reach_given = !options.mode.empty();
    if (out.reach_given) out.swarm.reach = *reach_named(options.mode);
    out.peers = options.peers;
    out.pictures = *pictures_named(options.pictures);
    out.history_days = COLPORT_TRY(history_days_of(options.history));
    out.poll = options.poll;
    out.monthly_budget = options.monthly_budget;
    out.swarm.listen = options.listen;
    if (out.swarm.listen.empty()) out.swarm.listen = {any_address};
    out.swarm.dht = !options.no_dht;
    out.swarm.lsd = !options.no_lsd;
    out.swarm.dht_routers = options.dht_routers;
    if (out.swarm.dht_routers.empty())
        out.swarm.dht_routers.assign(std::begin(public_routers), std::end(public_routers));
    if (!options.proxy.empty()) out.swarm.proxy = COLPORT_TRY(parse_proxy(options.proxy));
    out.swarm.encrypted_only = options.encryption == "forced";
    out.swarm.upload_limit = options.upload_limit;
    out.swarm.download_limit = options.download_limit;
    return out;
}

/// What can be refused before the data directory is touched.
Status check_ahead(const DaemonOptions& options, const SwarmSettings& swarm) {
    for (const auto& address : swarm.listen) COLPORT_TRY(probe_port(address));
    COLPORT_TRY(probe_socket(DataDirectory{options.data}.control()));
    if (options.http.starts_with("unix:")) {
        const auto path = std::filesystem::absolute(options.http.substr(5));
        COLPORT_TRY(probe_socket(path));
        if (!std::filesystem::is_directory(path.parent_path()))
            return Error{Errc::not_found,
                         fmt::format("no such folder: {}", path.parent_path().string())};
    } else {
        COLPORT_TRY(probe_port(options.http));
    }
    for (const auto& what : options.follow) COLPORT_TRY(record_to_follow(what, options.data, now()));
    return done();
}

Status check_http(const std::string& http) {
    if (!http.starts_with("unix:")) return check_address(http);
    return probe_socket(std::filesystem::absolute(http.substr(5)));
}

int wait_for_signal(const sigset_t& signals) {
    int number = 0;
    sigwait(&signals, &number);
    return number;
}

/// Readers' connections and peers' share the limit of open files.
void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Status check_options(const DaemonOptions& options) {
    const auto settings = COLPORT_TRY(settings_of(options));
    for (const auto& address : settings.swarm.listen) COLPORT_TRY(check_address(address));
    for (const auto& address : settings.peers) COLPORT_TRY(check_address(address));
    if (settings.swarm.reach == Reach::proxy && options.mode == "proxy" && !settings.swarm.proxy)
        return Error{Errc::invalid, "mode proxy needs the address of a SOCKS5 proxy",
                     "set proxy to socks5://HOST:PORT"};
    COLPORT_TRY(check_http(options.http));
    for (const auto& what : options.follow) COLPORT_TRY(record_to_follow(what, options.data, now()));
    return done();
}

Status run_daemon(const DaemonOptions& options) {
    raise_file_limit();
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    const auto settings = COLPORT_TRY(settings_of(options));
    COLPORT_TRY(check_ahead(options, settings.swarm));

    const auto peer = COLPORT_TRY(Peer::start(settings, make_libtorrent_swarm, now));
    const DataDirectory data{settings.data};
    const auto control = COLPORT_TRY(web::Server::start(
        {"unix:" + data.control().string(), web::Origin::control, data.archive()}, peer.get(),
        now));
    const auto page = COLPORT_TRY(web::Server::start(
        {options.http, web::Origin::page, data.archive()}, peer.get(), now));
    for (const auto& what : options.follow) {
        const auto feed = COLPORT_TRY(peer->follow(what));
        fmt::print(stderr, "colportd: following {}\n", feed.hex());
    }
    fmt::print(stderr, "colportd: reading page at {}\n", page->address());
    const int number = wait_for_signal(signals);
    fmt::print(stderr, "colportd: stopping ({})\n", number == SIGTERM ? "SIGTERM" : "SIGINT");
    return done();
}

}  // namespace colport::cli
