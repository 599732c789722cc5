#include "cli/press/roots_command.h"

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/press/key_options.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    KeyOptions common;
    std::vector<std::string> root_keys;
    std::size_t threshold = 0;
    bool by_feed_key = false;
};

/// Of a root key of now by its beginning, of a new one by all of it, by its file, or by
/// the folder of the secret key. Errors: invalid, and those of load_key.
Result<PublicKey> root_key_named(const Keyring& keyring, const std::string& text,
                                 const KeyOptions& options, RootKeysAtHand& keys) {
    std::error_code ignored;
    if (fs::is_directory(text, ignored))
        return COLPORT_TRY(keys.open(text, options.ask()))->public_key();
    std::optional<PublicKey> out;
    for (const auto& key : keyring.roots().governing().keys) {
        if (text.size() < 4 || !key.hex().starts_with(text)) continue;
        if (out)
            return Error{Errc::invalid, fmt::format("more than one root key begins with {}", text)};
        out = key;
    }
    if (out) return *out;
    return key_from_elsewhere(text);
}

Status run_roots(const Options& options) {
    if (!options.common.finish.empty()) return finish_keyring(options.common);
    const auto state = COLPORT_TRY(options.common.workshop().records());
    if (options.root_keys.empty())
        return Error{Errc::invalid, "no root keys are named",
                     "name all that shall govern the feed from now on with --root-keys; "
                     "colport-press key show lists those of now"};
    RootKeysAtHand keys;
    RootsChange change;
    change.by_feed_key = options.by_feed_key;
    for (const auto& text : options.root_keys)
        change.roots.keys.push_back(
            COLPORT_TRY(root_key_named(state.keyring, text, options.common, keys)));
    if (options.threshold == 0 && change.roots.keys.size() > 1 &&
        state.keyring.roots().governing().threshold == 1)
        return Error{Errc::invalid,
                     fmt::format("how many of the {} root keys must sign is not said",
                                 change.roots.keys.size()),
                     "say it with --threshold: with 1, whoever has any of them has the feed"};
    change.roots.threshold =
        options.threshold != 0 ? options.threshold : state.keyring.roots().governing().threshold;
    return change_keyring(options.common, {.roots = std::move(change)}, std::move(keys));
}

}  // namespace

void declare_roots_command(CLI::App& key, int& exit_code) {
    static Options options;
    auto* roots = key.add_subcommand(
        "roots", "appoint who signs keyrings from now on: those who do so now must sign it");
    add_change_options(roots, options.common);
    roots->add_option("--root-keys", options.root_keys,
                      "all of them: the beginning of a root key of now, or a new one as a folder "
                      "with it, a public key file or 64 digits")
        ->expected(1, 16);
    roots->add_option("--threshold", options.threshold,
                      "how many of them must sign each time; without: as many as now, where that is more than one");
    roots->add_flag("--feed-key", options.by_feed_key,
                    "the feed's own key appoints them, not the root keys of now: after a raid on "
                    "these, it ends whatever they sign");
    roots->footer("Example: colport-press key roots harbour --root-keys 3f9c 81d0 /media/dora "
                  "--threshold 2 --keys /media/anna /media/bela");
    on_call(roots, "colport-press", exit_code, [] { return run_roots(options); });
}

}  // namespace colport::cli
