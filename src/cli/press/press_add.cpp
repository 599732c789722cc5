#include "cli/press/press_add.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/press/key_commands.h"
#include "cli/press/page_fetcher.h"
#include "core/limits.h"
#include "net/proxy.h"
#include "press/intake/intake.h"
#include "press/workshop.h"

namespace colport::cli {
namespace {

constexpr const char* program = "colport-press";

struct Options {
    std::string directory;
    std::vector<std::string> sources;
    std::string format;
    std::string base_url;
    std::vector<std::string> media, hosts;
    std::string pages;
    std::string proxy;
    double pause = 1.0;
    PictureSize picture_size;
    bool no_pictures = false;
    bool fetch = false, full_text = false;
    bool incomplete = false;
    bool whole = false, retract_missing = false, restore = false;
    bool json = false;
};

Result<IntakeOptions> intake_options(const Options& options, const SignedRecords& state) {
    IntakeOptions out;
    if (!options.format.empty())
        out.import.format = COLPORT_TRY(parse_source_format(options.format));
    if (!options.base_url.empty() && !is_web_source(options.base_url))
        return Error{Errc::invalid,
                     fmt::format("the base address \"{}\" is no web address", options.base_url),
                     "it begins with https:// or http://"};
    out.import.base_url = options.base_url;
    out.import.language = state.keyring.message().language();
    out.import.now = now();
    out.import.picture_size = options.picture_size;
    out.import.text_only = options.no_pictures;
    out.media.assign(options.media.begin(), options.media.end());
    out.full_text = options.full_text || !options.pages.empty();
    out.pages = options.pages;
    out.incomplete = options.incomplete;
    out.whole = options.whole;
    out.retract_missing = options.retract_missing;
    out.restore = options.restore;
    out.hosts = options.hosts;
    if (const auto& home = state.keyring.message().homepage(); !home.empty())
        out.hosts.push_back(home);
    const bool from_web =
        std::any_of(options.sources.begin(), options.sources.end(), is_web_source);
    if (!options.fetch && !from_web && (!options.full_text || !options.pages.empty())) return out;
    PageFetcherSettings settings;
    settings.pause = std::chrono::milliseconds(static_cast<int>(options.pause * 1000));
    if (!options.proxy.empty()) settings.proxy = COLPORT_TRY(parse_proxy(options.proxy));
    out.fetch = COLPORT_TRY(make_page_fetcher(settings));
    return out;
}

void print_report(const IntakeReport& report, bool retracts) {
    for (const auto& warning : report.warnings)
        fmt::print(stderr, "{}: warning: {}\n", program, printable(warning));
    constexpr std::size_t shown = 20;
    for (std::size_t i = 0; i < std::min(shown, report.missing.size()); ++i)
        fmt::print(stderr, "gone from the source: {}\n", one_line(report.missing[i]));
    if (report.missing.size() > shown)
        fmt::print(stderr, "… and {} more\n", report.missing.size() - shown);
    if (!report.missing.empty() && !retracts)
        fmt::print(stderr, "hint: --retract-missing takes them back with the next release\n");
    if (report.waiting > 0)
        fmt::print(stderr, "hint: add it again later, or take articles without the pictures that "
                           "cannot be fetched: --incomplete\n");
}

Status run_add(const Options& options) {
    const Workshop workshop{options.directory};
    const auto lock = COLPORT_TRY(lock_workshop(workshop));
    const auto state = COLPORT_TRY(workshop.records());
    const auto published = COLPORT_TRY(read_catalogue(workshop.feed(), state));
    auto intake = COLPORT_TRY(Intake::open(workshop, state.feed, published,
                                           COLPORT_TRY(intake_options(options, state))));
    std::vector<Error> failures;
    {
        Progress progress("reading");
        const auto tell = [&](std::size_t at, std::size_t total) { progress.show(at, total); };
        for (const auto& source : options.sources) {
            const auto added = intake.add(source, tell);
            if (added) continue;
            // One bad source of many is left out; the disk's refusals are not of one.
            const auto code = added.error().code;
            if (options.sources.size() == 1 || code == Errc::io || code == Errc::locked) {
                COLPORT_TRY(intake.save());
                return added.error();
            }
            failures.push_back(added.error());
        }
    }
    const auto report = COLPORT_TRY(intake.finish());
    for (const auto& error : failures)
        fmt::print(stderr, "{}: warning: {}\n", program, printable(error.message));
    print_report(report, options.retract_missing);
    if (!failures.empty() && failures.size() == options.sources.size())
        return Error{failures.front().code, "none of the sources could be read"};
    if (options.json) {
        print_json({{"added", report.added},
                    {"changed", report.changed},
                    {"unchanged", report.unchanged},
                    {"pictures", report.pictures},
                    {"missing", report.missing},
                    {"waiting", report.waiting},
                    {"retracted", report.retracted},
                    {"warnings", report.warnings}});
        return done();
    }
    fmt::print("{} new, {} changed, {} unchanged, {} pictures\n", report.added, report.changed,
               report.unchanged, report.pictures);
    if (report.retracted > 0) fmt::print("{} to be retracted\n", report.retracted);
    return done();
}

}  // namespace

void declare_add_command(CLI::App& app, int& exit_code) {
    static Options options;
    auto* add = app.add_subcommand("add", "put articles among the drafts");
    add->add_option("DIR", options.directory, "the publisher's folder")->required();
    add->add_option("SOURCE", options.sources,
                    "files, folders of them, or addresses: RSS, Atom, JSON Feed, a WordPress "
                    "export, web pages, Markdown, EPUB, WARC, WACZ, plain text, JSON Lines")
        ->required();
    add->add_option("--format", options.format,
                    source_format_names() + "; without it, what the content looks like");
    add->add_option("--base-url", options.base_url, "address that relative links start from");
    add->add_option("--media", options.media,
                    "a copy of the site's pictures, such as wp-content/uploads; may be given again");
    add->add_flag("--fetch", options.fetch, "fetch the pictures that files name on the web");
    auto* side = add->add_option("--picture-size", options.picture_size.side,
                                 "pixels of a picture's longer side at most")
                     ->check(CLI::Range(64u, 8192u))
                     ->capture_default_str();
    auto* bytes = add->add_option("--picture-bytes", options.picture_size.bytes,
                                  "bytes that a picture should not exceed")
                      ->check(CLI::Range(std::size_t{1000}, limits::picture))
                      ->capture_default_str();
    add->add_flag("--no-pictures", options.no_pictures, "take the text alone")
        ->excludes(side)
        ->excludes(bytes);
    add->add_flag("--full-text", options.full_text,
                  "take each item's text from its own page, for feeds of teasers");
    add->add_option("--pages", options.pages, "like --full-text, from this folder of saved pages")
        ->check(CLI::ExistingDirectory);
    add->add_option("--from", options.hosts,
                    "also fetch from this host, beside the feed's own and the homepage's");
    add->add_flag("--incomplete", options.incomplete,
                  "take articles at once though pictures cannot be fetched now");
    add->add_option("--proxy", options.proxy,
                    "fetch through this SOCKS5 proxy alone, such as socks5h://127.0.0.1:9050");
    add->add_option("--pause", options.pause, "seconds between two requests (default 1)")
        ->check(CLI::Range(0.0, 3600.0));
    add->add_flag("--whole", options.whole,
                  "the source holds all that there is: report what is gone from it, as with "
                  "folders and WordPress exports");
    add->add_flag("--retract-missing", options.retract_missing,
                  "take back what is gone from a whole source");
    add->add_flag("--restore", options.restore, "bring back what was retracted");
    add->add_flag("--json", options.json, "print one JSON object");
    add->footer("Examples: colport-press add harbour feed.xml pages/\n"
                "          colport-press add harbour https://gazette.example/feed --full-text\n"
                "          colport-press add harbour export.xml --media uploads/");
    on_call(add, program, exit_code, [] { return run_add(options); });
}

}  // namespace colport::cli
