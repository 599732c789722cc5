// Vectors of keyrings, heads and shelves.

#include "core/limits.h"
#include "core/message.h"
#include "feed/head.h"
#include "feed/roots.h"
#include "feed/shelf.h"
#include "metainfo/mutable_item.h"
#include "support/test_feed.h"
#include "support/vector_writer.h"

namespace colport::support {
namespace {

using Json = VectorWriter::Json;

std::string flipped(std::string bytes, std::size_t at) {
    bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
    return bytes;
}

/// The keyring file around any bytes, signed by `key`.
std::string signed_keyring(Bytes keyring, const SigningKey& key) {
    pb::SignedKeyring out;
    out.set_keyring(std::string(keyring));
    auto* signature = out.add_signatures();
    signature->set_key(key.public_key().str());
    signature->set_signature(key.sign("colport keyring v1\n" + std::string(keyring)).str());
    return encode_message(out);
}

/// The head file around any value, signed by `key`.
std::string signed_value(const PublicKey& feed, std::uint64_t seq, const std::string& value,
                         const SigningKey& key) {
    pb::SignedHead out;
    out.set_key(key.public_key().str());
    out.set_seq(seq);
    out.set_value(value);
    out.set_signature(key.sign(mutable_item::signed_buffer(head_salt(feed), seq, value)).str());
    return encode_message(out);
}

struct Names {
    SigningKey root = test_key("gazette root");
    SigningKey signing = test_key("gazette signing");
    SigningKey second = test_key("gazette second");
    SigningKey stranger = test_key("stranger");
    const PublicKey& feed = root.public_key();

