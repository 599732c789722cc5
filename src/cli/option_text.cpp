#include "cli/option_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace colport::cli {

bool takes_many(const CLI::Option& option) {
    return option.get_expected_max() == CLI::detail::expected_max_vector_size;
}

bool takes_value(const CLI::Option& option) {
    return option.get_expected_min() > 0 && option.get_type_size() != 0;
}

std::vector<std::string> choices_of(const CLI::Option& option) {
    // CLI11 keeps the words of IsMember in the name of the type alone.
    const auto type = option.get_type_name();
    const auto begin = type.find('{'), end = type.rfind('}');
    if (begin == type.npos || end == type.npos || end < begin) return {};
    return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

std::string value_name(const CLI::Option& option) {
    if (!takes_value(option)) return {};
    if (const auto choices = choices_of(option); !choices.empty())
        return CLI::detail::join(choices, "|");
    auto text = option.get_option_text();
    if (const auto end = text.find(" ..."); end != text.npos) text.resize(end);
    if (!text.empty()) return text;
    return option.get_type_name().starts_with("TEXT") ? "TEXT" : "N";
}

std::string default_text(const CLI::Option& option) {
    const auto value = option.get_default_str();
    if (!takes_value(option) || value == "[]") return {};
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home != '/' || !value.starts_with(std::string(home) + "/")) return value;
    return "~" + value.substr(std::string_view(home).size());
}

std::string described(const CLI::Option& option) {
    auto out = option.get_description();
    if (takes_many(option) && option.nonpositional()) out += "; may be repeated";
    return out;
}

std::vector<const CLI::Option*> shown_options(const CLI::App& app) {
    return app.get_options([](const CLI::Option* option) {
        return option->nonpositional() && !option->get_group().empty();
    });
}

std::vector<const CLI::Option*> positionals(const CLI::App& app) {
    return app.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::string full_name(const CLI::App* app, const char* between) {
    const auto* parent = app->get_parent();
    if (parent == nullptr) return app->get_name();
    return full_name(parent, between) + between + app->get_name();
}

std::vector<const CLI::App*> commands(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App* command) {
        return !command->get_name().empty() && !command->get_group().empty();
    });
}

std::string wrapped(const std::string& text, std::size_t width, const std::string& prefix) {
    std::istringstream words(text);
    std::string out, line, word;
    while (words >> word) {
        if (!line.empty() && line.size() + 1 + word.size() > width) {
            out += prefix + line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
    }
    return line.empty() ? out : out + prefix + line + "\n";
}

}  // namespace colport::cli
