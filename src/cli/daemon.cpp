#include "cli/daemon.h"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "cli/probe.h"
#include "cli/terminal.h"
#include "net/swarm.h"
#include "web/server.h"

namespace colport::cli {
namespace {

constexpr const char* any_address = "0.0.0.0:49737";

Result<Reach> reach_of(const std::string& mode) {
    if (mode == "open") return Reach::open;
    if (mode == "lan") return Reach::lan;
    if (mode == "offline") return Reach::offline;
    return Error{Errc::invalid, fmt::format("unknown mode: {}", mode),
                 "the modes are open, lan and offline"};
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

Status run_daemon(const DaemonOptions& options) {
    raise_file_limit();
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    PeerSettings settings;
    settings.data = options.data;
    settings.reach = COLPORT_TRY(reach_of(options.mode));
    settings.peers = options.peers;
    SwarmSettings swarm;
    swarm.listen = options.listen;
    if (swarm.listen.empty()) swarm.listen = {any_address};
    swarm.reach = settings.reach;
    swarm.dht = !options.no_dht;
    swarm.lsd = !options.no_lsd;
    swarm.dht_routers = options.dht_routers;
    COLPORT_TRY(check_ahead(options, swarm));

    const auto make_swarm = [&swarm](SwarmSink sink) {
        return make_libtorrent_swarm(swarm, std::move(sink));
    };
    const auto peer = COLPORT_TRY(Peer::start(settings, make_swarm, now));
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
