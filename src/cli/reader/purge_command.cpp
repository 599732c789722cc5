#include "cli/reader/purge_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/command.h"
#include "cli/reader/backend.h"
#include "cli/reader/choose_feed.h"
#include "cli/reader/show.h"
#include "feed/lock_file.h"
#include "peer/purge.h"
#include "storage/archive.h"
#include "web/reading_file.h"
#include "web/upload.h"

namespace colport::cli {
namespace {

struct Options {
    const std::string* data = nullptr;
    std::string feed;
    bool yes = false;
    bool as_json = false;
};

// A daemon stops within five seconds; what it has to erase may be large.
constexpr auto patience = std::chrono::seconds(120);

/// Nothing goes because of a slip.
Status be_sure(const Options& options) {
    if (options.yes) return done();
    const auto what = options.feed.empty()
                          ? fmt::format("everything that colport keeps in {}", *options.data)
                          : fmt::format("the feed {} and its articles", one_line(options.feed));
    const Error unsure{Errc::invalid, "nothing was erased: it was not confirmed",
                       "colport purge --yes erases " + what};
    if (::isatty(0) == 0 || ::isatty(2) == 0) return unsure;
    say(fmt::format("This erases {}. Type yes to go on: ", what));
    std::string typed;
    std::getline(std::cin, typed);
    return typed == "yes" ? done() : Status(unsure);
}

Result<PublicKey> purge_feed_alone(const Options& options) {
    const DataDirectory data{*options.data};
    const auto lock = COLPORT_TRY(LockFile::take(data.lock(), "another colport is using it", ""));
    auto reader = COLPORT_TRY(ArchiveReader::open(data.archive()));
    const auto feed = COLPORT_TRY(choose_feed(COLPORT_TRY(reader.feeds()), options.feed));
    auto archive = COLPORT_TRY(Archive::open(data.archive()));
    auto reading = Reading::open(web::reading_beside(data.archive()), false);
    if (reading) COLPORT_TRY(reading->forget_feed(feed));
    else if (reading.error().code != Errc::not_found) return std::move(reading).error();
    web::forget_uploads_of(feed, data.root);
    COLPORT_TRY(archive.remove_feed(feed));
    COLPORT_TRY(erase_feed(data, feed));
    return feed;
}

Status purge_feed(const Options& options) {
    Backend backend(*options.data);
    std::string key;
    if (backend.daemon_runs()) {
        const auto answer = COLPORT_TRY(
            backend.post("/api/v1/purge", json_text({{"feed", options.feed}})));
        key = nlohmann::json::parse(answer).value("feed", "");
    } else {
        key = COLPORT_TRY(purge_feed_alone(options)).hex();
    }
    if (options.as_json) fmt::print("{}\n", json_text({{"feed", key}}));
    else fmt::print("erased: {}\n", key);
    say("Not erased: copies on sticks, and searches that are kept. A feed that the\n"
        "configuration or a list names comes back: take it out there.\n");
    return done();
}

/// The daemon lets go of the lock when it has erased all; what a kill left is
/// erased here.
Result<PurgeReport> purge_when_free(const DataDirectory& data, bool wait) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (true) {
        auto report = purge(data);
        const bool again = !report && report.error().code == Errc::locked && wait;
        if (!again || std::chrono::steady_clock::now() > end) return report;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

Status purge_everything(const Options& options) {
    const DataDirectory data{*options.data};
    Backend backend(*options.data);
    const bool by_daemon = backend.daemon_runs();
    if (by_daemon) COLPORT_TRY(backend.post("/api/v1/purge", json_text({{"feed", ""}})));
    const auto report = COLPORT_TRY(purge_when_free(data, by_daemon));
    if (options.as_json) {
        fmt::print("{}\n", json_text({{"erased", true}, {"left", report.left}}));
        return done();
    }
    fmt::print("erased: all that colport kept in {}{}\n", *options.data,
               by_daemon ? ", and the daemon has stopped" : "");
    if (report.left != 0)
        say(fmt::format("{} entries there are not colport's and stay\n", report.left));
    say("Not erased: a configuration file, copies on sticks, what the system logs, and what\n"
        "the disk keeps of erased files, which can often be recovered unless it is encrypted.\n"
        "A daemon that is started again follows anew what the configuration names.\n");
    return done();
}

Status run_purge(const Options& options) {
    COLPORT_TRY(be_sure(options));
    return options.feed.empty() ? purge_everything(options) : purge_feed(options);
}

}  // namespace

void declare_purge_command(CLI::App& app, const std::string& data, int& exit_code) {
    static Options options;
    options.data = &data;
    auto* purge = add_reader_command(app, "purge", "erase all that is kept here, or one feed",
                                     options, run_purge, exit_code);
    purge->add_option("--feed", options.feed, "one feed alone, by name or key");
    purge->add_flag("--yes", options.yes, "do not ask");
    purge->footer("Example: colport purge --yes\n"
                  "A running daemon stops serving, erases and ends. Erased files can often be\n"
                  "recovered from a disk that is not encrypted.");
}

}  // namespace colport::cli
