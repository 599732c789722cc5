#include "cli/reader/reader_commands.h"
#include "cli/run.h"

int main(int argc, char** argv) {
    CLI::App app("Reads and searches the articles that colportd keeps on this computer.",
                 "colport");
    app.footer(
        "Example:\n"
        "  colport follow 'magnet:?xt=urn:btih:…'\n"
        "  colport search river ferry\n"
        "  colport read 3f9c");
    int exit_code = 0;
    colport::cli::declare_reader_commands(app, exit_code);
    app.require_subcommand(1);
    return colport::cli::run(app, argc, argv, exit_code);
}
