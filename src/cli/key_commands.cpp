#include "cli/key_commands.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "article/article.h"
#include "cli/command.h"
#include "cli/paper_commands.h"
#include "cli/press_add.h"
#include "cli/request_text.h"
#include "core/key_file.h"
#include "core/minisign.h"
#include "feed/files.h"
#include "feed/fingerprint.h"
#include "press/signing/keyring_changes.h"
#include "press/signing/signing.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "colport-press";
constexpr std::size_t request_limit = 256 * limits::mib;

struct Options {
    std::string directory;
    std::vector<std::string> keys;
    std::string file, prepare, finish, new_key, reason, since;
    std::vector<std::string> revoke;
    PassphraseSource passphrase;
    bool no_passphrase = false;
    bool yes = false;
    bool json = false;

    [[nodiscard]] Workshop workshop() const { return {directory}; }
    [[nodiscard]] AskPassphrase ask() const {
        return [this](const std::string& purpose) { return ask_passphrase(purpose, passphrase); };
    }
};

std::string short_key(const PublicKey& key) { return key.hex().substr(0, 16); }

Status run_show(const Options& options) {
    const auto workshop = options.workshop();
    const auto state = COLPORT_TRY(workshop.records());
    const auto& keyring = state.keyring;
    const auto roots = COLPORT_TRY(read_unsigned_keyring(keyring.file()));
    std::error_code ignored;
    const bool root_here = fs::exists(workshop.keys() / "root.key", ignored);
    const bool signing_here = fs::exists(workshop.signing_key(), ignored);
    if (options.json) {
        nlohmann::json signing = nlohmann::json::array(), revoked = nlohmann::json::array(),
                       root_keys = nlohmann::json::array();
        for (const auto& key : keyring.message().signing())
            signing.push_back({{"key", to_hex(key.key())},
                               {"not_before", key.not_before()},
                               {"not_after", key.not_after()}});
        for (const auto& key : keyring.message().revoked())
            revoked.push_back({{"key", to_hex(key.key())},
                               {"since", key.since()},
                               {"reason", key.reason()}});
        for (const auto& key : roots.roots) root_keys.push_back(key.hex());
        print_json({{"feed", state.feed.hex()},
                    {"words", fingerprint_words(state.feed)},
                    {"name", keyring.message().name()},
                    {"version", keyring.version()},
                    {"least_seq", keyring.message().least_seq()},
                    {"signing", signing},
                    {"revoked", revoked},
                    {"root_keys", root_keys},
                    {"threshold", roots.threshold},
                    {"dht_item", keyring.item().has_value()},
                    {"root_key_here", root_here},
                    {"signing_key_here", signing_here},
                    {"head_signer", state.head ? state.head->signer.hex() : ""}});
        return done();
    }
    fmt::print("feed      {}\n", state.feed.hex());
    fmt::print("words     {}\n", fingerprint_words(state.feed));
    fmt::print("name      {}\n", one_line(keyring.message().name()));
    fmt::print("keyring   version {} of {} UTC\n", keyring.version(),
               format_time(keyring.message().time(), 0));
    for (const auto& key : keyring.message().signing())
        fmt::print("signs     {}{}\n", to_hex(key.key()),
                   state.head && state.head->signer.view() == key.key() ? "  (the newest release)" : "");
    for (const auto& key : keyring.message().revoked())
        fmt::print("revoked   {}  {}{}\n", to_hex(key.key()), one_line(key.reason()),
                   key.since() == 0 ? "" : ", since " + format_time(key.since(), 0) + " UTC");
    if (roots.roots.size() > 1 || roots.roots.front() != state.feed)
        for (const auto& key : roots.roots)
            fmt::print("root      {}  ({} of {} must sign)\n", key.hex(), roots.threshold,
                       roots.roots.size());
    if (!keyring.item())
        fmt::print("dht       none: this keyring travels by peers, mirrors and sticks alone\n");
    if (!signing_here) fmt::print("here      no signing key: releases are signed elsewhere\n");
    fmt::print("\n{}", fingerprint_text(state.feed));
    if (root_here)
        fmt::print(stderr, "warning: the root key lies on this machine, and whoever takes it has the "
                           "feed for ever; move {} to a stick\n",
                   (workshop.keys() / "root.key").string());
    return done();
}