    [[nodiscard]] pb::Keyring message() const {
        auto out = keyring_message(feed);
        out.add_signing()->set_key(signing.public_key().str());
        return out;
    }
};

void keyrings(VectorWriter& out, const Names& names) {
    const Json with{{"feed", names.feed.hex()}};
    const auto add = [&](const char* name, Bytes bytes, const char* expect, const char* note) {
        out.add("keyring", name, bytes, with, expect, note);
    };
    const auto message = names.message();
    const auto good = signed_keyring(encode_message(message), names.root);
    add("good", good, "ok", "one signing key, signed by the feed's key");
    auto changed = message;
    changed.set_version(2);
    changed.set_homepage("https://example.org/");
    changed.mutable_signing(0)->set_not_after(test_time + 1000);
    auto* second = changed.add_signing();
    second->set_key(names.second.public_key().str());
    second->set_not_before(test_time + 500);
    auto* revoked = changed.add_revoked();
    revoked->set_key(names.stranger.public_key().str());
    revoked->set_since(test_time);
    revoked->set_reason("the laptop was taken");
    add("revoked", signed_keyring(encode_message(changed), names.root), "ok",
        "times of validity and a revoked key");

    changed.set_least_seq(7);
    add("least-seq", signed_keyring(encode_message(changed), names.root), "ok",
        "heads below release 7 are not taken");
    changed.set_least_seq(std::uint64_t{1} << 63);
    add("least-seq-over", signed_keyring(encode_message(changed), names.root), "corrupt",
        "a number that no release can have");

    const SigningKey* first_two[] = {&names.signing, &names.second};
    const SigningKey* one[] = {&names.second};
    const auto roots = encode_message(
        roots_message(names.feed, 2, {&names.signing, &names.second, &names.stranger}));
    const auto by_feed = sign_roots(names.root, roots);
    const auto by_other = sign_roots(names.stranger, roots);
    add("threshold", sign_keyring(message, first_two, roots, &by_feed), "ok",
        "two of three root keys");
    add("threshold-missed", sign_keyring(message, one, roots, &by_feed), "forged",
        "one of three root keys where two are needed");
    const SigningKey* twice[] = {&names.second, &names.second};
    add("threshold-same-twice", sign_keyring(message, twice, roots, &by_feed), "corrupt",
        "one root key counted twice");
    const SigningKey* by_root[] = {&names.root, &names.second};
    add("threshold-foreign", sign_keyring(message, by_root, roots, &by_feed), "forged",
        "the feed's own key is not among the root keys it named");
    add("roots-forged", sign_keyring(message, first_two, roots, &by_other), "forged",
        "the list of root keys is signed by a stranger");
    const auto none = encode_message(roots_message(names.feed, 0, {&names.signing}));
    const auto none_signed = sign_roots(names.root, none);
    add("threshold-zero", sign_keyring(message, {}, none, &none_signed), "corrupt",
        "a threshold of none");

    auto unnumbered = roots_message(names.feed, 1, {&names.second});
    unnumbered.clear_version();
    const auto unnumbered_signed = sign_roots(names.root, encode_message(unnumbered));
    add("roots-version-zero",
        sign_keyring(message, one, encode_message(unnumbered), &unnumbered_signed), "corrupt",
        "a list of root keys without a version");

    add("signature-flipped", flipped(good, good.size() - 3), "forged", "one bit of the signature");
    add("message-flipped", flipped(good, 60), "forged", "one bit of the keyring");
    add("unsigned", bytes_field(1, encode_message(message)), "forged", "no signature at all");
    add("by-stranger", signed_keyring(encode_message(message), names.stranger), "forged",
        "signed by a key that is not the feed's");
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, good.size() / 2, good.size() - 1})
        add(("cut-at-" + std::to_string(size)).c_str(), Bytes(good).substr(0, size),
            size == 0 ? "forged" : "corrupt", "cut short");
    add("trailing-bytes", good + std::string(1, '\0'), "corrupt", "a byte too many");
    auto odd = message;
    odd.set_feed(names.stranger.public_key().str());
    add("wrong-feed", signed_keyring(encode_message(odd), names.root), "forged",
        "says that it belongs to another feed");
    odd = message;
    odd.set_format(2);
    add("newer-format", signed_keyring(encode_message(odd), names.root), "unsupported", "format 2");
    odd = message;
    odd.set_version(0);
    add("version-zero", signed_keyring(encode_message(odd), names.root), "corrupt",
        "versions begin at 1");
    odd = message;
    odd.set_name(std::string("a\0b", 3));
    add("name-with-nul", signed_keyring(encode_message(odd), names.root), "corrupt",
        "NUL in a name");
    odd = message;
    odd.set_name("");
    add("no-name", signed_keyring(encode_message(odd), names.root), "corrupt", "an empty name");
    odd = message;
    odd.mutable_signing(0)->set_key("short");
    add("short-key", signed_keyring(encode_message(odd), names.root), "corrupt",
        "a signing key of 5 bytes");
    add("explicit-default",
        signed_keyring(encode_message(message) + bytes_field(7, ""), names.root), "corrupt",
        "homepage is present and empty");
    add("field-order",
        signed_keyring(bytes_field(2, names.feed.view()) + varint_field(1, 1) +
                           encode_message(message).substr(2 + 34),
                       names.root),
        "corrupt", "feed before format");
    add("unknown-field",
        signed_keyring(encode_message(message) + varint_field(99, 7), names.root), "ok",
        "a field that a later version adds");
    odd = message;
    odd.set_homepage("https://example.org/" + std::string(limits::keyring, 'x'));
    add("over-size", signed_keyring(encode_message(odd), names.root), "too_large", "over 16 KiB");
}

/// Keyrings of a feed whose root keys change.
struct Editors {
    const Names& names;
    SigningKey anna = test_key("anna"), bela = test_key("bela"), chen = test_key("chen"),
               dora = test_key("dora");

    using Signers = std::vector<const SigningKey*>;
    struct List {
        Signers keys;
        std::uint64_t version;
        Signers appointed_by;
    };
    /// Version `version` of the keyring, behind `lists`, the first by the feed's own key.
    [[nodiscard]] std::string file(std::uint64_t version, const std::vector<List>& lists,
                                   const Signers& signers, const char* name = "Gazette") const {
        auto message = names.message();
        message.set_version(version);
        message.set_name(name);
        message.set_roots_version(lists.empty() ? 0 : lists.back().version);
        pb::SignedKeyring out;
        out.set_keyring(encode_message(message));
        for (const auto* key : signers)
            sign(*out.add_signatures(), *key, "colport keyring v1\n" + out.keyring());
        for (const auto& list : lists) {
            auto roots = roots_message(names.feed, 2, list.keys);
            roots.set_version(list.version);
            const auto bytes = encode_message(roots);
            if (out.roots().empty()) {
                out.set_roots(bytes);
                out.set_roots_signature(names.root.sign(signed_roots(bytes)).str());
                continue;
            }
            auto* later = out.add_later_roots();
            later->set_roots(bytes);
            for (const auto* key : list.appointed_by)
                sign(*later->add_signatures(), *key, signed_later_roots(bytes));
        }
        return encode_message(out);
    }
    static void sign(pb::KeySignature& entry, const SigningKey& key, const std::string& covered) {
        entry.set_key(key.public_key().str());
        entry.set_signature(key.sign(covered).str());
    }

