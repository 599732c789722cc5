#include "cli/press/draft_commands.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "article/article.h"
#include "cli/command.h"
#include "cli/press/find_id.h"
#include "cli/press/key_commands.h"
#include "press/correction.h"
#include "press/drafts.h"
#include "press/prepared.h"
#include "press/retraction.h"
#include "press/sandbox/sandbox.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "colport-press";

struct Options {
    std::string directory;
    std::string id;
    std::vector<std::string> drop;
    std::string reason, note;
    std::string file, format;
    bool json = false;

    [[nodiscard]] Workshop workshop() const { return {directory}; }
};

/// A workshop that is locked, and what it has published.
struct Opened {
    PressLock lock;
    SignedRecords state;
    Catalogue published;
};

Result<Opened> open(const Workshop& workshop) {
    auto lock = COLPORT_TRY(lock_workshop(workshop));
    auto state = COLPORT_TRY(workshop.records());
    auto published = COLPORT_TRY(read_catalogue(workshop.feed(), state));
    return Opened{std::move(lock), std::move(state), std::move(published)};
}

std::vector<ArticleId> ids_of(const Catalogue& published) {
    std::vector<ArticleId> out;
    for (const auto& [id, article] : published.articles) out.push_back(id);
    return out;
}

std::string kind_of(const DraftEntry& entry) {
    if (entry.retracts) return "retraction";
    return entry.revision > 1 ? "revision" : "new";
}

void print_drafts_json(const Drafts& drafts) {
    auto list = nlohmann::json::array();
    auto warnings = nlohmann::json::array();
    std::uint64_t picture_bytes = 0;
    for (const auto& picture : drafts.pictures) picture_bytes += picture.bytes;
    for (const auto& entry : drafts.articles) {
        list.push_back({{"id", entry.id.hex()},
                        {"kind", kind_of(entry)},
                        {"revision", entry.revision},
                        {"title", entry.title},
                        {"language", entry.language},
                        {"published", format_timestamp(entry.published, entry.zone)},
                        {"bytes", entry.bytes},
                        {"warnings", entry.warnings}});
        for (const auto& warning : entry.warnings)
            warnings.push_back(fmt::format("{}: {}", entry.id.hex().substr(0, 12), warning));
    }
    for (const auto& line : drafts.missing) warnings.push_back(line);
    print_json({{"drafts", list},
                {"pictures", drafts.pictures.size()},
                {"picture_bytes", picture_bytes},
                {"warnings", warnings}});
}

void print_drafts(const Drafts& drafts) {
    std::uint64_t bytes = 0, picture_bytes = 0;
    for (const auto& entry : drafts.articles) {
        bytes += entry.bytes;
        std::string more;
        if (entry.retracts) more = "(retraction)";
        else if (entry.revision > 1) more = fmt::format("(revision {})", entry.revision);
        fmt::print("{}  {:16}  {:2}  {:>9}  {}{}{}\n", entry.id.hex().substr(0, 12),
                   format_time(entry.published, entry.zone), printable(entry.language),
                   human_size(entry.bytes), one_line(entry.title),
                   more.empty() || entry.title.empty() ? "" : " ", more);
        if (!entry.warnings.empty())
            fmt::print("{:14}warning: {}\n", "", fmt::join(entry.warnings, ", "));
    }
    for (const auto& picture : drafts.pictures) picture_bytes += picture.bytes;
    for (const auto& line : drafts.missing)
        fmt::print(stderr, "{}: warning: {}\n", program, printable(line));
    fmt::print(stderr, "{} drafts, {} of text before compression; {} pictures, {}\n",
               drafts.articles.size(), human_size(bytes), drafts.pictures.size(),
               human_size(picture_bytes));
}

void tell_if_void(const Workshop& workshop) {
    if (is_release_prepared(workshop)) return;
    fmt::print(stderr,
               "{}: warning: the release that was prepared for a signature holds this and is "
               "finished no more\nhint: prepare it again, and destroy the file on its stick\n",
               program);
}

Status drop(const Options& options) {
    const auto workshop = options.workshop();
    const auto opened = COLPORT_TRY(open(workshop));
    const auto all = COLPORT_TRY(draft_ids(workshop));
    std::set<ArticleId> ids;
    for (const auto& typed : options.drop) ids.insert(COLPORT_TRY(find_id(all, typed, "draft")));
    const bool was_prepared = is_release_prepared(workshop);
    for (const auto& id : ids) COLPORT_TRY(drop_draft(workshop, id));
    // Their pictures go with them.
    COLPORT_TRY(remove_published_drafts(workshop, opened.published));
    COLPORT_TRY(sync_drafts(workshop));
    if (was_prepared) tell_if_void(workshop);
    return done();
}

Status run_drafts(const Options& options) {
    const auto workshop = options.workshop();
    if (!options.drop.empty()) COLPORT_TRY(drop(options));
    const auto state = COLPORT_TRY(workshop.records());
    const auto published = COLPORT_TRY(read_catalogue(workshop.feed(), state));
    const auto drafts = COLPORT_TRY(list_drafts(workshop, published));
    if (options.json) print_drafts_json(drafts);
    else print_drafts(drafts);
    return done();
}