/// A key by its beginning, as key show prints it. Errors: invalid.
Result<PublicKey> signing_key_named(const Keyring& keyring, const std::string& text) {
    std::optional<PublicKey> out;
    for (const auto& key : keyring.message().signing()) {
        if (text.size() < 4 || !to_hex(key.key()).starts_with(text)) continue;
        if (out)
            return Error{Errc::invalid, fmt::format("more than one key begins with {}", text)};
        out = PublicKey::from(key.key());
    }
    if (!out)
        return Error{Errc::invalid, fmt::format("no signing key begins with \"{}\"", text),
                     "colport-press key show lists them; give four characters or more"};
    return *out;
}

/// "2026-03-14", or seconds since 1970.
Result<std::int64_t> day_named(const std::string& text) {
    std::tm day{};
    const char* end = ::strptime(text.c_str(), "%Y-%m-%d", &day);
    if (end == nullptr || *end != '\0')
        return Error{Errc::invalid, fmt::format("\"{}\" is no day", text), "write it as 2026-03-14"};
    return ::timegm(&day);
}

Result<PublicKey> key_from_elsewhere(const std::string& text) {
    if (const auto key = PublicKey::from_hex_text(text)) return *key;
    const auto file = read_file(text, 1024);
    if (!file) return Error{Errc::invalid, fmt::format("neither a key nor its file: {}", text)};
    return minisign::parse_public_key_file(*file);
}

/// The key that a rotation replaces: the one that signed last, else the only one.
std::optional<PublicKey> key_in_use(const SignedRecords& state) {
    const auto& signing = state.keyring.message().signing();
    for (const auto& key : signing)
        if (state.head && state.head->signer.view() == key.key()) return state.head->signer;
    return signing.empty() ? std::nullopt : PublicKey::from(signing.Get(0).key());
}

std::vector<fs::path> root_key_files(const Options& options) {
    if (options.keys.empty()) return {options.workshop().keys() / "root.key"};
    std::vector<fs::path> out;
    for (const auto& folder : options.keys) out.push_back(fs::path(folder) / "root.key");
    return out;
}

Status sign_anew(const Options& options) {
    const auto workshop = options.workshop();
    const auto state = COLPORT_TRY(workshop.records());
    if (!state.head || state.keyring.may_sign(state.head->signer, state.head->message.time()))
        return done();
    std::error_code ignored;
    if (!fs::exists(workshop.signing_key(), ignored)) {
        fmt::print(stderr, "Now sign the newest release anew, or new readers cannot follow the feed: "
                           "colport-press release {} --prepare FILE\n", options.directory);
        return done();
    }
    const auto key = COLPORT_TRY(load_signing_key(workshop, options.ask()));
    ReleaseOptions release;
    release.drafts = false;
    release.fresh_for = state.head->message.fresh_for();
    const auto report = COLPORT_TRY(release_drafts(workshop, key, release, now()));
    fmt::print("release   {}, signed by the new key\n", report.seq);
    return done();
}

