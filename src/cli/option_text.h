#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

/// What help, man pages and completions say of an option, from its declaration.
namespace colport::cli {

/// Options of this group are left to --help-all and the man page.
inline constexpr const char* more_group = "More options";

/// Takes it any number of values?
bool takes_many(const CLI::Option& option);
/// Does a value follow?
bool takes_value(const CLI::Option& option);
/// Words that it may be followed by; empty: anything.
std::vector<std::string> choices_of(const CLI::Option& option);
/// What stands for its value: "FILE", "IP:PORT", "open|proxy|lan|offline".
std::string value_name(const CLI::Option& option);
/// What holds without it; folders of the home begin with ~. May be empty.
std::string default_text(const CLI::Option& option);
/// Its help, and whether it may be repeated.
std::string described(const CLI::Option& option);
/// Options that are neither positional nor hidden from everybody.
std::vector<const CLI::Option*> shown_options(const CLI::App& app);
std::vector<const CLI::Option*> positionals(const CLI::App& app);
/// "colport search", or "colport-search".
std::string full_name(const CLI::App* app, const char* between = " ");
/// The commands of a program.
std::vector<const CLI::App*> commands(const CLI::App& app);
/// Lines of at most `width` bytes, each with `prefix`; longer words stay whole.
std::string wrapped(const std::string& text, std::size_t width, const std::string& prefix);

}  // namespace colport::cli
