#include "cli/press/watch.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "cli/command.h"
#include "cli/press/key_commands.h"
#include "cli/press/wait_for_lock.h"
#include "cli/press/watch_source.h"
#include "press/drafts.h"
#include "press/intake/watch_list.h"
#include "press/signing/keyring_changes.h"
#include "press/signing/release.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* program = "colport-press";
// How long another command may hold the workshop before it is tried again; and the
// first pause after another failure to release, which doubles.
constexpr std::chrono::seconds locked_pause{5};
constexpr unsigned most_doublings = 20;
// Between two looks, for a command that waits for the workshop.
constexpr std::chrono::milliseconds make_way{300};

struct Options {
    std::string directory;
    std::vector<std::string> add, remove, hosts;
    bool full_text = false;
    bool list = false;
    bool once = false;
    bool json = false;
    std::int64_t every = 900;
    std::int64_t fetch_for = 300;
    int level = default_level;
    unsigned fresh_days = 7;
    std::string proxy;
    PassphraseSource passphrase;

    [[nodiscard]] Workshop workshop() const { return {directory}; }
    [[nodiscard]] fs::path list_path() const { return workshop().secrets() / "watch.json"; }
    [[nodiscard]] bool changes() const { return !add.empty() || !remove.empty(); }
};

/// SIGTERM and SIGINT, kept back until a step is done.
class Signals {
public:
    Signals() {
        sigemptyset(&set_);
        for (const int number : {SIGTERM, SIGINT}) sigaddset(&set_, number);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    /// Waits that long, or until one comes: then true, for good.
    [[nodiscard]] bool wait(std::chrono::milliseconds time) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
        const timespec wanted{static_cast<time_t>(seconds.count()),
                              static_cast<long>((time - seconds).count() * 1'000'000)};
        came_ = came_ || ::sigtimedwait(&set_, nullptr, &wanted) > 0;
        return came_;
    }
    [[nodiscard]] bool came() { return wait(std::chrono::milliseconds(0)); }

private:
    sigset_t set_;
    bool came_ = false;
};

double chance() {
    static std::random_device device;
    return std::uniform_real_distribution<double>(0, 1)(device);
}

void log_line(const std::string& line) {
    fmt::print("{}\n", printable(line));
    std::fflush(stdout);
}

void warn(const std::string& line) { fmt::print(stderr, "{}: warning: {}\n", program, printable(line)); }

class Watcher {
public:
    Watcher(const Options& options, SigningKey key, SourceReader& reader)
        : options_(options), key_(std::move(key)), reader_(reader) {}

    /// Until a signal comes; with --once, one look at each source that is due.
    Status run(Signals& signals) {
        while (true) {
            // Anew each time: another command may have changed it.
            auto list = COLPORT_TRY(WatchList::load(options_.list_path()));
            for (std::size_t i = 0; i < list.sources.size(); ++i) {
                if (!options_.once && !is_due(list.sources[i], now(), options_.every)) continue;
                const bool whole = look(list.sources[i], signals);
                if (whole) COLPORT_TRY(save(list.sources[i]));
                if (!whole || signals.wait(make_way)) return done();
            }
            if (signals.came()) return done();
            if (Clock::now() >= release_due_ && COLPORT_TRY(try_release()) && options_.once)
                return done();
            if (signals.wait(pause(list))) return done();
        }
    }

private:
    /// Notes in `source` what came of it. False: a signal broke it off.
    bool look(WatchedSource& source, Signals& signals) {
        const auto report = reader_.read(options_.workshop(), source);
        if (signals.came()) return false;
        if (is_waited_for(options_.workshop()) || (!report && report.error().code == Errc::locked)) {
            source.due = now() + locked_pause.count();
            return true;
        }
        if (!report) {
            say_once(source.problem, fmt::format("{}: {}", source.source, report.error().message));
            ++source.failures;
        } else {
            if (!source.problem.empty()) log_line(fmt::format("{}: works again", source.source));
            source.problem.clear();
            source.failures = 0;
            tell_warnings(source.source, report->warnings);
        }
        source.due = next_look(now(), options_.every, source.failures, chance());
        return true;
    }

