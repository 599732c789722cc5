#include "cli/press/redact_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/press/find_id.h"
#include "cli/press/key_commands.h"
#include "cli/press/request_text.h"
#include "cli/press/wait_for_lock.h"
#include "feed/files.h"
#include "press/drafts.h"
#include "press/redacted.h"
#include "press/signing/keyring_changes.h"
#include "press/signing/redaction.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "colport-press";

struct Options {
    std::string directory, id, prepare;
    RedactionOptions redaction;
    PassphraseSource passphrase;
    bool allow = false, yes = false, json = false;

    [[nodiscard]] Workshop workshop() const { return patient_workshop(directory); }
};

std::string count(std::size_t number, const char* one, const char* many) {
    return number == 1 ? fmt::format("one {}", one) : fmt::format("{} {}", number, many);
}

constexpr const char* kept_dictionary =
    "a compression dictionary with words of this article alone, perhaps names";

/// What is about to happen, for a person.
std::string text_of(const RedactionReport& report) {
    auto out = fmt::format("article   {}{}\n", report.article.id.hex(),
                           report.title.empty() ? "" : "  " + one_line(report.title));
    if (report.draft) out += "draft     dropped\n";
    if (report.revisions == 0) out += "          It was never published.\n";
    if (report.revisions + report.pictures != 0)
        out += fmt::format("vanishes  {}, {}\n", count(report.revisions, "revision", "revisions"),
                           count(report.pictures, "picture", "pictures"));
    if (report.files != 0)
        out += fmt::format("anew      {} of {}, {} so far: every follower fetches what replaces them\n",
                       count(report.files, "file", "files"),
                       count(report.volumes, "volume", "volumes"),
                       human_size(report.bytes_before));
    if (report.dictionary)
        out += "          among them a compression dictionary that holds words of this article\n"
               "          alone, and all that is compressed with it\n";
    if (report.dictionary_kept)
        out += fmt::format("stays     {}\n", kept_dictionary);
    if (report.pictures_kept != 0) {
        out += fmt::format("stays     {}, shown by other articles too:\n",
                           count(report.pictures_kept, "picture", "pictures"));
        for (const auto& id : report.shown_by) out += fmt::format("          {}\n", id.hex());
    }
    return out;
}

constexpr const char* what_it_cannot =
    "It goes from the disk of every reader and mirror when they next hear of the feed. It stays\n"
    "with whoever does not: machines that are never online again, sticks in drawers, backups,\n"
    "copies that others made, and what a disk keeps of deleted files. A copy of the folder public\n"
    "on your web server or seed loses it only with rsync --delete, and answers for it meanwhile.\n"
    "Take it off your site first: what a feed or an export still holds is left out here, and read\n"
    "there.\n";

nlohmann::json json_of(const RedactionReport& report) {
    auto shown_by = nlohmann::json::array();
    for (const auto& id : report.shown_by) shown_by.push_back(id.hex());
    return {{"id", report.article.id.hex()},
            {"title", report.title},
            {"draft", report.draft},
            {"revisions", report.revisions},
            {"pictures", report.pictures},
            {"pictures_kept", report.pictures_kept},
            {"shown_by", shown_by},
            {"dictionary", report.dictionary},
            {"dictionary_kept", report.dictionary_kept},
            {"files", report.files},
            {"volumes", report.volumes},
            {"bytes_before", report.bytes_before},
            {"bytes", report.bytes},
            {"seq", report.seq}};
}

Status run_allow(const Options& options) {
    const auto workshop = options.workshop();
    const auto lock = COLPORT_TRY(lock_workshop(workshop));
    const auto id = COLPORT_TRY(find_id(redacted_articles(workshop), options.id, "redacted article"));
    COLPORT_TRY(allow_again(workshop, id));
    if (options.json) print_json({{"id", id.hex()}, {"state", "allowed"}});
    else fmt::print("{} may be added again; with add --restore, where a reason stands in its place\n",
                    id.hex());
    return done();
}

/// Of all that the feed has published, and of its drafts.
Result<ArticleId> find_article(const Options& options) {
    const auto workshop = options.workshop();
    const auto state = COLPORT_TRY(workshop.records());
    const auto published = COLPORT_TRY(read_catalogue(workshop.feed(), state));
    std::set<ArticleId> ids;
    for (const auto& [id, article] : published.articles) ids.insert(id);
    for (const auto& id : COLPORT_TRY(draft_ids(workshop))) ids.insert(id);
    return find_id({ids.begin(), ids.end()}, options.id, "article of this feed");
}

