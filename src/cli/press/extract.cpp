#include "cli/press/extract.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "article/article.h"
#include "article/render.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "press/import.h"
#include "press/page/running_text.h"
#include "press/sandbox/sandbox.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "colport-press";
constexpr const char* standard_input = "-";
constexpr std::size_t max_page = std::size_t{64} << 20;

struct Options {
    std::string page;
    std::string base_url;
    std::string format;
    bool json = false;
    bool text = false;
    bool html = false;
    bool markdown = false;
};

Result<std::string> read_standard_input() {
    std::string out;
    std::array<char, 65'536> buffer;
    while (true) {
        const auto got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Error{Errc::io, "cannot read standard input"};
        if (got == 0) return out;
        out.append(buffer.data(), static_cast<std::size_t>(got));
        if (out.size() > max_page)
            return Error{Errc::too_large, "standard input: larger than 64 MiB"};
    }
}

Result<Imported> import_page(const Options& options) {
    const bool piped = options.page == standard_input;
    ImportOptions import;
    import.base_url = options.base_url;
    if (!options.format.empty()) import.format = COLPORT_TRY(parse_source_format(options.format));
    if (!piped) import.folder = fs::absolute(options.page).parent_path();
    const auto name = piped ? std::string("standard input") : options.page;
    Sandbox sandbox;
    auto imported = COLPORT_TRY(piped ? sandbox.import_bytes(COLPORT_TRY(read_standard_input()),
                                                             name, import)
                                      : sandbox.import_file(options.page, name, import));
    for (const auto& warning : imported.warnings)
        say(fmt::format("{}: warning: {}\n", program, printable(warning)));
    if (imported.articles.empty())
        return Error{Errc::not_found, fmt::format("no article found in {}", name),
                     "a page drawn by a script may hold none: save it from a browser"};
    if (imported.articles.size() > 1)
        return Error{Errc::invalid,
                     fmt::format("{} holds {} articles, not one page", name,
                                 imported.articles.size()),
                     "add takes all of them: colport-press add DIR SOURCE"};
    return imported;
}

template <class Spans>
std::string plain(const Spans& spans) {
    std::string out;
    for (const auto& span : spans) out += span.text();
    return out;
}

nlohmann::json picture_json(const pb::Figure& figure) {
    return {{"alt", figure.alt()},       {"caption", plain(figure.caption())},
            {"credit", figure.credit()}, {"picture", to_hex(figure.picture())},
            {"width", figure.width()},   {"height", figure.height()},
            {"bytes", figure.size()}};
}

nlohmann::json page_json(const Imported& imported) {
    const auto& article = imported.articles.front().article;
    auto out = to_json(article);
    for (const char* draft : {"id", "revision", "note"}) out.erase(draft);
    out["guid"] = imported.articles.front().guid;
    out["text"] = running_text(article);
    auto pictures = nlohmann::json::array();
    if (article.has_lead()) pictures.push_back(picture_json(article.lead()));
    for (const auto& block : article.blocks())
        if (block.has_figure()) pictures.push_back(picture_json(block.figure()));
    out["pictures"] = std::move(pictures);
    out["warnings"] = imported.warnings;
    return out;
}

/// For a person: what is known of the article, then its text with captions.
void print_page(const pb::Article& article) {
    const auto line = [](const char* what, const std::string& value) {
        if (!value.empty()) fmt::print("{:<10}{}\n", what, one_line(value));
    };
    line("title", article.title());
    line("authors", fmt::format("{}", fmt::join(article.authors(), ", ")));
    line("published", format_timestamp(article.published(), article.zone()));
    line("updated", format_timestamp(article.updated(), article.zone()));
    line("language", article.language());
    line("section", article.section());
    line("tags", fmt::format("{}", fmt::join(article.tags(), ", ")));
    line("url", article.url());
    fmt::print("\n{}\n", printable(to_text(article)));
}

Status run_extract(const Options& options) {
    const auto imported = COLPORT_TRY(import_page(options));
    const auto& article = imported.articles.front().article;
    if (options.json)
        print_json(page_json(imported));
    else if (options.text)
        fmt::print("{}\n", printable(running_text(article)));
    else if (options.html)
        fmt::print("<h1>{}</h1>\n{}\n", escape_html(article.title()),
                   to_html(article, [](const pb::Figure&) { return std::string(); }));
    else if (options.markdown)
        fmt::print("{}", printable(to_markdown(article)));
    else
        print_page(article);
    return done();
}

}  // namespace

void declare_extract_command(CLI::App& app, int& exit_code) {
    static Options options;
    auto* extract = app.add_subcommand("extract", "show the article that a page yields");
    extract->add_option("PAGE", options.page, "a saved page or a text; - reads standard input")
        ->required();
    extract->add_option("--base-url", options.base_url, "address that relative links start from");
    extract->add_option("--format", options.format, "html or text instead of a look");
    auto* json = extract->add_flag("--json", options.json, "print one JSON object");
    auto* text = extract->add_flag("--text", options.text, "print the running text alone");
    auto* html = extract->add_flag("--html", options.html, "print it as HTML");
    auto* markdown = extract->add_flag("--markdown", options.markdown, "print it as Markdown");
    json->excludes(text)->excludes(html)->excludes(markdown);
    text->excludes(html)->excludes(markdown);
    html->excludes(markdown);
    extract->footer(
        "Nothing is fetched and no feed is changed.\n"
        "Example: colport-press extract ferry.html --base-url https://gazette.example/ferry");
    on_call(extract, program, exit_code, [] { return run_extract(options); });
}

}  // namespace colport::cli
