#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

/// Man pages, completions and sample files of a program, from the options that it
/// declares; the build runs `PROGRAM --generate TEXTS OUT`.
namespace colport::cli {

bool wants_pages(int argc, char** argv);

/// Writes under `out`: man/*.1, man/NAME.conf.5 and NAME.conf where there is
/// --config, and completions/{bash,zsh,fish}/. What a page has beyond options stands in
/// `texts`/PAGE.man, in roff: a line `.\" options` says where those go.
/// The exit code of the process.
int write_pages(const CLI::App& app, const std::filesystem::path& texts,
                const std::filesystem::path& out);

/// A page of section 1. `text` may be empty.
std::string man_page(const CLI::App& app, const std::string& text);
/// The page of section 5 of a program's file.
std::string config_page(const CLI::App& app, const std::string& text);
std::string bash_completion(const CLI::App& app);
std::string zsh_completion(const CLI::App& app);
std::string fish_completion(const CLI::App& app);

}  // namespace colport::cli