void print_report(const Options& options, const RedactionReport& report) {
    if (options.json) print_json(json_of(report));
    else if (report.seq == 0) fmt::print("{} was a draft and is gone\n", report.article.id.hex());
    else
        fmt::print("release   {}\nredacted  {}\nfiles     {}, {}\n", report.seq,
                   report.article.id.hex(), report.files, human_size(report.bytes));
}

Status write_request(const Options& options, Redaction& redaction, const ReleaseProgress& tell) {
    const auto request = COLPORT_TRY(redaction.prepare(tell));
    COLPORT_TRY(write_file(options.prepare, request, 0600));
    const auto summary = COLPORT_TRY(read_request(request));
    if (options.json) {
        auto out = json_of(redaction.report());
        out["check"] = check_words(summary);
        print_json(out);
    } else {
        fmt::print("{}\n", check_line(summary));
    }
    fmt::print(stderr,
               "Take {0} to where the key is, and run: colport-press sign {1} --keys DIR\n"
               "Then here: colport-press release {2} --finish {1}\n{3}"
               "Nothing vanishes before. The file holds the article until it is signed: destroy\n"
               "other copies of it.\n",
               options.prepare, fs::path(options.prepare).filename().string(), options.directory,
               tell_check_words);
    return done();
}

Status run_redact(const Options& options) {
    if (options.allow) return run_allow(options);
    const auto workshop = options.workshop();
    COLPORT_TRY(workshop.records());
    COLPORT_TRY(adopt_new_key(workshop));
    const auto id = COLPORT_TRY(find_article(options));
    auto redaction = COLPORT_TRY(
        Redaction::open(workshop, id, options.redaction, COLPORT_TRY(publishing_time())));
    if (!options.yes) {
        fmt::print(stderr, "{}\n{}", text_of(redaction.report()), what_it_cannot);
        if (!COLPORT_TRY(confirm("Redact it for good?")))
            return Error{Errc::invalid, "nothing was redacted"};
    } else if (redaction.report().dictionary_kept) {
        fmt::print(stderr, "{}: warning: {}, stays\n", program, kept_dictionary);
    }
    if (!redaction.needs_release()) {
        COLPORT_TRY(redaction.drop_draft());
        print_report(options, redaction.report());
        return done();
    }
    Progress progress("making files anew");
    const auto tell = [&](std::size_t at, std::size_t total) { progress.show(at, total); };
    if (!options.prepare.empty()) return write_request(options, redaction, tell);
    const auto key = COLPORT_TRY(load_signing_key(workshop, [&](const std::string& purpose) {
        return ask_passphrase(purpose, options.passphrase);
    }));
    COLPORT_TRY(redaction.publish(key, tell));
    print_report(options, redaction.report());
    if (!options.json) fmt::print(stderr, "{}", what_it_cannot);
    return done();
}

}  // namespace

void declare_redact_command(CLI::App& app, int& exit_code) {
    static Options options;
    auto* redact = app.add_subcommand(
        "redact", "make an article vanish from every reader's disk, as for a source in danger");
    redact->add_option("DIR", options.directory, "the publisher's folder")->required();
    redact->add_option("ID", options.id, "its id or the beginning of it")->required();
    redact->add_option("--reason", options.redaction.reason,
                       "what readers see in its place; without, nothing tells of it");
    redact->add_flag("--keep-dictionary", options.redaction.keep_dictionary,
                     "less to fetch, although the compression dictionary may hold words of it");
    auto* prepare = redact->add_option(
        "--prepare", options.prepare,
        "write what is to be signed to this file, for colport-press sign; release --finish ends it");
    redact->add_flag("--allow", options.allow, "let one that was redacted be added again")
        ->excludes(prepare);
    redact->add_option("--level", options.redaction.level,
                       fmt::format("how hard to compress, from 1, fast, to {}, small (default {})",
                                   highest_level, default_level))
        ->check(CLI::Range(1, highest_level));
    add_passphrase_options(redact, options.passphrase, nullptr);
    redact->add_flag("--yes", options.yes, "do not ask");
    redact->add_flag("--json", options.json, "print one JSON object");
    redact->footer(
        "Example: colport-press redact harbour 3f9c\n"
        "All its revisions go, and the pictures that no other article shows. Files that held\n"
        "them are made anew and replace the old on every follower's disk.\n" +
        std::string(what_it_cannot));
    on_call(redact, program, exit_code, [] { return run_redact(options); });
}

}  // namespace colport::cli