/// A new keyring that is signed now, by root keys at hand, or written for `sign`.
Status change_keyring(const Options& options, const KeyringChange& change) {
    const auto workshop = options.workshop();
    std::string request = COLPORT_TRY(prepare_keyring(workshop, change, now()));
    if (!options.prepare.empty()) {
        COLPORT_TRY(write_file(options.prepare, request, 0600));
        fmt::print("{}\n", text_of(COLPORT_TRY(read_request(request))));
        fmt::print(stderr, "Take {} to where the root key is, and run: colport-press sign {} --keys DIR\n"
                           "Nothing has changed yet.\n",
                   options.prepare, fs::path(options.prepare).filename().string());
        return done();
    }
    RequestSummary summary;
    for (const auto& path : root_key_files(options)) {
        const auto root = COLPORT_TRY(load_key(path, "root", options.ask()));
        auto made = COLPORT_TRY(sign_request(request, root));
        request = std::move(made.file);
        summary = std::move(made.summary);
    }
    if (summary.signatures < summary.threshold)
        return Error{Errc::denied,
                     fmt::format("{} of {} root keys must sign, and {} did", summary.threshold,
                                 summary.roots.size(), summary.signatures),
                     "name each folder with --keys, or let each editor sign: --prepare FILE"};
    summary = COLPORT_TRY(finish_request(workshop, request, now()));
    fmt::print("{}\n", text_of(summary));
    return sign_anew(options);
}

Status finish_keyring(const Options& options) {
    const auto request = COLPORT_TRY(read_file(options.finish, request_limit));
    const auto summary = COLPORT_TRY(finish_request(options.workshop(), request, now()));
    fmt::print("{}\n", text_of(summary));
    return sign_anew(options);
}

Result<PublicKey> new_key_for(const Options& options) {
    if (!options.new_key.empty()) return key_from_elsewhere(options.new_key);
    Secret passphrase(0);
    if (!options.no_passphrase)
        passphrase = COLPORT_TRY(
            choose_passphrase("passphrase for the new signing key", options.passphrase));
    const auto lock = COLPORT_TRY(lock_workshop(options.workshop()));
    return start_new_key(options.workshop(), passphrase);
}

Status run_rotate(const Options& options) {
    if (!options.finish.empty()) return finish_keyring(options);
    const auto workshop = options.workshop();
    COLPORT_TRY(adopt_new_key(workshop));
    const auto state = COLPORT_TRY(workshop.records());
    KeyringChange change;
    if (const auto old = key_in_use(state))
        change.withdraw.push_back({*old, 0, options.reason.empty() ? "replaced" : options.reason});
    change.add.push_back(COLPORT_TRY(new_key_for(options)));
    return change_keyring(options, change);
}

Status run_revoke(const Options& options) {
    if (!options.finish.empty()) return finish_keyring(options);
    const auto workshop = options.workshop();
    COLPORT_TRY(adopt_new_key(workshop));
    const auto state = COLPORT_TRY(workshop.records());
    std::int64_t since = now();
    if (!options.since.empty()) since = COLPORT_TRY(day_named(options.since));
    KeyringChange change;
    std::vector<PublicKey> keys;
    for (const auto& text : options.revoke)
        keys.push_back(COLPORT_TRY(signing_key_named(state.keyring, text)));
    if (keys.empty())
        if (const auto used = key_in_use(state)) keys.push_back(*used);
    for (const auto& key : keys) change.withdraw.push_back({key, since, options.reason});
    const auto used = key_in_use(state);
    if (used && std::find(keys.begin(), keys.end(), *used) != keys.end())
        change.add.push_back(COLPORT_TRY(new_key_for(options)));
    return change_keyring(options, change);
}

Status run_new(const Options& options) {
    const fs::path folder = options.keys.front();
    Secret passphrase(0);
    if (!options.no_passphrase)
        passphrase = COLPORT_TRY(
            choose_passphrase("passphrase for the new signing key", options.passphrase));
    COLPORT_TRY(make_directory(folder, 0700));
    std::error_code ignored;
    const auto path = folder / (fs::exists(folder / "signing.key", ignored) ? "signing.next.key"
                                                                           : "signing.key");
    if (fs::exists(path, ignored))
        return Error{Errc::exists, fmt::format("{} exists", path.string()),
                     "a key is never overwritten"};
    const auto key = SigningKey::generate();
    COLPORT_TRY(write_file(path, key_file::seal(key, "signing", passphrase), 0600));
    fmt::print("{}\n", key.public_key().hex());
    return done();
}