    [[nodiscard]] List first() const { return {{&anna, &bela, &chen}, 1, {}}; }
    /// Dora in Chen's place.
    [[nodiscard]] List second(Signers by) const { return {{&anna, &bela, &dora}, 2, std::move(by)}; }
};

void root_lists(VectorWriter& out, const Names& names) {
    const Editors editors{names};
    const auto *anna = &editors.anna, *bela = &editors.bela, *chen = &editors.chen,
               *dora = &editors.dora;
    const auto first = editors.first();
    const auto add = [&](const char* name, const std::vector<Editors::List>& lists,
                         const Editors::Signers& signers, const char* expect, const char* note) {
        out.add("keyring", name, editors.file(2, lists, signers), {{"feed", names.feed.hex()}}, expect,
                note);
    };
    const auto second = editors.second({anna, bela});
    add("later-roots", {first, second}, {bela, dora}, "ok", "an editor in the place of another");
    const Editors::List third{{bela, dora, &names.second}, 3, {bela, dora}};
    add("later-roots-twice", {first, second, third}, {dora, &names.second}, "ok",
        "two changes of editors");
    add("later-roots-few", {first, editors.second({anna})}, {bela, dora}, "forged",
        "one of three appoints where two must");
    add("later-roots-none", {first, editors.second({})}, {bela, dora}, "forged", "nobody appoints");
    add("later-roots-by-new", {first, editors.second({bela, dora})}, {bela, dora}, "forged",
        "a new root key appoints itself");
    add("later-roots-by-feed", {first, editors.second({anna, &names.root})}, {bela, dora}, "forged",
        "the feed's key is not among those before");
    add("later-roots-twice-one", {first, editors.second({anna, anna})}, {bela, dora}, "corrupt",
        "one root key appoints twice");
    add("later-roots-replaced-signs", {first, second}, {anna, chen}, "forged",
        "signed by a root key that was replaced");
    auto gap = second;
    gap.version = 3;
    add("later-roots-gap", {first, gap}, {bela, dora}, "corrupt", "version 3 after version 1");
    pb::SignedKeyring odd;
    COLPORT_ASSERT(odd.ParseFromString(editors.file(2, {first, second}, {bela, dora})));
    odd.clear_roots();
    odd.clear_roots_signature();
    out.add("keyring", "later-roots-alone", encode_message(odd), {{"feed", names.feed.hex()}},
            "corrupt", "a later list without a first");
    COLPORT_ASSERT(odd.ParseFromString(editors.file(2, {first, second}, {bela, dora})));
    odd.set_roots(odd.later_roots(0).roots());
    odd.set_roots_signature(odd.later_roots(0).signatures(0).signature());
    odd.clear_later_roots();
    out.add("keyring", "later-roots-lifted", encode_message(odd), {{"feed", names.feed.hex()}},
            "forged", "a later list in the place of the first");

    COLPORT_ASSERT(odd.ParseFromString(editors.file(2, {first, second}, {anna, bela})));
    odd.clear_later_roots();
    out.add("keyring", "later-roots-cut-off", encode_message(odd), {{"feed", names.feed.hex()}},
            "forged", "without the list that those who sign were appointed by");

    const auto order = [&](const char* name, const std::string& file, const std::string& held,
                           const char* expect, const char* note) {
        out.add("keyring-order", name, file, {{"feed", names.feed.hex()}, {"held", held}}, expect,
                note);
    };
    const auto plain = [&](std::uint64_t version, const char* name = "Gazette") {
        return editors.file(version, {}, {&names.root}, name);
    };
    const std::string one = "keyring-order/before", two = "keyring-order/same",
                      chained = "keyring/later-roots", by_first = "keyring-order/replaced-before",
                      lone = "keyring-order/lists-win.held", forked = "keyring-order/lists-fork",
                      renewed = "keyring-order/renewed", three = "keyring-order/next";
    order("before", plain(1), two, "stale", "the version before");
    order("same", plain(2), two, "stale", "the same");
    order("next", plain(3), two, "ok", "the next version");
    order("fork", plain(2, "Other"), two, "forked", "two of one version");
    order("missed-several", editors.file(9, {first, second, third}, {bela, dora}), by_first, "ok",
          "two changes of root keys at once");
    order("other-signers", editors.file(2, {first, second}, {anna, bela}), chained, "stale",
          "the same, signed by others who may");
    order("replaced", editors.file(9, {first}, {anna, chen}), chained, "denied",
          "a higher version by those who were replaced");
    order("replaced-before", editors.file(1, {first}, {anna, chen}), chained, "stale",
          "what those who were replaced signed before");
    out.write(lone, editors.file(900, {first}, {anna, chen}));
    out.list("keyring-order", chained, {{"feed", names.feed.hex()}, {"held", lone}}, "ok",
             "a lower version by those who replaced the others");
    const Editors::List other{{anna, chen, &names.second}, 2, {anna, chen}};
    order("lists-fork", editors.file(9, {first, other}, {anna, chen}), chained, "forked",
          "root keys appointed two different lists");
    const Editors::List anew{{dora, &names.second}, 3, {}};
    order("renewed", editors.file(3, {anew}, {dora, &names.second}), forked, "ok",
          "the feed's own key names a list anew");
    order("renewed-before", editors.file(900, {first, second, third}, {bela, dora}), renewed,
          "denied", "a higher version by those whom the feed's own key replaced");
    out.list("keyring-order", three, {{"feed", names.feed.hex()}, {"held", chained}}, "denied",
             "no list where there was one");

    const auto fork = [&](const std::string& file, const std::string& held,
                          const std::string& against, const char* expect, const char* note) {
        out.list("keyring-fork", file,
                 {{"feed", names.feed.hex()}, {"held", held}, {"other", against}}, expect, note);
    };
    fork(renewed, chained, forked, "ok", "the feed's own key names a list anew");
    fork("keyring/later-roots-twice", chained, forked, "forked", "root keys end no fork of theirs");
    fork(three, two, "keyring-order/fork", "forked", "nor does the one key that signed both");
    fork(renewed, two, "keyring-order/fork", "forked", "nor that key by naming root keys");

    const auto following = [&](const std::string& file, const std::string& held,
                               const char* expect, const char* note) {
        out.list("keyring-request", file, {{"feed", names.feed.hex()}, {"held", held}}, expect, note);
    };
    following(two, one, "ok", "the next version");
    following(three, one, "stale", "a version is left out: what it revoked would come back unsaid");
    following(one, one, "stale", "the same version");
    following(chained, by_first, "ok", "one more list");
    following("keyring/later-roots-twice", by_first, "forged", "two more lists");
    following(renewed, chained, "ok", "the lists begin anew");
    following(three, chained, "forged", "the lists are gone");
    following("keyring/wrong-feed", one, "forged", "of another feed");
    const auto request = [&](const char* name, const std::string& file, const std::string& held,
                             const char* expect, const char* note) {
        out.add("keyring-request", name, file, {{"feed", names.feed.hex()}, {"held", held}}, expect,
                note);
    };
    request("unsigned", editors.file(2, {}, {}), one, "ok", "nobody has signed yet");
    request("other-list", editors.file(3, {first, other}, {}), chained, "forged",
            "another list in the place of one in force");
    auto later = names.message();
    later.set_version(2);
    request("unknown-field",
            bytes_field(1, encode_message(later) + varint_field(99, 7)), one, "unsupported",
            "the signature would cover what the signer cannot be shown");
}

