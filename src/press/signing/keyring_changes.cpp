#include "press/signing/keyring_changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "article/article.h"
#include "core/key_file.h"
#include "core/limits.h"
#include "core/message.h"
#include "core/minisign.h"
#include "feed/files.h"
#include "feed/fingerprint.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

fs::path waiting_key(const Workshop& workshop) { return workshop.keys() / "signing.next.key"; }
fs::path waiting_public(const Workshop& workshop) { return workshop.keys() / "signing.next.pub"; }

std::string name_of_key(const std::string& raw) {
    return "key " + to_hex(raw).substr(0, 16);
}

template <class List>
bool has(const List& list, const std::string& key) {
    return std::any_of(list.begin(), list.end(), [&](const auto& k) { return k.key() == key; });
}

/// Errors: invalid.
Status check_roots(const Keyring& current, const pb::Keyring& next, const RootsChange& change) {
    const auto& keys = change.roots.keys;
    if (change.roots.threshold == 0 || change.roots.threshold > keys.size())
        return Error{Errc::invalid,
                     fmt::format("{} of {} root keys cannot sign", change.roots.threshold,
                                 keys.size()),
                     "--threshold is between 1 and the number of root keys"};
    for (auto key = keys.begin(); key != keys.end(); ++key) {
        if (std::find(keys.begin(), key, *key) != key)
            return Error{Errc::invalid,
                         fmt::format("{} is named twice", name_of_key(key->str()))};
        if (has(next.signing(), key->str()) || has(next.revoked(), key->str()))
            return Error{Errc::invalid,
                         fmt::format("{} is a signing key", name_of_key(key->str())),
                         "a root key never lies where releases are signed: make one with "
                         "colport-press key new --root"};
    }
    if (change.roots == current.roots().governing() && !change.by_feed_key)
        return Error{Errc::invalid, "these are the root keys already"};
    return done();
}

std::string day(std::int64_t time) { return format_time(time, 0) + " UTC"; }

pb::RevokedKey* entry_of(google::protobuf::RepeatedPtrField<pb::RevokedKey>& keys,
                         const std::string& key) {
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&](const auto& entry) { return entry.key() == key; });
    return found == keys.end() ? nullptr : &*found;
}

/// A key was withdrawn before it was known since when others had it. Never to a later
/// day: readers would think better of what they were warned of.
Status date_back(pb::RevokedKey& known, const Withdrawal& withdrawal) {
    if (withdrawal.since == 0 || (known.since() != 0 && withdrawal.since >= known.since()))
        return Error{Errc::invalid,
                     fmt::format("{} is withdrawn already", name_of_key(known.key())),
                     "an earlier day with --since marks more of what it signed"};
    known.set_since(withdrawal.since);
    if (!withdrawal.reason.empty()) known.set_reason(withdrawal.reason);
    return done();
}

}  // namespace

Result<pb::Keyring> next_keyring(const Keyring& current, const KeyringChange& change,
                                 std::uint64_t last_seq, std::int64_t now) {
    pb::Keyring out = current.message();
    if (change.add.empty() && change.withdraw.empty() && !change.roots)
        return Error{Errc::invalid, "nothing would change"};
    for (const auto& withdrawal : change.withdraw) {
        const auto key = withdrawal.key.str();
        if (withdrawal.reason.size() > longest_reason || !is_text(withdrawal.reason))
            return Error{Errc::invalid,
                         fmt::format("the reason is no text of at most {} bytes",
                                     longest_reason),
                         "say it in a sentence: every reader carries it for ever"};
        if (auto* known = entry_of(*out.mutable_revoked(), key)) {
            COLPORT_TRY(date_back(*known, withdrawal));
            continue;
        }
        auto* signing = out.mutable_signing();
        const auto found = std::find_if(signing->begin(), signing->end(),
                                        [&](const auto& k) { return k.key() == key; });
        if (found == signing->end())
            return Error{Errc::invalid,
                         fmt::format("{} is no signing key of this feed", name_of_key(key)),
                         "colport-press key show lists them"};
        signing->erase(found);
        auto* revoked = out.add_revoked();
        revoked->set_key(key);
        revoked->set_since(withdrawal.since);
        revoked->set_reason(withdrawal.reason);
    }
    for (const auto& key : change.add) {
        if (has(out.signing(), key.str()) || has(out.revoked(), key.str()) || key == current.feed())
            return Error{Errc::invalid,
                         fmt::format("{} is in the keyring already", name_of_key(key.str()))};
        out.add_signing()->set_key(key.str());
    }
    if (out.signing_size() == 0)
        return Error{Errc::invalid, "no key would be left to sign releases"};
    if (change.roots) COLPORT_TRY(check_roots(current, out, *change.roots));
    out.set_version(current.version() + 1);
    out.set_time(now);
    // After a raid on the root keys, too: readers may have a keyring under which a release
    // of somebody else's counts, and would else fall back to any true one, however old.
    if (out.revoked_size() > current.message().revoked_size() ||
        (change.roots && change.roots->by_feed_key))
        out.set_least_seq(std::max(last_seq, out.least_seq()));
    return out;
}

