#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cli/press/wait_for_lock.h"
#include "cli/terminal.h"
#include "press/signing/keyring_changes.h"

namespace colport::cli {

/// What the options of `key …` and `sign` say.
struct KeyOptions {
    std::string directory;
    std::vector<std::string> keys;
    std::string file, prepare, finish, check, new_key, reason, since;
    std::vector<std::string> revoke;
    std::uint64_t last_true = 0;   ///< newest release that is known to be the newsroom's; 0: not said
    PassphraseSource passphrase;
    bool no_passphrase = false;
    bool yes = false;
    bool json = false;
    bool root = false;

    [[nodiscard]] Workshop workshop() const { return patient_workshop(directory); }
    [[nodiscard]] AskPassphrase ask() const {
        return [this](const std::string& purpose) { return ask_passphrase(purpose, passphrase); };
    }
};

void add_directory(CLI::App* command, KeyOptions& options);
/// --keys, --prepare, --finish and passphrases, which all that changes a keyring takes.
void add_change_options(CLI::App* command, KeyOptions& options);

/// "2f3a…", or a file with a public key in it. Errors: invalid.
Result<PublicKey> key_from_elsewhere(const std::string& text);

/// Root keys that a command has opened: each asks for its passphrase once.
class RootKeysAtHand {
public:
    /// Of the key in `folder`, until this goes. Errors: those of load_key.
    Result<const SigningKey*> open(const std::filesystem::path& folder, const AskPassphrase& ask);

private:
    std::map<std::filesystem::path, SigningKey> opened_;   ///< by folder
};

/// A new keyring that is signed now, by root keys at hand, or written for `sign`.
/// Errors: those of prepare_keyring, sign_request and finish_request; denied (too few
/// root keys at hand).
Status change_keyring(const KeyOptions& options, const KeyringChange& change,
                      RootKeysAtHand keys = {});
/// Puts one in force that was signed elsewhere.
Status finish_keyring(const KeyOptions& options);

}  // namespace colport::cli
