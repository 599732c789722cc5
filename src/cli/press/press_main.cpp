#include <sys/resource.h>

#include "cli/press/extract.h"
#include "cli/press/key_commands.h"
#include "cli/press/press_commands.h"
#include "cli/press/sign_command.h"
#include "cli/run.h"

int main(int argc, char** argv) {
    // A crash must not write keys to the disk.
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    CLI::App app("Turns a newsroom's articles into signed, compressed releases.", "colport-press");
    app.footer(
        "Example:\n"
        "  colport-press init harbour --name \"The Harbour Gazette\" --language en\n"
        "  colport-press add harbour feed.xml\n"
        "  colport-press release harbour\n"
        "  colportd --follow harbour/public");
    int exit_code = 0;
    colport::cli::declare_press_commands(app, exit_code);
    colport::cli::declare_extract_command(app, exit_code);
    colport::cli::declare_key_commands(app, exit_code);
    colport::cli::declare_sign_command(app, exit_code);
    app.require_subcommand(1);
    return colport::cli::run(app, argc, argv, exit_code);
}
