// Man pages in the man(7) macros.

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "cli/config_file.h"
#include "cli/generate.h"
#include "cli/option_text.h"

#ifndef COLPORT_VERSION
#error "the build names the version"
#endif

namespace colport::cli {
namespace {

constexpr std::string_view place_of_options = ".\\\" options\n";

constexpr std::size_t line_width = 60;

constexpr const char* exit_status =
    ".SH EXIT STATUS\n"
    ".TP\n0\nDone.\n"
    ".TP\n1\nFailed; the reason and often a hint are on standard error.\n"
    ".TP\n2\nThe command line or the configuration is wrong, and nothing was done.\n";

/// Text of the program as roff that stands for itself.
std::string roff(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((i == 0 || text[i - 1] == '\n') && (c == '.' || c == '\'')) out += "\\&";
        if (c == '\\') out += "\\e";
        else if (c == '-') out += "\\-";
        else if (c == '\'') out += "\\(aq";
        else if (c == '`') out += "\\(ga";
        else if (c == '^') out += "\\(ha";
        else if (c == '~') out += "\\(ti";
        else out += c;
    }
    return out;
}

std::string title(const std::string& name, int section, const char* volume) {
    std::string upper = name;
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    return fmt::format(".TH \"{}\" {} \"{}\" \"Colport {}\" \"{}\"\n", roff(upper), section,
                       COLPORT_DATE, COLPORT_VERSION, volume);
}

/// "Reads and searches." → "reads and searches"
std::string in_a_sentence(std::string text) {
    if (!text.empty()) text[0] = static_cast<char>(std::tolower(text[0]));
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string sentence(std::string text) {
    if (text.empty()) return text;
    text[0] = static_cast<char>(std::toupper(text[0]));
    return text.ends_with('.') ? text : text + ".";
}

std::string paragraph(const std::string& text) { return roff(wrapped(text, line_width, "")); }

std::string names_of(const CLI::Option& option) {
    std::string out;
    const auto add = [&](const std::string& name) {
        out += (out.empty() ? "" : ", ") + ("\\fB" + roff(name) + "\\fR");
    };
    for (const auto& name : option.get_snames()) add("-" + name);
    for (const auto& name : option.get_lnames()) add("--" + name);
    if (const auto value = value_name(option); !value.empty())
        out += " \\fI" + roff(value) + "\\fR";
    return out;
}

/// A paragraph: what an option does, and what holds without it.
std::string explained(const CLI::Option& option) {
    auto text = sentence(described(option));
    if (const auto value = default_text(option); !value.empty())
        text += " Without it: " + value + ".";
    return paragraph(text);
}

std::string synopsis(const CLI::App& app) {
    auto out = fmt::format(".SH SYNOPSIS\n.B {}\n[\\fIOPTION\\fR]...\n", roff(full_name(&app)));
    for (const auto* option : positionals(app)) {
        const auto text = fmt::format("\\fI{}\\fR{}", roff(option->get_name(true)),
                                      takes_many(*option) ? "..." : "");
        out += option->get_required() ? text + "\n" : "[" + text + "]\n";
    }
    if (!commands(app).empty())
        out += "\\fICOMMAND\\fR\n[\\fIARGUMENT\\fR]...\n";
    return out;
}

std::string options_section(const CLI::App& app) {
    std::string out;
    if (const auto all = commands(app); !all.empty()) {
        out += ".SH COMMANDS\n";
        for (const auto* command : all)
            out += fmt::format(".TP\n.BR {} (1)\n{}", roff(full_name(command, "-")),
                               paragraph(sentence(command->get_description())));
    }
    if (const auto all = positionals(app); !all.empty()) {
        out += ".SH ARGUMENTS\n";
        for (const auto* option : all)
            out += fmt::format(".TP\n.I {}\n{}", roff(option->get_name(true)), explained(*option));
    }
    out += ".SH OPTIONS\n";
    for (const auto* option : shown_options(app))
        out += fmt::format(".TP\n{}\n{}", names_of(*option), explained(*option));
    return out;
}

std::string environment_section(const CLI::App& app) {
    std::string out;
    for (const auto* option : shown_options(app))
        if (!option->get_envname().empty())
            out += fmt::format(".TP\n.B {}\nAs \\fB{}\\fR; the command line wins.\n",
                               option->get_envname(), roff("--" + option->get_lnames().front()));
    return out.empty() ? out : ".SH ENVIRONMENT\n" + out;
}

std::string examples_section(const CLI::App& app) {
    auto text = app.get_footer();
    for (const std::string_view label : {"Example: ", "Example:\n"})
        if (text.starts_with(label)) text.erase(0, label.size());
    while (text.ends_with('\n')) text.pop_back();
    if (text.empty()) return text;
    return ".SH EXAMPLES\n.nf\n" + roff(text) + "\n.fi\n";
}

std::string see_also(std::vector<std::string> pages) {
    std::string out = ".SH SEE ALSO\n";
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const auto open = pages[i].find('(');
        out += fmt::format(".BR {} {}{}\n", roff(pages[i].substr(0, open)), pages[i].substr(open),
                           i + 1 < pages.size() ? "," : "");
    }
    return out;
}

std::string see_also_of(const CLI::App& app) {
    std::vector<std::string> pages;
    for (const auto* parent = app.get_parent(); parent != nullptr; parent = parent->get_parent())
        pages.push_back(full_name(parent, "-") + "(1)");
    for (const char* page : {"colport(1)", "colportd(1)", "colport-press(1)", "colportd.conf(5)",
                             "colport-feed(5)"})
        if (std::find(pages.begin(), pages.end(), page) == pages.end() &&
            page != app.get_name() + "(1)")
            pages.emplace_back(page);
    return see_also(pages);
}

/// The text before the options and the text behind them.
std::pair<std::string, std::string> halves(const std::string& text, const std::string& before) {
    const auto at = text.find(place_of_options);
    if (at == text.npos) return {before, text};
    return {text.substr(0, at), text.substr(at + place_of_options.size())};
}

}  // namespace

std::string man_page(const CLI::App& app, const std::string& text) {
    const auto name = full_name(&app, "-");
    const auto& description = app.get_description();
    const auto [before, after] =
        halves(text, ".SH DESCRIPTION\n" + paragraph(sentence(description)));
    return title(name, 1, "User Commands") +
           ".SH NAME\n" + paragraph(name + " - " + in_a_sentence(description)) +
           synopsis(app) + before + options_section(app) + exit_status + environment_section(app) +
           after + examples_section(app) + see_also_of(app);
}

std::string config_page(const CLI::App& app, const std::string& text) {
    const auto file = app.get_name() + ".conf";
    const auto [before, after] = halves(text, "");
    std::string keys = ".SH KEYS\n";
    for (const auto& key : config_keys(app)) {
        const auto* option = app.get_option("--" + key);
        const auto value = value_name(*option);
        keys += fmt::format(".TP\n\\fB{}\\fR = \\fI{}\\fR\n{}", roff(key),
                            roff(value.empty() ? "true|false" : value), explained(*option));
    }
    return title(file, 5, "File Formats") +
           fmt::format(".SH NAME\n{} \\- options of {}\n", roff(file), roff(app.get_name())) +
           before + keys + after + see_also({app.get_name() + "(1)"});
}

}  // namespace colport::cli
