#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/config_file.h"
#include "cli/nearest.h"
#include "cli/option_text.h"

namespace colport::cli {
namespace {

/// One column for what is typed, one for what it does. Variables, types and ranges
/// are for the man page.
class Help : public CLI::Formatter {
public:
    std::string make_help(const CLI::App* app, std::string name,
                          CLI::AppFormatMode mode) const override {
        if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
        std::string out = make_description(app) + make_usage(app, std::move(name)) +
                          make_positionals(app);
        bool more = false;
        for (const auto& group : app->get_groups()) {
            const auto options = app->get_options([&](const CLI::Option* option) {
                return option->nonpositional() && option->get_group() == group;
            });
            if (group.empty() || options.empty()) continue;
            if (group == more_group && mode != CLI::AppFormatMode::All) more = true;
            else out += make_group(group, false, options);
        }
        if (more)
            out += fmt::format("\nMore: {} --help-all, man {}\n", full_name(app), full_name(app, "-"));
        return out + make_subcommands(app, mode) + "\n" + make_footer(app);
    }
    std::string make_option_opts(const CLI::Option* option) const override {
        if (!takes_value(*option)) return {};
        return (option->get_positional() ? "" : " " + value_name(*option)) +
               (takes_many(*option) ? " ..." : "");
    }
    std::string make_option_desc(const CLI::Option* option) const override {
        auto out = option->get_description();
        if (const auto value = default_text(*option); !value.empty() && value != "0")
            out += fmt::format(" ({})", value);
        return out;
    }

};

std::vector<std::string> words_of(const CLI::App& app) {
    std::vector<std::string> out;
    for (const auto* option : shown_options(app))
        for (const auto& long_name : option->get_lnames()) out.push_back("--" + long_name);
    for (const auto* command : commands(app)) out.push_back(command->get_name());
    return out;
}

}  // namespace

void use_help(CLI::App& app) {
    const auto help = std::make_shared<Help>();
    help->column_width(34);
    const auto apply = [&](CLI::App* one) {
        one->formatter(help);
        one->set_help_flag("-h,--help", "print this and exit");
        const auto groups = one->get_groups();
        if (std::find(groups.begin(), groups.end(), more_group) != groups.end())
            one->set_help_all_flag("--help-all", "print every option and exit");
    };
    apply(&app);
    for (auto* command : app.get_subcommands([](const CLI::App*) { return true; })) apply(command);
}

std::string usage_hint(const CLI::App& app, const CLI::ParseError& error) {
    if (const auto* known = dynamic_cast<const UsageError*>(&error)) return known->hint;
    const auto* at = &app;
    std::string name = app.get_name();
    if (const auto chosen = app.get_subcommands(); !chosen.empty()) {
        at = chosen.front();
        name += " " + at->get_name();
    }
    const auto words = words_of(*at);
    for (const auto& typed : app.remaining(true))
        if (const auto meant = nearest(typed.substr(0, typed.find('=')), words); !meant.empty())
            return fmt::format("did you mean {}?", meant);
    return name + " --help";
}

}  // namespace colport::cli
