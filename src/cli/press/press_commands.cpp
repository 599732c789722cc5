#include "cli/press/press_commands.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "article/article.h"
#include "cli/command.h"
#include "cli/press/draft_commands.h"
#include "cli/press/key_commands.h"
#include "cli/press/press_add.h"
#include "cli/press/preview.h"
#include "cli/press/redact_command.h"
#include "cli/press/sign_command.h"
#include "cli/press/wait_for_lock.h"
#include "cli/press/watch.h"
#include "cli/terminal.h"
#include "cli/verification.h"
#include "feed/files.h"
#include "feed/fingerprint.h"
#include "feed/verify.h"
#include "press/drafts.h"
#include "press/signing/keyring_changes.h"
#include "press/signing/release.h"
#include "press/workshop.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "colport-press";

struct Options {
    std::string directory;
    InitOptions init;
    std::string root_keys;
    PassphraseSource passphrase;
    bool no_passphrase = false;
    std::string prepare, finish;
    bool json = false;
    std::uint64_t volume_size = limits::default_volume_bytes;
    int level = default_level;
    unsigned fresh_days = 7;
    std::vector<std::string> peers, trackers, mirrors;
    bool no_hints = false;
    std::string path;

    [[nodiscard]] Workshop workshop() const { return patient_workshop(directory); }
};

Status run_init(const Options& options) {
    InitOptions init = options.init;
    init.root_keys = options.root_keys;
    Secret passphrase(0);
    if (!options.no_passphrase)
        passphrase = COLPORT_TRY(choose_passphrase("passphrase for the new keys",
                                                   options.passphrase));
    const auto feed = COLPORT_TRY(init_workshop(options.workshop(), init, passphrase, now()));
    const auto link = COLPORT_TRY(load_link(options.workshop()));
    if (options.json) {
        print_json({{"feed", feed.hex()},
                    {"words", fingerprint_words(feed)},
                    {"link", to_string(link)}});
        return done();
    }
    fmt::print("feed  {}\nwords {}\nlink  {}\n", feed.hex(), fingerprint_words(feed),
               to_string(link));
    fmt::print(stderr,
               "Keep a copy of {} where a raid does not find it: it is the feed.\n",
               ((init.root_keys.empty() ? options.workshop().keys() : init.root_keys) / "root.key")
                   .string());
    return done();
}

void print_release(const ReleaseReport& report, const Link& link) {
    fmt::print("release   {}\n", report.seq);
    if (report.signed_anew) {
        fmt::print("anew      nothing is new, and readers hear that they are not cut off\n"
                   "link      {}\n", to_string(link));
        return;
    }
    fmt::print("articles  {}\n", report.articles);
    fmt::print("text      {} -> {} ({:.2f}:1)\n", human_size(report.text_bytes),
               human_size(report.packed_bytes - std::min(report.packed_bytes,
                                                         report.picture_bytes)),
               static_cast<double>(report.text_bytes) /
                   static_cast<double>(std::max<std::uint64_t>(
                       1, report.packed_bytes -
                              std::min(report.packed_bytes, report.picture_bytes))));
    if (report.pictures != 0)
        fmt::print("pictures  {}, {}\n", report.pictures, human_size(report.picture_bytes));
    if (report.releases > 1) fmt::print("volumes   up to {}\n", report.volume);
    if (report.dictionary) fmt::print("trained   a compression dictionary for the feed\n");
    fmt::print("link      {}\n", to_string(link));
}

Status run_release(const Options& options) {
    const auto workshop = options.workshop();
    COLPORT_TRY(workshop.records());
    COLPORT_TRY(adopt_new_key(workshop));
    if (!options.finish.empty()) return finish_release(workshop, options.finish, options.json);
    ReleaseOptions release;
    release.volume_bytes = options.volume_size;
    release.level = options.level;
    release.fresh_for = std::int64_t{options.fresh_days} * 24 * 3600;
    Progress progress("compressing");
    if (!options.prepare.empty())
        return prepare_release(workshop, release, options.prepare, options.json, progress);
    const auto key = COLPORT_TRY(load_signing_key(workshop, [&](const std::string& purpose) {
        return ask_passphrase(purpose, options.passphrase);
    }));
    const auto report = COLPORT_TRY(
        release_drafts(workshop, key, release, COLPORT_TRY(publishing_time()),
                       [&](std::size_t at, std::size_t total) { progress.show(at, total); }));
    const auto link = COLPORT_TRY(load_link(workshop));
    for (const auto& warning : report.warnings)
        fmt::print(stderr, "{}: warning: {}\n", program, printable(warning));
    if (options.json) {
        print_json({{"seq", report.seq},
                    {"releases", report.releases},
                    {"signed_anew", report.signed_anew},
                    {"articles", report.articles},
                    {"pictures", report.pictures},
                    {"text_bytes", report.text_bytes},
                    {"dictionary", report.dictionary},
                    {"picture_bytes", report.picture_bytes},
                    {"packed_bytes", report.packed_bytes},
                    {"volume", report.volume},
                    {"warnings", report.warnings},
                    {"link", to_string(link)}});
        return done();
    }
    if (report.releases == 0) {
        fmt::print(stderr, "nothing to release: no drafts\n");
        return done();
    }
    print_release(report, link);
    return done();
}