Status check_size(Bytes draft, const Keyring& current, const KeyringChange& change) {
    // A key, its signature and their tags.
    constexpr std::size_t one_signature = PublicKey::size + Signature::size + 8;
    const auto& roots = current.roots().governing();
    auto signers = 1 + roots.keys.size();   // and that of the DHT item
    if (change.roots) signers += change.roots->roots.keys.size();
    const auto size = draft.size() + signers * one_signature;
    const std::size_t kept_free = change.withdraw.empty() ? 2 * limits::kib : 0;
    if (size + kept_free <= limits::keyring) return done();
    return Error{Errc::too_large,
                 fmt::format("the keyring would be too large: {} bytes of {}, {} of which are kept "
                             "for revocations", size, limits::keyring, kept_free),
                 "key roots --feed-key begins the lists of root keys anew, which makes it smaller"};
}

namespace {

void add_changes_of_roots(const RootChain& before, const RootChain& after,
                          std::vector<std::string>& out) {
    if (before.version() == after.version() && before.agrees_with(after)) return;
    const auto& was = before.governing();
    const auto& is = after.governing();
    for (const auto& key : is.keys)
        if (!was.has(key))
            out.push_back(fmt::format("{} BECOMES A ROOT KEY, with the words {}",
                                      name_of_key(key.str()), fingerprint_words(key)));
    for (const auto& key : was.keys)
        if (!is.has(key))
            out.push_back(fmt::format("{} is a root key NO MORE", name_of_key(key.str())));
    out.push_back(fmt::format("{} of {} ROOT KEYS sign keyrings from now on", is.threshold,
                              is.keys.size()));
    const auto leaving = static_cast<std::size_t>(std::count_if(
        was.keys.begin(), was.keys.end(), [&](const auto& key) { return !is.has(key); }));
    if (before.version() > 0 && after.first_version() == before.first_version() &&
        leaving >= was.threshold)
        out.push_back(fmt::format("{} leave, and {} together can still name OTHER root keys than "
                                  "these, which stops the feed for its readers: where they are not "
                                  "trusted, let the feed's own key appoint the new ones (--feed-key)",
                                  leaving, was.threshold));
    if (after.first_version() > before.first_version() && before.version() > 0)
        out.emplace_back("the feed's own key appoints them: whatever the root keys of before "
                         "sign from now on counts for nothing");
}

}  // namespace