/// A SignedKeyring with any item signature.
std::string with_item_signature(const std::string& envelope, const std::string& signature) {
    return envelope + bytes_field(5, signature);
}

std::string item_signature(const SigningKey& key, std::uint64_t seq, const std::string& value) {
    return key.sign(mutable_item::signed_buffer(keyring_salt, seq, value)).str();
}

/// What nobody signs in the file is not kept.
void padded(VectorWriter& out, const Names& names) {
    const auto message = encode_message(names.message());
    const auto good = signed_keyring(message, names.root);
    const auto kept = [&](const char* name, const std::string& file, const char* note) {
        out.add("keyring", name, file, {{"feed", names.feed.hex()}, {"kept", "keyring/good"}}, "ok",
                note);
    };
    const auto padding = varint_field(99, 7);
    kept("padded", good + padding, "a field that nobody signed");
    const auto signature = good.substr(bytes_field(1, message).size() + 2);
    kept("padded-signature", bytes_field(1, message) + bytes_field(2, signature + padding),
         "the same within a KeySignature");
    const auto item = mutable_item::encode_keyring(good + padding);
    kept("padded-item",
         good + bytes_field(5, item_signature(names.root, 1, item)) + padding,
         "the same, and the item's signature covers it: it goes too");
    out.add("keyring", "padded-beside-item",
            good +
                bytes_field(5, item_signature(names.root, 1, mutable_item::encode_keyring(good))) +
                padding,
            {{"feed", names.feed.hex()}}, "forged", "the same, and the item's signature does not");
}