Status run_link(const Options& options) {
    const auto workshop = options.workshop();
    COLPORT_TRY(workshop.records());
    const bool changes = options.no_hints || !options.peers.empty() ||
                         !options.trackers.empty() || !options.mirrors.empty();
    std::optional<PressLock> lock;
    if (changes) lock.emplace(COLPORT_TRY(lock_workshop(workshop)));
    auto link = COLPORT_TRY(load_link(workshop));
    if (options.no_hints || !options.peers.empty()) link.peers = options.peers;
    if (options.no_hints || !options.trackers.empty()) link.trackers = options.trackers;
    if (options.no_hints || !options.mirrors.empty()) link.mirrors = options.mirrors;
    if (changes) COLPORT_TRY(save_link(workshop, link));
    fmt::print("{}\n", to_string(link));
    return done();
}

Result<bool> run_verify(const Options& options) {
    std::error_code error;
    if (!fs::exists(options.path, error))
        return Error{Errc::not_found, fmt::format("no such file: {}", options.path)};
    fs::path path = options.path;
    if (fs::is_directory(path) && !fs::exists(path / "feed.pub") &&
        fs::exists(path / "public" / "feed.pub"))
        path /= "public";
    Progress progress("checking");
    const auto result =
        fs::is_directory(path)
            ? verify_directory(path, now(),
                               [&](std::size_t at, std::size_t total) { progress.show(at, total); })
            : verify_bundle(path, now());
    if (options.json) print_json(json_of(result));
    return options.json ? result.errors.empty() : show(program, result);
}

void add_directory(CLI::App* command, Options& options) {
    command->add_option("DIR", options.directory, "the publisher's folder")->required();
}

}  // namespace

void declare_press_commands(CLI::App& app, int& exit_code) {
    static Options options;
    auto* init = app.add_subcommand("init", "make a feed: its keys and its empty feed directory");
    add_directory(init, options);
    init->add_option("--name", options.init.name, "the name that readers see")->required();
    init->add_option("--language", options.init.language, "main language, as a BCP 47 tag");
    init->add_option("--homepage", options.init.homepage, "address of the newsroom's site");
    init->add_option("--keys", options.root_keys, "folder for the root key, such as a USB stick");
    init->add_option("--tracker", options.init.trackers, "tracker address to put into the link");
    init->add_option("--mirror", options.init.mirrors, "web address of a copy of the feed directory");
    init->add_option("--peer", options.init.peers, "IP:PORT of a seed to put into the link");
    init->add_option("--root-keys", options.init.deputies,
                     "folders, one for each editor, for keys that sign keyrings together")
        ->expected(2, 16);
    init->add_option("--threshold", options.init.threshold, "how many of them must sign each time");
    init->add_flag("--all-keys", options.init.all_keys_elsewhere,
                   "put the signing key there too: every release is then signed there");
    add_passphrase_options(init, options.passphrase, &options.no_passphrase);
    init->add_flag("--json", options.json, "print one JSON object");
    init->footer("Example: colport-press init harbour --name \"The Harbour Gazette\" --language en");
    on_call(init, program, exit_code, [] { return run_init(options); });

    declare_add_command(app, exit_code);

    declare_draft_commands(app, exit_code);
    declare_redact_command(app, exit_code);
    declare_preview_command(app, exit_code);
    declare_watch_command(app, exit_code);

    auto* release = app.add_subcommand("release", "sign and publish the drafts");
    add_directory(release, options);
    release->add_option("--volume-size", options.volume_size, "seal a volume at this many bytes")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{4} << 30));
    release->add_option("--level", options.level,
                        fmt::format("how hard to compress, from 1, fast, to {}, small (default {})",
                                    highest_level, default_level))
        ->check(CLI::Range(1, highest_level));
    release->add_option("--fresh-for", options.fresh_days,
                        "days of silence after which readers are warned; when half of them are "
                        "over, release signs the newest release anew")
        ->check(CLI::Range(1u, 3650u));
    add_passphrase_options(release, options.passphrase, nullptr);
    auto* prepare = release->add_option(
        "--prepare", options.prepare, "write what is to be signed to this file, for colport-press sign");
    release->add_option("--finish", options.finish, "publish what colport-press sign signed in this file")
        ->excludes(prepare);
    release->footer(
        "Example, with the key on a machine that has no network:\n"
        "  colport-press release harbour --prepare /media/stick/request\n"
        "  colport-press sign /media/stick/request --keys keys     (there)\n"
        "  colport-press release harbour --finish /media/stick/request");
    release->add_flag("--json", options.json, "print one JSON object");
    on_call(release, program, exit_code, [] { return run_release(options); });

    auto* link = app.add_subcommand("link", "print the subscription link, or change its hints");
    add_directory(link, options);
    link->add_option("--peer", options.peers, "set the seeds named in the link (IP:PORT)");
    link->add_option("--tracker", options.trackers, "set the trackers named in the link");
    link->add_option("--mirror", options.mirrors, "set the mirrors named in the link");
    link->add_flag("--no-hints", options.no_hints, "first clear seeds, trackers and mirrors");
    on_call(link, program, exit_code, [] { return run_link(options); });

    auto* verify = app.add_subcommand("verify", "check a feed directory or a bundle as a stranger would");
    verify->add_option("PATH", options.path, "feed directory, publisher's folder or bundle")->required();
    verify->add_flag("--json", options.json, "print one JSON object");
    verify->callback([&exit_code] {
        const auto good = run_verify(options);
        if (!good) exit_code = report(program, good.error());
        else if (!*good) exit_code = exit_failed;
    });
}

}  // namespace colport::cli
