#include "cli/daemon/daemon.h"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "cli/daemon/probe.h"
#include "cli/daemon/service_manager.h"
#include "cli/daemon/system_calls.h"
#include "cli/terminal.h"
#include "feed/files.h"
#include "net/swarm.h"
#include "peer/follow_lists.h"
#include "peer/log.h"
#include "peer/purge.h"
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

/// Empty without a file.
Result<std::string> password_in(const std::string& file) {
    if (file.empty()) return std::string();
    constexpr std::size_t longest = 1024;
    auto text = COLPORT_TRY(read_file(file, longest));
    text.resize(std::min(text.find_first_of("\r\n"), text.size()));
    if (text.empty())
        return Error{Errc::invalid, fmt::format("no password in {}", file),
                     "write it on the first line"};
    return text;
}

Result<std::optional<Proxy>> proxy_of(const DaemonOptions& options) {
    constexpr std::size_t longest = 255;
    const auto& file = options.proxy_password_file;
    std::optional<Proxy> out;
    if (!options.proxy.empty()) out = COLPORT_TRY(parse_proxy(options.proxy));
    if (file.empty()) return out;
    if (!out || out->user.empty() || !out->password.empty())
        return Error{Errc::invalid,
                     "proxy-password-file needs a proxy with a user and no password of its own",
                     "set proxy to socks5://USER@HOST:PORT"};
    out->password = COLPORT_TRY(password_in(file));
    if (out->password.size() > longest)
        return Error{Errc::invalid, fmt::format("the password in {} is over 255 bytes", file)};
    return out;
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
    out.quota = {static_cast<std::uint64_t>(options.quota),
                 static_cast<std::uint64_t>(options.feed_quota)};
    out.disk_reserve = static_cast<std::uint64_t>(options.disk_reserve);
    for (const auto& source : options.follow_lists)
        out.follow_lists.push_back(
            is_web_address(source) ? source : std::filesystem::absolute(source).string());
    for (const auto& hours : options.limits_at)
        out.hours.push_back(COLPORT_TRY(parse_hour_limits(hours)));
    out.swarm.listen = options.listen;
    if (out.swarm.listen.empty()) out.swarm.listen = {any_address};
    out.swarm.dht = !options.no_dht;
    out.swarm.lsd = !options.no_lsd;
    out.swarm.dht_routers = options.dht_routers;
    if (out.swarm.dht_routers.empty())
        out.swarm.dht_routers.assign(std::begin(public_routers), std::end(public_routers));
    out.swarm.proxy = COLPORT_TRY(proxy_of(options));
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

/// Where the page is, for `colport open`, as long as it is there.
class PageNote {
public:
    PageNote(std::filesystem::path file, const std::string& address) : file_(std::move(file)) {
        static_cast<void>(write_file(file_, address + "\n").ok());
    }
    PageNote(const PageNote&) = delete;
    ~PageNote() {
        std::error_code ignored;
        std::filesystem::remove(file_, ignored);
    }

private:
    std::filesystem::path file_;
};

Status check_http(const std::string& http) {
    if (!http.starts_with("unix:")) return check_address(http);
    return probe_socket(std::filesystem::absolute(http.substr(5)));
}

/// A disk that is busy for seconds is no hang.
constexpr std::int64_t most_silent_seconds = 60;

/// Waits, and tells the manager meanwhile that the engine is alive, while it is.
int next_signal(const sigset_t& signals, const ServiceManager& manager, const Peer& peer) {
    const auto every = manager.watchdog_milliseconds();
    if (every <= 0) {
        int number = 0;
        sigwait(&signals, &number);
        return number;
    }
    const timespec pause{every / 1000, every % 1000 * 1'000'000};
    const auto most_silent = std::min(most_silent_seconds, std::max<std::int64_t>(2, every / 1000));
    while (true) {
        if (peer.silent_seconds() <= most_silent) manager.tell("WATCHDOG=1");
        if (const int number = sigtimedwait(&signals, nullptr, &pause); number > 0) return number;
    }
}

/// Nobody who comes back to the page within this time sees that it is gone.
constexpr auto farewell = std::chrono::seconds(3);

/// Keeps a manager from ending what takes long, as long as it lives.
class MoreTime {
public:
    explicit MoreTime(const ServiceManager& manager)
        : thread_([&manager](const std::stop_token& stop) {
              constexpr auto a_while = std::chrono::milliseconds(200);
              constexpr int whiles = 25;
              for (int i = 0; !stop.stop_requested(); ++i, std::this_thread::sleep_for(a_while))
                  if (i % whiles == 0) manager.tell("WATCHDOG=1\nEXTEND_TIMEOUT_USEC=60000000");
          }) {}

private:
    std::jthread thread_;
};

/// Another program may hold the data for a moment after the peer let go of them.
Status erase_all(const DataDirectory& data, const ServiceManager& manager) {
    constexpr auto most_wait = std::chrono::minutes(10);
    const MoreTime more_time(manager);
    const auto end = std::chrono::steady_clock::now() + most_wait;
    auto report = purge(data);
    while (!report && report.error().code == Errc::locked &&
           std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        report = purge(data);
    }
    if (!report) return std::move(report).error();
    log(LogLevel::info, fmt::format("erased {} files", report->files));
    return done();
}

/// Erases all, while the page shows what is harmless to whoever is led there.
Status leave_for_good(const DataDirectory& data, std::unique_ptr<Peer> peer, web::Server& page,
                      web::Server& control, const ServiceManager& manager) {
    const auto end = std::chrono::steady_clock::now() + farewell;
    const MoreTime more_time(manager);
    page.close();
    control.close();
    peer.reset();
    COLPORT_TRY(erase_all(data, manager));
    std::this_thread::sleep_until(end);
    return done();
}

Status follow_all(Peer& peer, const std::vector<std::string>& links) {
    for (const auto& what : links) {
        const auto feed = COLPORT_TRY(peer.follow(what));
        log(LogLevel::info, "following " + feed.hex());
    }
    return done();
}

/// What needs the next start.
std::vector<const char*> fixed_changes(const DaemonOptions& before, const DaemonOptions& after) {
    std::vector<const char*> out;
    const auto compare = [&](const char* name, const auto& one, const auto& other) {
        if (one != other) out.push_back(name);
    };
    compare("data", before.data, after.data);
    compare("listen", before.listen, after.listen);
    compare("http", before.http, after.http);
    compare("encryption", before.encryption, after.encryption);
    compare("dht-router", before.dht_routers, after.dht_routers);
    compare("no-dht", before.no_dht, after.no_dht);
    compare("no-lsd", before.no_lsd, after.no_lsd);
    compare("poll", before.poll, after.poll);
    return out;
}

/// What the daemon goes by, as the last look at its options had it.
struct Current {
    DaemonOptions options;
    std::optional<Proxy> proxy;
};

/// All of it is looked at before any of it counts.
Status reload(Peer& peer, Current& current, const ReadOptions& read_again) {
    const auto wanted = COLPORT_TRY(read_again());
    COLPORT_TRY(check_options(wanted));
    auto settings = COLPORT_TRY(settings_of(wanted));
    // The mode that a reader chose meanwhile stays, unless the file says another now.
    settings.reach_given = !wanted.mode.empty() &&
                           (wanted.mode != current.options.mode ||
                            settings.swarm.proxy != current.proxy);
    COLPORT_TRY(peer.reload(settings));
    auto added = wanted.follow;
    std::erase_if(added, [&](const std::string& link) {
        const auto& known = current.options.follow;
        return std::find(known.begin(), known.end(), link) != known.end();
    });
    COLPORT_TRY(follow_all(peer, added));
    auto later = fixed_changes(current.options, wanted);
    if (wanted.mode.empty() && settings.swarm.proxy != current.proxy) later.push_back("proxy");
    for (const char* name : later)
        log(LogLevel::warning, fmt::format("{} changes at the next start", name));
    set_log_level(*log_level_named(wanted.log_level));
    current = {wanted, settings.swarm.proxy};
    return done();
}

/// Readers' connections and peers' share the limit of open files.
void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Serves until a signal ends it. When `purging` is true afterwards, something is still
/// to be erased.
Status serve(const DaemonOptions& options, const PeerSettings& settings,
             const ReadOptions& read_again, const sigset_t& signals,
             const ServiceManager& manager, std::atomic<bool>& purging) {
    const auto password = COLPORT_TRY(password_in(options.page_password_file));
    const DataDirectory data{settings.data};
    auto peer = COLPORT_TRY(Peer::start(settings, make_libtorrent_swarm, now));
    const auto begin_purge = [&purging, &data] {
        purging = true;
        // Whatever ends this, the next start goes on with it.
        static_cast<void>(mark_purge(data).ok());
        ::kill(::getpid(), SIGTERM);
    };
    const auto control = COLPORT_TRY(web::Server::start(
        {"unix:" + data.control().string(), web::Origin::control, data.archive(), "", begin_purge},
        peer.get(), now));
    const auto page = COLPORT_TRY(
        web::Server::start({options.http, web::Origin::page, data.archive(), password, begin_purge},
                           peer.get(), now));
    const PageNote note(data.page(), page->address());
    COLPORT_TRY(follow_all(*peer, options.follow));
    // Whoever started it waits for this, whatever the level.
    log_always("reading page at " + page->address());
    manager.tell("READY=1\nSTATUS=reading page at " + page->address());
    Current current{options, settings.swarm.proxy};
    while (true) {
        const int number = next_signal(signals, manager, *peer);
        if (purging) {
            manager.tell("STOPPING=1");
            COLPORT_TRY(leave_for_good(data, std::move(peer), *page, *control, manager));
            purging = false;
            return done();
        }
        if (number != SIGHUP) {
            log(LogLevel::info, number == SIGTERM ? "stopping (SIGTERM)" : "stopping (SIGINT)");
            manager.tell("STOPPING=1");
            return done();
        }
        manager.tell("RELOADING=1");
        const auto reloaded = reload(*peer, current, read_again);
        if (!reloaded) report("colportd", reloaded.error());
        else log(LogLevel::info, "reloaded");
        manager.tell("READY=1");
    }
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
    COLPORT_TRY(password_in(options.page_password_file));
    for (const auto& what : options.follow) COLPORT_TRY(record_to_follow(what, options.data, now()));
    return done();
}

Status run_daemon(const DaemonOptions& options, const ReadOptions& read_again) {
    raise_file_limit();
    set_log_level(*log_level_named(options.log_level));
    const auto manager = ServiceManager::from_environment();
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    // Before anything that can be wrong with the options or the network.
    const DataDirectory data{options.data};
    if (is_purge_begun(data)) {
        log(LogLevel::info, "erasing goes on");
        return erase_all(data, manager);
    }
    const auto settings = COLPORT_TRY(settings_of(options));
    COLPORT_TRY(check_ahead(options, settings.swarm));
    // Who has a kernel without them is not worse off than before.
    if (const auto given_up = give_up_system_calls(); !given_up)
        log(LogLevel::warning, given_up.error().message);

    std::atomic<bool> purging = false;
    auto ended = serve(options, settings, read_again, signals, manager, purging);
    return purging ? erase_all(data, manager) : std::move(ended);
}

}  // namespace colport::cli