void keyring_items(VectorWriter& out, const Names& names) {
    const auto message = names.message();
    const SigningKey* root[] = {&names.root};
    const auto file = sign_keyring(message, root);
    const auto add = [&](const char* name, Bytes bytes, const char* expect, const char* note) {
        out.add("keyring", name, bytes, {{"feed", names.feed.hex()}}, expect, note);
    };
    add("item-signature", file, "ok", "with the signature of its item in the DHT");
    add("item-signature-flipped", flipped(file, file.size() - 3), "forged",
        "one bit of the item's signature");
    const auto envelope = signed_keyring(encode_message(message), names.root);
    const auto value = mutable_item::encode_keyring(envelope);
    const auto good = item_signature(names.root, 1, value);
    add("item-signature-short", with_item_signature(envelope, good.substr(1)), "corrupt",
        "an item's signature of 63 bytes");
    add("item-signature-other-seq",
        with_item_signature(envelope, item_signature(names.root, 2, value)), "forged",
        "the item's signature is for version 2");
    add("item-signature-by-signing",
        with_item_signature(envelope, item_signature(names.signing, 1, value)), "forged",
        "the item's signature is by a signing key");
    auto large = message;
    large.set_homepage("https://example.org/" + std::string(800, 'x'));
    const auto large_envelope = signed_keyring(encode_message(large), names.root);
    add("item-over-size",
        with_item_signature(large_envelope,
                            item_signature(names.root, 1,
                                           mutable_item::encode_keyring(large_envelope))),
        "corrupt", "the item would be over 1,000 bytes");

    const auto add_item = [&](const char* name, const std::string& v, const std::string& signature,
                              const char* expect, const char* note) {
        out.add("keyring-item", name, v,
                {{"feed", names.feed.hex()}, {"signature", to_hex(signature)}}, expect, note);
    };
    add_item("good", value, good, "ok", "gives keyring/item-signature");
    add_item("forged", value, item_signature(names.stranger, 1, value), "forged",
             "signed by a stranger");
    add_item("more-keys", value.substr(0, value.size() - 1) + "1:zi1ee", good, "corrupt",
             "a key beside k");
    add_item("bencode-leading-zero", "d1:k0" + value.substr(4), good, "corrupt",
             "a length with a leading zero");
    const auto whole = mutable_item::encode_keyring(file);
    add_item("own-signature", whole, item_signature(names.root, 1, whole), "corrupt",
             "the keyring in it has field 5");
    add_item("over-size", mutable_item::encode_keyring(large_envelope),
             item_signature(names.root, 1, mutable_item::encode_keyring(large_envelope)),
             "too_large", "over 1,000 bytes");
}

void head_forks(VectorWriter& out, const Names& names) {
    const std::string held = "head-order/held";
    const Json with{{"feed", names.feed.hex()}, {"keyring", "keyring/revoked"}, {"held", held},
                    {"now", test_time + 700}};
    // Both keys may sign then.
    const auto message = [&](std::uint64_t seq) {
        return head_message(names.feed, seq, test_time + 600);
    };
    out.write(held, signed_head(message(7), names.signing));
    const auto add = [&](const char* name, const std::string& file, const char* expect,
                         const char* note) { out.add("head-order", name, file, with, expect, note); };
    out.list("head-order", held, with, "stale", "the same");
    add("same", signed_head(message(7), names.second), "stale", "the same by another key");
    add("next", signed_head(message(8), names.second), "ok", "the next release");
    out.list("head-order", "head/below-least-seq", with, "stale", "the release before");
    out.list("head-order", "head/good", with, "forked", "another date");
    add("other-ih", sign_head(message(7), info_hash("another"), names.second), "forked",
        "another info-hash alone");
}

