#include "cli/generate.h"

#include <fmt/format.h>

#include <string_view>

#include "cli/config_file.h"
#include "cli/option_text.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "feed/files.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

Result<std::string> text_of(const fs::path& texts, const std::string& page) {
    const auto path = texts / (page + ".man");
    std::error_code error;
    if (!fs::exists(path, error)) return std::string();
    return read_file(path, limits::mib);
}

Status put(const fs::path& file, const std::string& content) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error)
        return Error{Errc::io, fmt::format("cannot make {}", file.parent_path().string())};
    return write_file(file, content);
}

Status put_man_pages(const CLI::App& app, const fs::path& texts, const fs::path& out) {
    const auto name = full_name(&app, "-");
    COLPORT_TRY(put(out / "man" / (name + ".1"), man_page(app, COLPORT_TRY(text_of(texts, name)))));
    for (const auto* command : commands(app)) COLPORT_TRY(put_man_pages(*command, texts, out));
    return done();
}

Status put_all(const CLI::App& app, const fs::path& texts, const fs::path& out) {
    const auto& name = app.get_name();
    COLPORT_TRY(put_man_pages(app, texts, out));
    if (app.get_config_ptr() != nullptr) {
        const auto file = name + ".conf";
        COLPORT_TRY(put(out / file, sample_config(app)));
        COLPORT_TRY(put(out / "man" / (file + ".5"),
                        config_page(app, COLPORT_TRY(text_of(texts, file)))));
    }
    const auto completions = out / "completions";
    COLPORT_TRY(put(completions / "bash" / name, bash_completion(app)));
    COLPORT_TRY(put(completions / "zsh" / ("_" + name), zsh_completion(app)));
    return put(completions / "fish" / (name + ".fish"), fish_completion(app));
}

}  // namespace

bool wants_pages(int argc, char** argv) {
    return argc == 4 && std::string_view(argv[1]) == "--generate";
}

int write_pages(const CLI::App& app, const fs::path& texts, const fs::path& out) {
    const auto written = put_all(app, texts, out);
    return written ? exit_done : report(app.get_name(), written.error());
}

}  // namespace colport::cli
