// What bash, zsh and fish complete.

#include <fmt/format.h>

#include "cli/generate.h"
#include "cli/option_text.h"

namespace colport::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const char* between = " ") {
    return CLI::detail::join(words, between);
}

/// "search" or "key show": the words that lead to a command.
std::string path_of(const CLI::App& command) {
    const auto* parent = command.get_parent();
    if (parent == nullptr) return {};
    const auto before = path_of(*parent);
    return before.empty() ? command.get_name() : before + " " + command.get_name();
}

std::vector<std::string> flags_of(const CLI::Option& option) {
    std::vector<std::string> out;
    for (const auto& name : option.get_lnames()) out.push_back("--" + name);
    for (const auto& name : option.get_snames()) out.push_back("-" + name);
    return out;
}

template <class Visit>
void for_all(const CLI::App& app, Visit visit) {
    visit(app);
    for (const auto* command : commands(app)) for_all(*command, visit);
}

std::string function_name(const CLI::App& app) {
    auto out = "_" + full_name(&app, "_");
    for (char& c : out)
        if (c == '-') c = '_';
    return out;
}

std::string without(std::string text, std::string_view characters) {
    std::erase_if(text, [&](char c) { return characters.find(c) != characters.npos; });
    return text;
}

std::string zsh_option(const CLI::Option& option) {
    const auto help = without(option.get_description(), "'[]:\\");
    std::string action;
    if (const auto choices = choices_of(option); !choices.empty())
        action = ":value:(" + joined(choices) + ")";
    else if (takes_value(option))
        action = ":" + without(value_name(option), "':[]") + ":_files";
    std::string out;
    for (const auto& flag : flags_of(option))
        out += fmt::format(" \\\n    '{}{}[{}]{}'", takes_many(option) ? "*" : "", flag, help, action);
    return out;
}

std::string zsh_function(const CLI::App& app) {
    const auto below = commands(app);
    const auto name = function_name(app);
    std::string out = name + "() {\n";
    if (!below.empty()) out += "  local line state\n";
    out += below.empty() ? "  _arguments" : "  _arguments -C";
    for (const auto* option : shown_options(app)) out += zsh_option(*option);
    if (below.empty()) return out + " \\\n    '*:argument:_files'\n}\n";
    out += " \\\n    '1:command:->command' \\\n    '*::argument:->argument'\n  case $state in\n"
           "    command)\n      local -a commands=(\n";
    for (const auto* command : below)
        out += fmt::format("        '{}:{}'\n", command->get_name(),
                           without(command->get_description(), "':\\"));
    out += "      )\n      _describe command commands\n      ;;\n    argument)\n      case $line[1] in\n";
    for (const auto* command : below)
        out += fmt::format("        {}) {} ;;\n", command->get_name(), function_name(*command));
    return out + "      esac\n      ;;\n  esac\n}\n";
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
    std::vector<std::string> paths;
    std::string values, words;
    for_all(app, [&](const CLI::App& one) {
        const auto path = path_of(one);
        if (!path.empty()) paths.push_back(fmt::format("'{}'", path));
        std::vector<std::string> offered;
        for (const auto* command : commands(one)) offered.push_back(command->get_name());
        for (const auto* option : shown_options(one)) {
            const auto flags = flags_of(*option);
            offered.insert(offered.end(), flags.begin(), flags.end());
            if (!takes_value(*option)) continue;
            std::vector<std::string> cases;
            for (const auto& flag : flags) cases.push_back(fmt::format("'{}:{}'", path, flag));
            values += fmt::format("    {}) words='{}' ;;\n", joined(cases, "|"),
                                  joined(choices_of(*option)));
        }
        words += fmt::format("      '{}') words='{}' ;;\n", path, joined(offered));
    });
    std::string walk;
    if (!paths.empty())
        walk = fmt::format(
            "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
            "    word=\"${{command:+$command }}${{COMP_WORDS[i]}}\"\n"
            "    case $word in\n      {}) command=$word ;;\n    esac\n  done\n",
            joined(paths, "|"));
    return fmt::format(
        "# bash completion of {0}\n"
        "{1}() {{\n"
        "  local command='' current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}\n"
        "  local i word words\n"
        "{2}"
        "  # The shell takes --option=value apart.\n"
        "  if [[ $current == = ]]; then\n    current=''\n"
        "  elif [[ $previous == = ]]; then\n    previous=${{COMP_WORDS[COMP_CWORD-2]}}\n  fi\n"
        "  case $command:$previous in\n{3}    *)\n      case $command in\n{4}      esac ;;\n  esac\n"
        "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
        "}}\n"
        "complete -o bashdefault -o default -F {1} {0}\n",
        app.get_name(), function_name(app), walk, values, words);
}

std::string zsh_completion(const CLI::App& app) {
    std::string out = "#compdef " + app.get_name() + "\n";
    for_all(app, [&](const CLI::App& one) { out += zsh_function(one); });
    return out + function_name(app) + " \"$@\"\n";
}

std::string fish_completion(const CLI::App& app) {
    std::string out = "# fish completion of " + app.get_name() + "\n";
    const auto& name = app.get_name();
    for_all(app, [&](const CLI::App& one) {
        std::string where;
        const auto below = commands(one);
        std::vector<std::string> names;
        for (const auto* command : below) names.push_back(command->get_name());
        for (const auto* at = &one; at->get_parent() != nullptr; at = at->get_parent())
            where = "__fish_seen_subcommand_from " + at->get_name() +
                    (where.empty() ? "" : "; and " + where);
        const auto condition = [&](const std::string& more) {
            const auto all = where.empty() || more.empty() ? where + more : where + "; and " + more;
            return all.empty() ? "" : fmt::format(" -n '{}'", all);
        };
        const auto unchosen =
            names.empty() ? "" : "not __fish_seen_subcommand_from " + joined(names);
        for (const auto* command : below)
            out += fmt::format("complete -c {}{} -f -a {} -d '{}'\n", name, condition(unchosen),
                               command->get_name(), without(command->get_description(), "'\\"));
        for (const auto* option : shown_options(one)) {
            out += fmt::format("complete -c {}{}", name, condition(unchosen));
            for (const auto& flag : option->get_lnames()) out += " -l " + flag;
            for (const auto& flag : option->get_snames()) out += " -s " + flag;
            if (const auto choices = choices_of(*option); !choices.empty())
                out += fmt::format(" -x -a '{}'", joined(choices));
            else if (takes_value(*option)) out += " -r";
            out += fmt::format(" -d '{}'\n", without(option->get_description(), "'\\"));
        }
    });
    return out;
}

}  // namespace colport::cli
