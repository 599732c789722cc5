#include "cli/press/key_commands.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "article/article.h"
#include "cli/command.h"
#include "cli/press/key_options.h"
#include "cli/press/last_true.h"
#include "cli/press/paper_commands.h"
#include "cli/press/roots_command.h"
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
constexpr std::int64_t day_seconds = 24 * 3600;
// Of 2001: no key is older, and what reads as an earlier second was meant as a date.
constexpr std::int64_t first_second = 1'000'000'000;

Status run_show(const KeyOptions& options) {
    const auto workshop = options.workshop();
    const auto state = COLPORT_TRY(workshop.records());
    const auto& keyring = state.keyring;
    const auto& roots = keyring.roots().governing();
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
        for (const auto& key : roots.keys) root_keys.push_back(key.hex());
        print_json({{"feed", state.feed.hex()},
                    {"words", fingerprint_words(state.feed)},
                    {"name", keyring.message().name()},
                    {"version", keyring.version()},
                    {"least_seq", keyring.message().least_seq()},
                    {"signing", signing},
                    {"revoked", revoked},
                    {"root_keys", root_keys},
                    {"threshold", roots.threshold},
                    {"roots_version", keyring.roots().version()},
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
    if (roots.keys.size() > 1 || roots.keys.front() != state.feed)
        for (const auto& key : roots.keys)
            fmt::print("root      {}  ({} of {} must sign)\n", key.hex(), roots.threshold,
                       roots.keys.size());
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

/// A key that signs or did, by its beginning, as key show prints it. Errors: invalid.
Result<PublicKey> signing_key_named(const Keyring& keyring, const std::string& text) {
    std::vector<std::string> keys;
    for (const auto& key : keyring.message().signing()) keys.push_back(key.key());
    for (const auto& key : keyring.message().revoked()) keys.push_back(key.key());
    std::optional<PublicKey> out;
    for (const auto& key : keys) {
        if (text.size() < 4 || !to_hex(key).starts_with(text)) continue;
        if (out)
            return Error{Errc::invalid, fmt::format("more than one key begins with {}", text)};
        out = PublicKey::from(key);
    }
    if (!out)
        return Error{Errc::invalid, fmt::format("no signing key begins with \"{}\"", text),
                     "colport-press key show lists them; give four characters or more"};
    return *out;
}

/// "2026-03-14", or seconds since 1970. Not of the future: readers would take all that
/// a thief signs until then for older than the loss.
Result<std::int64_t> past_day_named(const std::string& text) {
    std::tm day{};
    std::int64_t out = 0;
    const auto* end = ::strptime(text.c_str(), "%Y-%m-%d", &day);
    if (end != nullptr && *end == '\0') {
        out = ::timegm(&day);
    } else {
        const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
        if (read.ec != std::errc() || read.ptr != text.data() + text.size() || out <= 0)
            return Error{Errc::invalid, fmt::format("\"{}\" is no day", text),
                         "write it as 2026-03-14"};
    }
    if (out < first_second)
        return Error{Errc::invalid, fmt::format("\"{}\" is no day on which a key could be lost", text),
                     "write it as 2026-03-14"};
    // East of Greenwich it is tomorrow already.
    if (out > now() + day_seconds)
        return Error{Errc::invalid, fmt::format("{} is in the future", text),
                     "name the day on which others may have had the key, or one before"};
    return out;
}

/// The key that a rotation replaces: the one that signed last, else the only one.
std::optional<PublicKey> key_in_use(const SignedRecords& state) {
    const auto& signing = state.keyring.message().signing();
    for (const auto& key : signing)
        if (state.head && state.head->signer.view() == key.key()) return state.head->signer;
    return signing.empty() ? std::nullopt : PublicKey::from(signing.Get(0).key());
}

Result<PublicKey> new_key_for(const KeyOptions& options) {
    if (!options.new_key.empty()) return key_from_elsewhere(options.new_key);
    Secret passphrase(0);
    if (!options.no_passphrase)
        passphrase = COLPORT_TRY(
            choose_passphrase("passphrase for the new signing key", options.passphrase));
    const auto lock = COLPORT_TRY(lock_workshop(options.workshop()));
    return start_new_key(options.workshop(), passphrase);
}

/// What a change of signing keys starts from.
Result<SignedRecords> start_change(const KeyOptions& options) {
    const auto workshop = options.workshop();
    COLPORT_TRY(lock_workshop(workshop));
    if (is_adopted(workshop))
        fmt::print(stderr, "{} goes on from a copy: the trackers, mirrors and seeds that its link named "
                           "are left out.\nYour own come back with: colport-press link {} --tracker URL "
                           "--mirror URL --peer IP:PORT\n", options.directory, options.directory);
    COLPORT_TRY(adopt_new_key(workshop));
    return workshop.records();
}

Status settle_change(const KeyOptions& options, const KeyringChange& change) {
    COLPORT_TRY(change_keyring(options, change));
    if (options.prepare.empty()) settle_adopted(options.workshop());
    return done();
}

Status finish_change(const KeyOptions& options) {
    COLPORT_TRY(finish_keyring(options));
    settle_adopted(options.workshop());
    return done();
}

Status run_rotate(const KeyOptions& options) {
    if (!options.finish.empty()) return finish_change(options);
    const auto state = COLPORT_TRY(start_change(options));
    KeyringChange change;
    if (const auto old = key_in_use(state)) {
        COLPORT_TRY(confirm_last_true(options, state, {*old}));
        change.withdraw.push_back({*old, 0, options.reason.empty() ? "replaced" : options.reason});
    }
    change.add.push_back(COLPORT_TRY(new_key_for(options)));
    return settle_change(options, change);
}

Status run_revoke(const KeyOptions& options) {
    if (!options.finish.empty()) return finish_change(options);
    const auto state = COLPORT_TRY(start_change(options));
    std::int64_t since = now();
    if (!options.since.empty()) since = COLPORT_TRY(past_day_named(options.since));
    KeyringChange change;
    std::vector<PublicKey> keys;
    for (const auto& text : options.revoke)
        keys.push_back(COLPORT_TRY(signing_key_named(state.keyring, text)));
    if (keys.empty())
        if (const auto used = key_in_use(state)) keys.push_back(*used);
    COLPORT_TRY(confirm_last_true(options, state, keys));
    for (const auto& key : keys) change.withdraw.push_back({key, since, options.reason});
    const auto used = key_in_use(state);
    if (used && std::find(keys.begin(), keys.end(), *used) != keys.end())
        change.add.push_back(COLPORT_TRY(new_key_for(options)));
    COLPORT_TRY(settle_change(options, change));
    if (!options.since.empty() || !options.prepare.empty()) return done();
    fmt::print(stderr, "The key counts as lost from now on, and what readers have of it already is "
                       "shown as yours.\nIf others may have had it earlier, say since when: "
                       "colport-press key revoke {} {}{} --since DAY\n",
               options.directory, keys.empty() ? "KEY" : keys.front().hex().substr(0, 16),
               options.keys.empty() ? "" : fmt::format(" --keys {}", fmt::join(options.keys, " ")));
    return done();
}

Status run_new(const KeyOptions& options) {
    const fs::path folder = options.keys.front();
    const std::string role = options.root ? "root" : "signing";
    Secret passphrase(0);
    if (!options.no_passphrase)
        passphrase = COLPORT_TRY(
            choose_passphrase("passphrase for the new " + role + " key", options.passphrase));
    COLPORT_TRY(make_directory(folder, 0700));
    std::error_code ignored;
    const bool is_second = !options.root && fs::exists(folder / "signing.key", ignored);
    const auto path = folder / (is_second ? "signing.next.key" : role + ".key");
    if (fs::exists(fs::symlink_status(path, ignored)))
        return Error{Errc::exists, fmt::format("{} exists", path.string()),
                     "a key is never overwritten"};
    const auto key = SigningKey::generate();
    COLPORT_TRY(write_file(path, key_file::seal(key, role, passphrase), 0600));
    fmt::print("{}\n", key.public_key().hex());
    if (options.root)
        fmt::print(stderr, "Its words are {}: whoever appoints it compares them with you.\n",
                   fingerprint_words(key.public_key()));
    return done();
}

/// What rotate and revoke share.
void add_reason_options(CLI::App* command, KeyOptions& options) {
    add_change_options(command, options);
    command->add_option("--reason", options.reason, "why, in words that readers see");
    command->add_option("--new-key", options.new_key,
                        "a signing key made elsewhere by key new, instead of one made here");
    command->add_option("--last-true", options.last_true,
                        "number of the newest release here, once you have compared its titles: it "
                        "becomes yours for every reader; without: asked, where others may have made it");
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

void declare_key_commands(CLI::App& app, int& exit_code) {
    static KeyOptions options;
    auto* key = app.add_subcommand("key", "show the feed's keys, replace or revoke them");
    key->require_subcommand(1);

    auto* show = key->add_subcommand("show", "which keys speak for the feed, and which did");
    add_directory(show, options);
    show->add_flag("--json", options.json, "print one JSON object");
    on_call(show, program, exit_code, [] { return run_show(options); });

    auto* rotate = key->add_subcommand("rotate", "replace the signing key by a new one");
    add_reason_options(rotate, options);
    rotate->footer("Example: colport-press key rotate harbour --keys /media/stick");
    on_call(rotate, program, exit_code, [] { return run_rotate(options); });

    auto* revoke = key->add_subcommand(
        "revoke", "withdraw a signing key that others may have, and replace it if it is in use");
    add_reason_options(revoke, options);
    revoke->add_option("KEY", options.revoke,
                       "its beginning, also of one that was withdrawn before, to say an earlier "
                       "day; without: the key in use");
    revoke->add_option("--since", options.since,
                       "day from which others may have had it: what readers did not have by then "
                       "is marked as perhaps not yours; without: now");
    revoke->get_option("--reason")->required(false);
    revoke->footer(
        "Example: colport-press key revoke harbour --keys /media/stick --since 2026-03-14 "
        "--reason \"the laptop was taken\"");
    on_call(revoke, program, exit_code, [] { return run_revoke(options); });

    auto* fresh = key->add_subcommand("new", "make a key here, for key rotate --new-key or key roots");
    fresh->add_option("--keys", options.keys, "folder for it")->required()->expected(1);
    fresh->add_flag("--root", options.root, "a root key, for key roots; else a signing key");
    add_passphrase_options(fresh, options.passphrase, &options.no_passphrase);
    fresh->footer("Example: colport-press key new --root --keys /media/dora");
    on_call(fresh, program, exit_code, [] { return run_new(options); });

    declare_roots_command(*key, exit_code);
    declare_paper_commands(*key, exit_code);
}

}  // namespace colport::cli