std::vector<std::string> changes_between(const Keyring& current, const UnsignedKeyring& next) {
    std::vector<std::string> out;
    const auto& before = current.message();
    const auto& after = next.message;
    const auto text = [&](const char* what, const std::string& was, const std::string& is) {
        if (was != is) out.push_back(fmt::format("{} changes from \"{}\" to \"{}\"", what, was, is));
    };
    text("the feed's NAME", before.name(), after.name());
    text("the language", before.language(), after.language());
    text("the homepage", before.homepage(), after.homepage());
    for (const auto& key : after.signing()) {
        const auto name = name_of_key(key.key());
        const bool was_named = has(before.signing(), key.key());
        const bool was_revoked = has(before.revoked(), key.key());
        if (has(after.revoked(), key.key())) {
            if (!was_named || !was_revoked)
                out.push_back(fmt::format("{} is named both as one that signs and as one that may "
                                          "not", name));
        } else if (was_revoked) {
            out.push_back(fmt::format("{} may sign AGAIN, although it was withdrawn", name));
        } else if (!was_named) {
            out.push_back(fmt::format("{} MAY SIGN releases from now on", name));
        }
        for (const auto& old : before.signing())
            if (old.key() == key.key() && encode_message(old) != encode_message(key))
                out.push_back(fmt::format("{} changes its time of validity", name_of_key(key.key())));
    }
    for (const auto& key : after.revoked()) {
        const auto& old = before.revoked();
        const auto known = std::find_if(old.begin(), old.end(),
                                        [&](const auto& k) { return k.key() == key.key(); });
        if (known != old.end() && encode_message(*known) == encode_message(key)) continue;
        std::string said = key.reason();
        const auto add = [&](const std::string& more) { said += (said.empty() ? "" : ", ") + more; };
        if (key.since() != 0) add("in other hands perhaps since " + day(key.since()));
        else if (known != old.end()) add("never in other hands");
        out.push_back(fmt::format(
            "{} {}{}{}", name_of_key(key.key()),
            known == old.end() ? "may sign NO MORE" : "was withdrawn, and from now on it is said",
            said.empty() ? "" : ": ", said));
    }
    for (const auto& key : before.signing())
        if (!has(after.signing(), key.key()) && !has(after.revoked(), key.key()))
            out.push_back(fmt::format("{} is left out, so that readers REFUSE what it signed before",
                                      name_of_key(key.key())));
    for (const auto& key : before.revoked())
        if (!has(after.revoked(), key.key()) && !has(after.signing(), key.key()))
            out.push_back(fmt::format("{} is forgotten", name_of_key(key.key())));
    if (before.least_seq() != after.least_seq())
        out.push_back(fmt::format("the last true release is {}: readers take none below it",
                                  after.least_seq()));
    add_changes_of_roots(current.roots(), next.roots, out);
    if (out.empty()) out.emplace_back("nothing but its number");
    return out;
}

namespace {

/// For stock minisign. After the keyring that names them, or a file could be left that
/// no keyring ever named.
Status publish_signing_keys(const FeedDirectory& feed, const Keyring& keyring) {
    std::error_code ignored;
    // A reader's copy has none.
    COLPORT_TRY(make_directory(feed.signing()));
    for (const auto& entry : keyring.message().signing()) {
        const auto key = *PublicKey::from(entry.key());
        if (!fs::exists(feed.signing_key(key), ignored))
            COLPORT_TRY(write_file(feed.signing_key(key), minisign::public_key_file(key)));
    }
    return done();
}

}  // namespace

Status install_keyring(const Workshop& workshop, const std::string& file) {
    const auto state = COLPORT_TRY(workshop.records());
    const auto next = COLPORT_TRY(Keyring::verify(file, state.feed));
    if (next.compared_with(state.keyring) != KeyringOrder::newer)
        return Error{Errc::stale, "a newer keyring is in force already"};
    COLPORT_TRY(write_file(workshop.feed().keyring(), next.file()));
    return adopt_new_key(workshop);
}

Result<PublicKey> start_new_key(const Workshop& workshop, const Secret& passphrase) {
    const auto key = SigningKey::generate();
    std::error_code ignored;
    fs::remove(waiting_public(workshop), ignored);
    COLPORT_TRY(write_file(waiting_key(workshop), key_file::seal(key, "signing", passphrase), 0600));
    COLPORT_TRY(write_file(waiting_public(workshop), minisign::public_key_file(key.public_key())));
    return key.public_key();
}

Status adopt_new_key(const Workshop& workshop) {
    const auto state = COLPORT_TRY(workshop.records());
    COLPORT_TRY(publish_signing_keys(workshop.feed(), state.keyring));
    const auto file = read_file(waiting_public(workshop), 1024);
    if (!file && file.error().code == Errc::not_found) return done();
    const auto key = COLPORT_TRY(minisign::parse_public_key_file(COLPORT_TRY(file)));
    const auto& signing = state.keyring.message().signing();
    if (!has(signing, key.str()) || state.keyring.is_revoked(key)) return done();
    std::error_code error;
    if (fs::exists(waiting_key(workshop), error)) {
        fs::rename(waiting_key(workshop), workshop.signing_key(), error);
        if (error)
            return Error{Errc::io, fmt::format("cannot take the new key into use: {}",
                                               error.message())};
        COLPORT_TRY(sync_file(workshop.keys()));
    }
    fs::remove(waiting_public(workshop), error);
    return done();
}

}  // namespace colport