Status run_retract(const Options& options) {
    const auto workshop = options.workshop();
    const auto opened = COLPORT_TRY(open(workshop));
    auto ids = ids_of(opened.published);
    for (const auto& id : COLPORT_TRY(draft_ids(workshop)))
        if (!opened.published.articles.contains(id)) ids.push_back(id);
    const auto id = COLPORT_TRY(find_id(ids, options.id, "article of this feed"));
    const bool was_prepared = is_release_prepared(workshop);
    const auto what =
        COLPORT_TRY(retract_article(workshop, opened.published, id, options.reason));
    COLPORT_TRY(sync_drafts(workshop));
    if (was_prepared) tell_if_void(workshop);
    if (options.json)
        print_json({{"id", id.hex()},
                    {"state", what == Retracted::published ? "to be retracted"
                              : what == Retracted::draft   ? "draft dropped"
                                                           : "retracted already"}});
    else if (what == Retracted::already)
        fmt::print(stderr, "{} is retracted already\n", id.hex());
    else if (what == Retracted::draft)
        fmt::print("{} was a draft and is dropped\n", id.hex());
    else
        fmt::print("{} will be retracted by the next release\n", id.hex());
    return done();
}

Result<Imported> read_correction(const Options& options, const SignedRecords& state) {
    ImportOptions import;
    if (!options.format.empty()) import.format = COLPORT_TRY(parse_source_format(options.format));
    import.language = state.keyring.message().language();
    import.folder = fs::absolute(options.file).parent_path();
    Sandbox sandbox;
    auto out = COLPORT_TRY(sandbox.import_file(options.file, options.file, import));
    if (out.articles.size() != 1)
        return Error{Errc::invalid, fmt::format("{} holds {} articles, not the corrected one",
                                                options.file, out.articles.size())};
    return out;
}

Status run_correct(const Options& options) {
    const auto workshop = options.workshop();
    const auto opened = COLPORT_TRY(open(workshop));
    const auto id = COLPORT_TRY(
        find_id(ids_of(opened.published), options.id, "published article of this feed"));
    auto imported = COLPORT_TRY(read_correction(options, opened.state));
    for (const auto& warning : imported.warnings)
        fmt::print(stderr, "{}: warning: {}\n", program, printable(warning));
    const auto left_out = COLPORT_TRY(correct_article(
        workshop, opened.state, opened.published, id,
        std::move(imported.articles.front().article), options.note,
        COLPORT_TRY(publishing_time()), std::move(imported.pictures)));
    COLPORT_TRY(sync_drafts(workshop));
    if (left_out != 0)
        fmt::print(stderr, "{}: warning: {} left out: redacted with another article\n", program,
                   left_out == 1 ? "one picture is" : fmt::format("{} pictures are", left_out));
    const auto revision = opened.published.articles.at(id).revision + 1;
    if (options.json) print_json({{"id", id.hex()}, {"revision", revision}});
    else fmt::print("{} will be corrected by the next release (revision {})\n", id.hex(), revision);
    return done();
}

CLI::App* add_command(CLI::App& app, const char* name, const char* help, Options& options) {
    auto* command = app.add_subcommand(name, help);
    command->add_option("DIR", options.directory, "the publisher's folder")->required();
    return command;
}

}  // namespace

void declare_draft_commands(CLI::App& app, int& exit_code) {
    static Options options;
    auto* drafts = add_command(app, "drafts", "list what the next release would publish", options);
    drafts->add_option("--drop", options.drop, "first drop the draft with this id");
    drafts->add_flag("--json", options.json, "print one JSON object");
    drafts->footer("Example: colport-press drafts harbour --drop 3f9c");
    on_call(drafts, program, exit_code, [] { return run_drafts(options); });

    auto* retract = add_command(app, "retract",
                                "take an article back: its text goes from every reader's view",
                                options);
    retract->add_option("ID", options.id, "its id or the beginning of it")->required();
    retract->add_option("--reason", options.reason, "what readers see in its place");
    retract->add_flag("--json", options.json, "print one JSON object");
    retract->footer(
        "Example: colport-press retract harbour 3f9c --reason \"The account was not true.\"\n"
        "The next release carries it. The old text stays in the files that readers hold and\n"
        "share: whoever wants to dig it out can.");
    on_call(retract, program, exit_code, [] { return run_retract(options); });

    auto* correct = add_command(app, "correct", "publish a corrected text of an article", options);
    correct->add_option("ID", options.id, "its id or the beginning of it")->required();
    correct->add_option("FILE", options.file, "the corrected text, in any format of add")->required();
    correct->add_option("--note", options.note, "what readers see was corrected");
    correct->add_option("--format", options.format, source_format_names());
    correct->add_flag("--json", options.json, "print one JSON object");
    correct->footer("Example: colport-press correct harbour 3f9c corrected.md --note \"The year was "
                    "1987, not 1978.\"\n"
                    "Title, authors, time and address stay as they were where FILE has none.");
    on_call(correct, program, exit_code, [] { return run_correct(options); });
}

}  // namespace colport::cli