    /// False: it is to be tried again later. A key that may not sign any more never may.
    Result<bool> try_release() {
        const auto released = release_changes();
        if (released) {
            release_problem_.clear();
            release_failures_ = 0;
            return true;
        }
        const auto& error = released.error();
        release_due_ = Clock::now() + locked_pause;
        if (error.code == Errc::locked) return false;
        if (options_.once || !may_sign()) return error;
        say_once(release_problem_, error.message);
        // It costs as much as one that does not fail.
        release_due_ = Clock::now() + std::min<std::chrono::seconds>(
                                          std::chrono::seconds(options_.every),
                                          locked_pause * (1 << release_failures_));
        release_failures_ = std::min(release_failures_ + 1, most_doublings);
        return false;
    }

    /// Nobody knows where the records cannot be read.
    bool may_sign() const {
        const auto records = options_.workshop().records();
        return !records || records->keyring.may_sign(key_.public_key(), now());
    }

    /// The same problem is news once only.
    static void say_once(std::string& known, const std::string& problem) {
        if (known != problem) warn(problem);
        known = problem;
    }

    void tell_warnings(const std::string& source, const std::vector<std::string>& warnings) {
        auto& told = told_[source];
        if (warnings != told)
            for (const auto& line : warnings) warn(line);
        told = warnings;
    }

    /// Puts what came of a look into the list as it is now.
    Status save(const WatchedSource& source) {
        return WatchList::update(options_.list_path(), [&](WatchList& list) {
            for (auto& known : list.sources)
                if (known.source == source.source) {
                    known.problem = source.problem;
                    known.failures = source.failures;
                    known.due = source.due;
                }
            return done();
        });
    }

    Status release_changes() {
        const auto workshop = options_.workshop();
        ReleaseOptions release;
        release.level = options_.level;
        release.fresh_for = std::int64_t{options_.fresh_days} * 24 * 3600;
        const auto report = COLPORT_TRY(release_drafts(workshop, key_, release,
                                                       COLPORT_TRY(publishing_time())));
        for (const auto& line : report.warnings) warn(line);
        if (report.signed_anew)
            log_line(fmt::format("release {}: nothing is new, signed anew", report.seq));
        else if (report.releases > 0)
            log_line(fmt::format("release {}: {} {}, {} {}, {}", report.seq, report.articles,
                                 report.articles == 1 ? "article" : "articles", report.pictures,
                                 report.pictures == 1 ? "picture" : "pictures",
                                 human_size(report.packed_bytes)));
        return done();
    }

    [[nodiscard]] std::chrono::milliseconds pause(const WatchList& list) const {
        // However seldom it looks, the newest release is signed anew in time.
        const std::int64_t silence = std::int64_t{options_.fresh_days} * 24 * 3600;
        std::int64_t next = now() + std::min(options_.every, silence / 4);
        for (const auto& source : list.sources) next = std::min(next, source.due);
        std::chrono::milliseconds out = std::chrono::seconds(next - now());
        if (const auto left = release_due_ - Clock::now(); left > Clock::duration::zero())
            out = std::min(out, std::chrono::ceil<std::chrono::milliseconds>(left));
        return std::max<std::chrono::milliseconds>(std::chrono::seconds(1), out);
    }

    const Options& options_;
    SigningKey key_;
    SourceReader& reader_;
    std::map<std::string, std::vector<std::string>> told_;
    std::string release_problem_;
    unsigned release_failures_ = 0;   // in a row
    Clock::time_point release_due_{};
};

Status change_list(const Options& options) {
    COLPORT_TRY(options.workshop().records());
    return WatchList::update(options.list_path(), [&](WatchList& list) -> Status {
        for (const auto& source : options.remove) COLPORT_TRY(list.remove(source));
        for (const auto& source : options.add)
            COLPORT_TRY(list.add(source, options.full_text, options.hosts));
        return done();
    });
}