/// The key in `folder` that a request needs.
Result<SignedRequest> sign_with_keys_in(const fs::path& folder, Bytes request,
                                        const RequestSummary& summary, const Options& options) {
    if (!summary.is_release) {
        const auto root = COLPORT_TRY(load_key(folder / "root.key", "root", options.ask()));
        return sign_request(request, root);
    }
    std::error_code ignored;
    const auto next = folder / "signing.next.key";
    if (fs::exists(next, ignored)) {
        const auto key = COLPORT_TRY(load_key(next, "signing", options.ask()));
        auto out = sign_request(request, key);
        if (out || out.error().code != Errc::denied) {
            if (out) fs::rename(next, folder / "signing.key", ignored);
            return out;
        }
    }
    const auto key = COLPORT_TRY(load_key(folder / "signing.key", "signing", options.ask()));
    return sign_request(request, key);
}

Status run_sign(const Options& options) {
    const auto request = COLPORT_TRY(read_file(options.file, request_limit));
    const auto summary = COLPORT_TRY(read_request(request));
    if (options.json) print_json(json_of(summary));
    else fmt::print("{}\n", text_of(summary));
    std::fflush(stdout);
    if (const auto odd = odd_clock(summary, now()); !odd.empty())
        fmt::print(stderr, "{}: warning: {}\n", program, odd);
    if (!options.yes && !COLPORT_TRY(confirm("Is that what you mean to sign?")))
        return Error{Errc::invalid, "not signed"};
    const fs::path folder = options.keys.front();
    const auto made = COLPORT_TRY(sign_with_keys_in(folder, request, summary, options));
    COLPORT_TRY(remember_signed(folder, made.summary));
    COLPORT_TRY(write_file(options.file, made.file, 0600));
    const auto& now_signed = made.summary;
    if (!now_signed.is_release && now_signed.signatures < now_signed.threshold)
        fmt::print(stderr, "signed; {} more of the {} root keys must sign\n",
                   now_signed.threshold - now_signed.signatures, now_signed.roots.size());
    else
        fmt::print(stderr, "signed; take {} back, and run there: colport-press {} DIR --finish {}\n",
                   options.file, now_signed.is_release ? "release" : "key rotate",
                   fs::path(options.file).filename().string());
    return done();
}

void add_directory(CLI::App* command, Options& options) {
    command->add_option("DIR", options.directory, "the publisher's folder")->required();
}

/// What rotate and revoke share.
void add_change_options(CLI::App* command, Options& options) {
    add_directory(command, options);
    command->add_option("--keys", options.keys,
                        "folder of the root key, such as a stick; several where several must sign")
        ->expected(1, 16);
    command->add_option("--reason", options.reason, "why, in words that readers see");
    command->add_option("--new-key", options.new_key,
                        "a signing key made elsewhere by key new, instead of one made here");
    auto* prepare = command->add_option("--prepare", options.prepare,
                                        "write what is to be signed to this file");
    command->add_option("--finish", options.finish, "put the signed file in force")
        ->excludes(prepare);
    add_passphrase_options(command, options.passphrase, &options.no_passphrase);
}

}  // namespace

void add_passphrase_options(CLI::App* command, PassphraseSource& source, bool* none) {
    auto* file = command->add_option("--passphrase-file", source.file,
                                     "read the passphrase from the first line of this file");
    auto* descriptor =
        command->add_option("--passphrase-fd", source.descriptor,
                            "read a line for each key from this file descriptor")
            ->check(CLI::NonNegativeNumber)
            ->excludes(file);
    if (none == nullptr) return;
    command->add_flag("--no-passphrase", *none, "leave new keys unencrypted")
        ->excludes(file)
        ->excludes(descriptor);
}