void heads(VectorWriter& out, const Names& names) {
    const std::string keyring = "keyring/good";
    const auto with = [&](const std::string& ring, std::uint64_t seen, std::int64_t now) {
        return Json{{"feed", names.feed.hex()}, {"keyring", ring}, {"newest_seen", seen},
                    {"now", now}};
    };
    const auto usual = with(keyring, 0, test_time + 60);
    const auto add = [&](const char* name, Bytes bytes, const char* expect, const char* note) {
        out.add("head", name, bytes, usual, expect, note);
    };
    const auto message = head_message(names.feed, 7);
    const auto good = signed_head(message, names.signing);
    add("good", good, "ok", "release 7");
    out.list("head", "head/good", with(keyring, 7, test_time + 60), "ok", "seen before");
    out.list("head", "head/good", with(keyring, 8, test_time + 60), "stale", "release 8 was seen");
    out.list("head", "head/good", with(keyring, 0, test_time - limits::clock_skew_seconds), "ok",
             "one day ahead of this clock");
    out.list("head", "head/good", with(keyring, 0, test_time - limits::clock_skew_seconds - 1),
             "early", "more than a day in the future");
    out.list("head", "head/good", with("keyring/revoked", 0, test_time + 60), "ok",
             "the key is valid until later");
    const auto sealed = [&] {
        auto later = message;
        later.set_volume(3);
        later.set_shelf_sha256(sha256("shelf").str());
        return later;
    }();
    add("third-volume", signed_head(sealed, names.signing), "ok", "two volumes are sealed");

    const auto by = [&](const char* name, const SigningKey& key, std::int64_t time,
                        const char* expect, const char* note) {
        out.add("head", name, signed_head(head_message(names.feed, 7, time), key),
                with("keyring/revoked", 0, test_time + 5000), expect, note);
    };
    by("key-expired", names.signing, test_time + 1001, "denied", "one second after not_after");
    by("key-not-yet", names.second, test_time + 499, "denied", "one second before not_before");
    by("key-begins", names.second, test_time + 500, "ok", "at not_before");
    by("key-revoked", names.stranger, test_time, "denied", "a key that was revoked");
    by("key-revoked-dated-back", names.stranger, test_time - 1000, "denied",
       "dated before its key was stolen, as a thief would");
    out.list("head", "head/good", with("keyring/least-seq", 0, test_time + 60), "ok",
             "the least release that the keyring lets pass");
    out.add("head", "below-least-seq", signed_head(head_message(names.feed, 6), names.signing),
            with("keyring/least-seq", 0, test_time + 60), "stale",
            "below what the keyring lets pass");

    add("signature-flipped", flipped(good, 60), "forged", "one bit of the signature");
    add("value-flipped", flipped(good, good.size() - 30), "forged", "one bit of the value");
    for (const std::size_t size : {std::size_t{0}, std::size_t{40}, good.size() - 1})
        add(("cut-at-" + std::to_string(size)).c_str(), Bytes(good).substr(0, size), "corrupt",
            "cut short");
    add("by-stranger", signed_head(message, names.stranger), "forged",
        "a key that the keyring does not name");
    add("by-root", signed_head(message, names.root), "forged",
        "the feed's own key signs keyrings, not heads");
    const auto change = [&](const char* name, const char* expect, const char* note, auto edit) {
        auto odd = message;
        edit(odd);
        add(name, signed_value(names.feed, 7,
                               mutable_item::encode({encode_message(odd), info_hash("info")}),
                               names.signing),
            expect, note);
    };
    change("newer-format", "unsupported", "format 2", [](auto& m) { m.set_format(2); });
    change("wrong-feed", "forged", "says that it belongs to another feed",
           [&](auto& m) { m.set_feed(names.stranger.public_key().str()); });
    change("other-seq", "corrupt", "another seq than the item's", [](auto& m) { m.set_seq(8); });
    change("newer-keyring", "not_found", "needs version 2 of the keyring",
           [](auto& m) { m.set_keyring_version(2); });
    change("info-size-zero", "corrupt", "info_size 0", [](auto& m) { m.set_info_size(0); });
    change("info-size-over", "corrupt", "info_size over 1 MiB",
           [](auto& m) { m.set_info_size(limits::info_dictionary + 1); });
    change("short-hash", "corrupt", "a SHA-256 of 31 bytes",
           [](auto& m) { m.set_info_sha256(std::string(31, 'x')); });
    change("volume-zero", "corrupt", "volumes begin at 1", [](auto& m) { m.set_volume(0); });
    change("no-shelf", "corrupt", "volume 2 without a shelf", [](auto& m) { m.set_volume(2); });
    change("shelf-too-early", "corrupt", "volume 1 with a shelf",
           [](auto& m) { m.set_shelf_sha256(sha256("shelf").str()); });
    const auto encoded = encode_message(message);
    const auto value = [&](const std::string& head, const std::string& hash) {
        return "d1:h" + std::to_string(head.size()) + ":" + head + "2:ih" + hash + "e";
    };
    const std::string hash = "20:" + info_hash("info").str();
    const auto add_value = [&](const char* name, const std::string& v, const char* expect,
                               const char* note) {
        add(name, signed_value(names.feed, 7, v, names.signing), expect, note);
    };
    add_value("explicit-default", value(encoded + bytes_field(10, ""), hash), "corrupt",
              "shelf_sha256 is present and empty");
    add_value("bencode-key-order",
              "d2:ih" + hash + "1:h" + std::to_string(encoded.size()) + ":" + encoded + "e",
              "corrupt", "ih before h");
    add_value("bencode-leading-zero", value(encoded, "0" + hash), "corrupt", "a length of 020");
    add_value("bencode-more-keys",
              value(encoded, hash).substr(0, value(encoded, hash).size() - 1) + "1:zi1ee",
              "corrupt", "a key beside h and ih");
    add_value("unknown-field", value(encoded + varint_field(99, 7), hash), "ok",
              "a field that a later version adds");
    add_value("over-size", value(encoded + bytes_field(99, std::string(880, 'x')), hash),
              "corrupt", "a value of more than 1,000 bytes in a head that is not over its limit");
}

