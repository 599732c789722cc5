#include "cli/press/key_options.h"

#include <fmt/format.h>

#include "cli/press/key_commands.h"
#include "cli/press/request_text.h"
#include "core/minisign.h"
#include "feed/files.h"
#include "press/signing/release.h"
#include "press/signing/signing.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t request_limit = 256 * limits::mib;

std::vector<fs::path> root_key_folders(const KeyOptions& options) {
    if (options.keys.empty()) return {options.workshop().keys()};
    return {options.keys.begin(), options.keys.end()};
}

Status sign_anew(const KeyOptions& options) {
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

/// A stick may be protected against writing, which must not keep a key from being
/// revoked.
Status note_signed(const fs::path& folder, const RequestSummary& summary) {
    auto noted = remember_signed(folder, summary);
    if (noted || (noted.error().code != Errc::denied && noted.error().code != Errc::io))
        return noted;
    fmt::print(stderr, "colport-press: warning: {}; it does not remember what it signed\n",
               noted.error().message);
    return done();
}

}  // namespace

Result<PublicKey> key_from_elsewhere(const std::string& text) {
    if (const auto key = PublicKey::from_hex_text(text)) return *key;
    const auto file = read_file(text, 1024);
    if (!file) return Error{Errc::invalid, fmt::format("neither a key nor its file: {}", text)};
    return minisign::parse_public_key_file(*file);
}

Result<const SigningKey*> RootKeysAtHand::open(const fs::path& folder, const AskPassphrase& ask) {
    std::error_code ignored;
    auto place = fs::weakly_canonical(folder, ignored);
    if (place.empty()) place = folder;
    const auto known = opened_.find(place);
    if (known != opened_.end()) return &known->second;
    auto key = COLPORT_TRY(load_key(folder / "root.key", "root", ask));
    return &opened_.emplace(std::move(place), std::move(key)).first->second;
}

Status change_keyring(const KeyOptions& options, const KeyringChange& change,
                      RootKeysAtHand keys) {
    const auto workshop = options.workshop();
    std::string request = COLPORT_TRY(prepare_keyring(workshop, change, now(), !options.prepare.empty()));
    if (!options.prepare.empty()) {
        COLPORT_TRY(write_file(options.prepare, request, 0600));
        const auto summary = COLPORT_TRY(read_request(request));
        fmt::print("{}\n{}\n", text_of(summary), check_line(summary));
        fmt::print(stderr, "Take {} to where the root key is, and run: colport-press sign {} --keys DIR\n"
                           "{}Nothing has changed yet.\n",
                   options.prepare, fs::path(options.prepare).filename().string(),
                   tell_check_words);
        return done();
    }
    auto summary = COLPORT_TRY(read_request(request));
    std::vector<fs::path> signers;
    for (const auto& folder : root_key_folders(options)) {
        const auto& root = *COLPORT_TRY(keys.open(folder, options.ask()));
        auto made = sign_request(request, root);
        // Who leaves has nothing to sign once enough others appointed the new ones.
        if (!made && made.error().code == Errc::denied && summary.appointing &&
            summary.appointing->has(root.public_key()))
            continue;
        request = std::move(COLPORT_TRY(std::move(made)).file);
        summary = COLPORT_TRY(read_request(request));
        signers.push_back(folder);
    }
    const char* const hint =
        "name each folder with --keys, or let each editor sign: --prepare FILE";
    if (summary.appointing_left > 0)
        return Error{Errc::denied,
                     fmt::format("{} of the {} root keys of now must appoint new ones, and {} did",
                                 summary.appointing->threshold, summary.appointing->keys.size(),
                                 summary.appointing->threshold - summary.appointing_left),
                     hint};
    if (summary.signatures_left > 0)
        return Error{Errc::denied,
                     fmt::format("{} of {} root keys must sign, and {} did",
                                 summary.roots.threshold, summary.roots.keys.size(),
                                 summary.signatures),
                     hint};
    for (const auto& folder : signers) COLPORT_TRY(note_signed(folder, summary));
    summary = COLPORT_TRY(finish_at_once(workshop, request));
    fmt::print("{}\n", text_of(summary));
    return sign_anew(options);
}

Status finish_keyring(const KeyOptions& options) {
    const auto request = COLPORT_TRY(read_file(options.finish, request_limit));
    const auto summary = COLPORT_TRY(finish_request(options.workshop(), request, now()));
    fmt::print("{}\n", text_of(summary));
    return sign_anew(options);
}

void add_directory(CLI::App* command, KeyOptions& options) {
    command->add_option("DIR", options.directory, "the publisher's folder")->required();
}

void add_change_options(CLI::App* command, KeyOptions& options) {
    add_directory(command, options);
    command->add_option("--keys", options.keys,
                        "folder of the root key, such as a stick; several where several must sign")
        ->expected(1, 16);
    auto* prepare = command->add_option("--prepare", options.prepare,
                                        "write what is to be signed to this file");
    command->add_option("--finish", options.finish, "put the signed file in force")
        ->excludes(prepare);
    add_passphrase_options(command, options.passphrase, &options.no_passphrase);
}

}  // namespace colport::cli
