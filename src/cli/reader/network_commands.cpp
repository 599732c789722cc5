#include "cli/reader/network_commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/command.h"
#include "cli/reader/backend.h"
#include "cli/reader/carry.h"
#include "cli/reader/doctor.h"
#include "cli/reader/show.h"
#include "cli/terminal.h"

namespace colport::cli {
namespace {

using nlohmann::json;

struct Options {
    const std::string* data = nullptr;
    std::string mode, proxy;
    std::string feed, since, article;
    std::string place;
    bool all = false;
    bool full = false;
    bool with_peers = false;
    bool as_json = false;
    bool watch = false;
};

constexpr int doctor_seconds = 20;

Result<json> ask(Result<std::string> answer) {
    return json::parse(COLPORT_TRY(std::move(answer)));
}

void print(const json& value) { fmt::print("{}\n", json_text(value)); }

Status run_status(const Options& options) {
    const bool screen = options.watch && !options.as_json && ::isatty(1) != 0;
    while (true) {
        const auto status = COLPORT_TRY(ask(Backend(*options.data).get("/api/v1/status")));
        if (screen) fmt::print("\033[H\033[2J");
        if (options.as_json) print(status);
        else show_status(status);
        if (!options.watch) return done();
        std::fflush(stdout);
        std::this_thread::sleep_for(std::chrono::seconds(1));
        if (!screen && !options.as_json) fmt::print("\n");
    }
}

Status run_health(const Options& options) {
    COLPORT_TRY(Backend(*options.data).get("/healthz"));
    if (options.as_json) print({{"ok", true}});
    else fmt::print("ok\n");
    return done();
}

Status run_mode(const Options& options) {
    Backend backend(*options.data);
    if (!options.mode.empty())
        COLPORT_TRY(backend.post("/api/v1/mode",
                                 json_text({{"mode", options.mode}, {"proxy", options.proxy}})));
    else if (!options.proxy.empty())
        return Error{Errc::invalid, "--proxy goes with mode proxy",
                     "colport mode proxy --proxy socks5://HOST:PORT"};
    const auto status = COLPORT_TRY(ask(backend.get("/api/v1/status")));
    if (options.as_json) print({{"mode", status.at("mode")}, {"proxy", status.at("proxy")}});
    else fmt::print("{}\n", status.value("mode", ""));
    return done();
}

Status run_doctor(const Options& options) {
    Backend backend(*options.data);
    COLPORT_TRY(backend.post("/api/v1/look", "{}"));
    json status;
    for (int second = 0; second < doctor_seconds; ++second) {
        if (::isatty(2) != 0) say(fmt::format("\rtrying every carrier … {} s ", second));
        std::this_thread::sleep_for(std::chrono::seconds(1));
        status = COLPORT_TRY(ask(backend.get("/api/v1/status")));
        if (!is_undecided(status)) break;
    }
    if (::isatty(2) != 0) say("\r\033[K");
    json out = json::array();
    for (const auto& finding : diagnose(status, options.full)) {
        out.push_back({{"carrier", finding.carrier},
                       {"state", finding.state},
                       {"detail", finding.detail},
                       {"advice", finding.advice}});
        if (options.as_json) continue;
        fmt::print("{:10} {:7} {}\n", finding.carrier, finding.state, finding.detail);
        if (!finding.advice.empty()) fmt::print("{:18} → {}\n", "", finding.advice);
    }
    if (options.as_json) print(out);
    return done();
}

Status run_fetch(const Options& options) {
    if (options.all != options.since.empty())
        return Error{Errc::invalid, "say how far back: --since DAY, or --all"};
    const auto answer = COLPORT_TRY(ask(Backend(*options.data).post(
        "/api/v1/fetch", json_text({{"feed", options.feed}, {"since", options.since}}))));
    if (options.as_json) print(answer);
    else fmt::print("fetching older volumes; watch them arrive: colport status --watch\n");
    return done();
}

Status run_export(const Options& options) {
    const auto report = COLPORT_TRY(export_feeds(
        *options.data, options.place,
        {options.feed, options.since, options.article, options.with_peers}));
    if (options.as_json) {
        print({{"feeds", report.feeds}, {"files", report.files}, {"bytes", report.bytes},
               {"missing", report.missing}});
        return done();
    }
    fmt::print("{} feeds, {} files, {} in {}\n", report.feeds, report.files,
               human_size(report.bytes), options.place);
    if (report.missing != 0)
        say(fmt::format("{} files are not here yet and were left out\n", report.missing));
    return done();
}

Status run_import(const Options& options) {
    const auto feeds = COLPORT_TRY(import_feeds(*options.data, options.place));
    if (options.as_json) {
        print({{"feeds", feeds}});
        return done();
    }
    for (const auto& feed : feeds)
        fmt::print("{}  release {}  {}\n", feed.value("feed", "").substr(0, 16),
                   feed.value("seq", std::uint64_t{0}), one_line(feed.value("name", "")));
    return done();
}

}  // namespace

void declare_network_commands(CLI::App& app, const std::string& data, int& exit_code) {
    static Options options;
    options.data = &data;
    const auto add = [&](const char* name, const char* help, Status (*action)(const Options&)) {
        return add_reader_command(app, name, help, options, action, exit_code);
    };
    add("status", "show what the daemon is doing", run_status)
        ->add_flag("--watch", options.watch, "again every second");
    add("health", "say whether the daemon is alive, for scripts and containers", run_health);
    auto* mode = add("mode", "show or switch how far the daemon reaches", run_mode);
    mode->add_option("MODE", options.mode, "open, proxy, lan or offline")
        ->check(CLI::IsMember({"open", "proxy", "lan", "offline"}));
    mode->add_option("--proxy", options.proxy, "SOCKS5 proxy, socks5://[USER:PASSWORD@]HOST:PORT");
    mode->footer("Example: colport mode proxy --proxy socks5://127.0.0.1:9050\n"
                 "proxy sends everything through the proxy or not at all; lan speaks to the local\n"
                 "network only; offline to nobody. The choice holds after a restart.");
    add("doctor", "try every way to the feeds and say what works", run_doctor)
        ->add_flag("--full", options.full, "name feeds and addresses");
    auto* fetch = add("fetch", "fetch older volumes of a feed", run_fetch);
    fetch->add_option("FEED", options.feed, "name or key of the feed")->required();
    fetch->add_option("--since", options.since, "first day, as 2026-03-14");
    fetch->add_flag("--all", options.all, "everything");
    auto* carry = add("export", "copy feeds to a folder, or into one file", run_export);
    carry->add_option("PLACE", options.place, "folder, such as a USB stick; or FILE.tar")->required();
    carry->add_option("--feed", options.feed, "one feed alone, by name or key");
    carry->add_option("--since", options.since, "only volumes that changed since that day");
    carry->add_option("--article", options.article,
                      "one article alone, by its id, with those of its bundle")
        ->option_text("ID")->excludes("--since");
    carry->add_flag("--with-peers", options.with_peers,
                    "also the addresses of other readers: whoever finds the copy sees them");
    carry->footer("Example: colport export /media/stick\n"
                  "         colport export article.tar --article 3f9c\n"
                  "What is there already and right is not copied again.");
    add("import", "take in what export, a newsroom or a mirror wrote", run_import)
        ->add_option("PLACE", options.place, "folder, or FILE.tar")->required();
}

}  // namespace colport::cli
