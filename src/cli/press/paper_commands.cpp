#include "cli/press/paper_commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "cli/command.h"
#include "cli/press/key_commands.h"
#include "core/key_file.h"
#include "core/qr.h"
#include "feed/files.h"
#include "feed/fingerprint.h"
#include "press/signing/paper.h"
#include "press/workshop.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "colport-press";
constexpr std::size_t words_a_line = 6;

struct Options {
    std::string keys, svg, words_file;
    PassphraseSource passphrase;
    bool no_passphrase = false;
};

/// In lines of six, numbered.
std::string lines_of(const std::string& words) {
    constexpr std::size_t line_size = words_a_line * 6;
    std::string out;
    for (std::size_t at = 0; at < words.size(); at += line_size) {
        auto line = words.substr(at, line_size);
        if (line.ends_with('-')) line.pop_back();
        out += fmt::format("  {}  {}\n", at / line_size + 1, line);
        wipe(line);
    }
    return out;
}

Status run_paper(const Options& options) {
    const auto path = fs::path(options.keys) / "root.key";
    const auto key = COLPORT_TRY(load_key(path, "root", [&](const std::string& purpose) {
        return ask_passphrase(purpose, options.passphrase);
    }));
    auto words = paper_words(key);
    auto lines = lines_of(words);
    fmt::print("COLPORT ROOT KEY. Whoever reads these words owns the feed, for ever.\n\n{}\n"
               "The feed or root key that they are:\n  {}\n  {}\n"
               "To get it back: colport-press key restore --keys DIR\n",
               lines, key.public_key().hex(), fingerprint_words(key.public_key()));
    wipe(lines);
    if (!options.svg.empty()) {
        auto picture = COLPORT_TRY(qr_svg(words));
        const auto written = write_file(options.svg, picture, 0600);
        wipe(picture);
        COLPORT_TRY(written);
        fmt::print(stderr, "{} holds the key too: print it, then destroy it\n", options.svg);
    } else if (::isatty(1) == 1) {
        auto picture = COLPORT_TRY(qr_terminal(words));
        fmt::print("\n{}", picture);
        wipe(picture);
    }
    std::fflush(stdout);
    wipe(words);
    fmt::print(stderr, "Write them down by hand, or print them on a printer that keeps no copies; then "
                       "clear the screen.\n");
    return done();
}

Result<Secret> words_given(const Options& options) {
    if (options.words_file.empty()) {
        say("Type the eighteen words on one line; they are not shown.\n");
        return ask_passphrase("words", {});
    }
    auto text = COLPORT_TRY(read_file(options.words_file, 4096));
    auto out = Secret::copy(text);
    wipe(text);
    return out;
}

Status run_restore(const Options& options) {
    const auto folder = fs::path(options.keys);
    const auto path = folder / "root.key";
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(path, ignored)))
        return Error{Errc::exists, fmt::format("{} exists", path.string()),
                     "a root key is never overwritten: name another folder"};
    const auto words = COLPORT_TRY(words_given(options));
    const auto key = COLPORT_TRY(key_of_paper(words.view()));
    Secret passphrase(0);
    if (!options.no_passphrase)
        passphrase =
            COLPORT_TRY(choose_passphrase("passphrase for the root key", options.passphrase));
    COLPORT_TRY(make_directory(folder, 0700));
    COLPORT_TRY(write_file(path, key_file::seal(key, "root", passphrase), 0600));
    fmt::print("key   {}\nwords {}\n", key.public_key().hex(), fingerprint_words(key.public_key()));
    return done();
}

}  // namespace

void declare_paper_commands(CLI::App& key, int& exit_code) {
    static Options options;
    auto* paper = key.add_subcommand("paper", "print a root key as words, for a safe place");
    paper->add_option("--keys", options.keys, "folder of the root key")->required();
    paper->add_option("--svg", options.svg, "write a QR code of the words to this file");
    add_passphrase_options(paper, options.passphrase, nullptr);
    paper->footer("Example: colport-press key paper --keys /media/stick");
    on_call(paper, program, exit_code, [] { return run_paper(options); });

    auto* restore = key.add_subcommand("restore", "make a root key again from its words on paper");
    restore->add_option("--keys", options.keys, "folder for it")->required();
    restore->add_option("--words-file", options.words_file,
                        "read the words from this file instead of the terminal");
    add_passphrase_options(restore, options.passphrase, &options.no_passphrase);
    restore->footer("Example: colport-press key restore --keys /media/stick");
    on_call(restore, program, exit_code, [] { return run_restore(options); });
}

}  // namespace colport::cli