Status prepare_release(const Workshop& workshop, const ReleaseOptions& options,
                       const std::string& file, bool as_json, Progress& progress) {
    const auto prepared = COLPORT_TRY(colport::prepare_release(
        workshop, options, COLPORT_TRY(publishing_time()),
        [&](std::size_t at, std::size_t total) { progress.show(at, total); }));
    for (const auto& warning : prepared.report.warnings)
        fmt::print(stderr, "{}: warning: {}\n", program, printable(warning));
    if (prepared.request.empty()) {
        if (as_json) print_json({{"releases", 0}});
        else fmt::print(stderr, "nothing to release: no drafts\n");
        return done();
    }
    COLPORT_TRY(write_file(file, prepared.request, 0600));
    const auto summary = COLPORT_TRY(read_request(prepared.request));
    if (as_json) print_json(json_of(summary));
    else fmt::print("{}\n", text_of(summary));
    if (prepared.left != 0)
        fmt::print(stderr, "{} articles wait for the release after this one\n", prepared.left);
    fmt::print(stderr, "Take {} to where the key is, and run: colport-press sign {} --keys DIR\n"
                       "Nothing is published yet.\n",
               file, fs::path(file).filename().string());
    return done();
}

Status finish_release(const Workshop& workshop, const std::string& file, bool as_json) {
    const auto request = COLPORT_TRY(read_file(file, request_limit));
    const auto summary = COLPORT_TRY(finish_request(workshop, request, now()));
    if (as_json) print_json(json_of(summary));
    else fmt::print("release   {}\narticles  {}\n", summary.seq, summary.articles.size());
    return done();
}

void declare_key_commands(CLI::App& app, int& exit_code) {
    static Options options;
    auto* key = app.add_subcommand("key", "show the feed's keys, replace or revoke them");
    key->require_subcommand(1);

    auto* show = key->add_subcommand("show", "which keys speak for the feed, and which did");
    add_directory(show, options);
    show->add_flag("--json", options.json, "print one JSON object");
    on_call(show, program, exit_code, [] { return run_show(options); });

    auto* rotate = key->add_subcommand("rotate", "replace the signing key by a new one");
    add_change_options(rotate, options);
    rotate->footer("Example: colport-press key rotate harbour --keys /media/stick");
    on_call(rotate, program, exit_code, [] { return run_rotate(options); });

    auto* revoke = key->add_subcommand(
        "revoke", "withdraw a signing key that others may have, and replace it if it is in use");
    add_change_options(revoke, options);
    revoke->add_option("KEY", options.revoke, "its beginning; without: the key in use");
    revoke->add_option("--since", options.since,
                       "day from which others may have had it; without: now");
    revoke->get_option("--reason")->required(false);
    revoke->footer(
        "Example: colport-press key revoke harbour --keys /media/stick --since 2026-03-14 "
        "--reason \"the laptop was taken\"");
    on_call(revoke, program, exit_code, [] { return run_revoke(options); });

    auto* fresh = key->add_subcommand("new", "make a signing key here, for key rotate --new-key");
    fresh->add_option("--keys", options.keys, "folder for it")->required()->expected(1);
    add_passphrase_options(fresh, options.passphrase, &options.no_passphrase);
    on_call(fresh, program, exit_code, [] { return run_new(options); });

    declare_paper_commands(*key, exit_code);

    auto* sign = app.add_subcommand("sign", "read what a request asks for, and sign it");
    sign->add_option("FILE", options.file, "written by --prepare; the signature goes into it")
        ->required();
    sign->add_option("--keys", options.keys, "folder of the root key, or of the signing key")
        ->required()
        ->expected(1);
    sign->add_flag("--yes", options.yes, "do not ask");
    sign->add_flag("--json", options.json, "print one JSON object of what is signed");
    add_passphrase_options(sign, options.passphrase, nullptr);
    sign->footer("Example: colport-press sign /media/stick/request --keys keys");
    on_call(sign, program, exit_code, [] { return run_sign(options); });
}

}  // namespace colport::cli