void shelves(VectorWriter& out, const Names& names) {
    const auto add = [&](const char* name, Bytes bytes, const char* expect, const char* note) {
        out.add("shelf", name, bytes, {{"feed", names.feed.hex()}}, expect, note);
    };
    auto shelf = empty_shelf(names.feed);
    for (std::uint32_t number = 1; number <= 3; ++number) {
        auto* volume = shelf.add_volumes();
        volume->set_number(number);
        volume->set_info_hash(info_hash(std::to_string(number)).str());
        volume->set_info_sha256(sha256(std::to_string(number)).str());
        volume->set_info_size(500);
        volume->set_last_seq(10 * number);
        volume->set_bytes(70'000'000);
        volume->set_last_time(test_time);
    }
    const auto good = encode_shelf(shelf);
    add("good", good, "ok", "three sealed volumes");
    add("empty", encode_shelf(empty_shelf(names.feed)), "ok", "none");
    add("cut-short", Bytes(good).substr(0, good.size() - 1), "corrupt", "cut short");
    add("trailing-bytes", good + "x", "corrupt", "a byte too many");
    const auto change = [&](const char* name, const char* expect, const char* note, auto edit) {
        auto odd = shelf;
        edit(odd);
        add(name, encode_shelf(odd), expect, note);
    };
    change("newer-format", "unsupported", "format 2", [](auto& s) { s.set_format(2); });
    change("wrong-feed", "forged", "another feed's",
           [&](auto& s) { s.set_feed(names.stranger.public_key().str()); });
    change("gap", "corrupt", "volume 2 is missing",
           [](auto& s) { s.mutable_volumes()->DeleteSubrange(1, 1); });
    change("order", "corrupt", "not ascending", [](auto& s) {
        s.mutable_volumes()->SwapElements(0, 1);
    });
    change("short-info-hash", "corrupt", "an info-hash of 19 bytes", [](auto& s) {
        s.mutable_volumes(0)->set_info_hash(std::string(19, 'x'));
    });
    change("info-size-zero", "corrupt", "info_size 0",
           [](auto& s) { s.mutable_volumes(0)->set_info_size(0); });
}

}  // namespace

void write_record_vectors(VectorWriter& out) {
    const Names names;
    keyrings(out, names);
    root_lists(out, names);
    keyring_items(out, names);
    padded(out, names);
    heads(out, names);
    head_forks(out, names);
    shelves(out, names);
}

}  // namespace colport::support