Status print_list(const Options& options) {
    const auto list = COLPORT_TRY(WatchList::load(options.list_path()));
    if (options.json) {
        auto out = nlohmann::json::array();
        for (const auto& source : list.sources)
            out.push_back({{"source", source.source},
                           {"full_text", source.full_text},
                           {"problem", source.problem},
                           {"failures", source.failures},
                           {"from", source.hosts}});
        print_json({{"sources", out}});
        return done();
    }
    for (const auto& source : list.sources) {
        const auto hosts = printable(fmt::format("{}", fmt::join(source.hosts, ", ")));
        fmt::print("{}{}{}{}\n", printable(source.source), source.full_text ? "  (full text)" : "",
                   hosts.empty() ? "" : fmt::format("  (from {} too)", hosts),
                   source.problem.empty() ? "" : "  problem: " + one_line(source.problem));
    }
    return done();
}

Status run_watch(const Options& options) {
    const auto workshop = options.workshop();
    COLPORT_TRY(workshop.records());
    if (options.changes()) COLPORT_TRY(change_list(options));
    if (options.list) return print_list(options);
    if (options.changes() && !options.once) return done();
    const auto list = COLPORT_TRY(WatchList::load(options.list_path()));
    if (list.sources.empty())
        return Error{Errc::invalid, "there is nothing to watch yet",
                     fmt::format("colport-press watch {} --add https://gazette.example/feed",
                                 options.directory)};
    COLPORT_TRY(adopt_new_key(workshop));
    auto key = COLPORT_TRY(load_signing_key(workshop, [&](const std::string& purpose) {
        return ask_passphrase(purpose, options.passphrase);
    }));
    Signals signals;
    auto reader = COLPORT_TRY(SourceReader::start(
        {options.proxy, std::chrono::seconds(options.fetch_for), [&] { return signals.came(); }}));
    return Watcher(options, std::move(key), *reader).run(signals);
}

}  // namespace

void declare_watch_command(CLI::App& app, int& exit_code) {
    static Options options;
    auto* watch = app.add_subcommand(
        "watch", "look at feeds and folders on a timer, and release what is new");
    watch->add_option("DIR", options.directory, "the publisher's folder")->required();
    watch->add_option("--add", options.add, "watch this address, file or folder from now on");
    watch->add_option("--remove", options.remove, "watch it no more");
    watch->add_flag("--full-text", options.full_text,
                    "with --add: take each item's text from its own page");
    watch->add_option("--from", options.hosts,
                      "with --add: also fetch its pictures and pages from this host");
    watch->add_flag("--list", options.list, "print what is watched");
    const CLI::AsNumberWithUnit units(
        std::map<std::string, std::int64_t>{{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}});
    watch->add_option("--every", options.every, "how often, such as 15m or 2h (default 15m)")
        ->transform(units)
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{30} * 86'400));
    watch->add_option("--fetch-for", options.fetch_for,
                      "how long to fetch from one source at a time (default 5m); the next look "
                      "goes on")
        ->transform(units)
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{86'400}));
    watch->add_flag("--once", options.once, "look once and end, for a timer of the system");
    watch->add_option("--level", options.level, "how hard to compress, as release has it")
        ->check(CLI::Range(1, highest_level));
    watch->add_option("--fresh-for", options.fresh_days,
                      "days of silence after which readers are warned; when half of them are "
                      "over, the newest release is signed anew")
        ->check(CLI::Range(1u, 3650u));
    watch->add_option("--proxy", options.proxy,
                      "fetch through this SOCKS5 proxy alone, such as socks5h://127.0.0.1:9050");
    add_passphrase_options(watch, options.passphrase, nullptr);
    watch->add_flag("--json", options.json, "with --list: print one JSON object");
    watch->footer("Example: colport-press watch harbour --add https://gazette.example/feed\n"
                  "         colport-press watch harbour --every 15m\n"
                  "A release takes all drafts along, those added by hand too.");
    on_call(watch, program, exit_code, [] { return run_watch(options); });
}

}  // namespace colport::cli
