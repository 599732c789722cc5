#include <catch2/catch.hpp>

#include "core/limits.h"
#include "core/message.h"
#include "feed/door.h"
#include "feed/head.h"
#include "feed/link.h"
#include "feed/listing.h"
#include "feed/shelf.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::support;

namespace {

struct Keys {
    SigningKey root = test_key("gazette root");
    SigningKey signing = test_key("gazette signing");
    SigningKey second = test_key("gazette second");
    const PublicKey& feed = root.public_key();

    [[nodiscard]] std::string keyring_file() const {
        auto message = keyring_message(feed);
        message.add_signing()->set_key(signing.public_key().str());
        const SigningKey* roots[] = {&root};
        return sign_keyring(message, roots);
    }
    [[nodiscard]] Keyring keyring() const { return must(Keyring::verify(keyring_file(), feed)); }
};

template <class T>
Errc code_of(const Result<T>& result) {
    REQUIRE_FALSE(result);
    return result.error().code;
}

/// Calls `refused` with each single-bit change of `good`.
template <class Refused>
void flip_every_bit(const std::string& good, Refused refused) {
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        auto odd = good;
        odd[bit / 8] = static_cast<char>(odd[bit / 8] ^ 1 << bit % 8);
        if (!refused(odd)) FAIL("accepted with bit " << bit << " changed");
    }
}

}  // namespace

TEST_CASE("no bit of a keyring can be changed", "[bits]") {
    const Keys keys;
    const auto good = keys.keyring();
    flip_every_bit(good.file(), [&](const auto& odd) {
        const auto read = Keyring::verify(odd, keys.feed);
        // The number of a field that no signature covers: the item is lost, nothing else.
        return !read || (!read->item() && encode_message(read->message()) ==
                                              encode_message(good.message()));
    });
    const auto roots = encode_message(roots_message(keys.feed, 1, {&keys.second, &keys.signing}));
    const auto delegation = sign_roots(keys.root, roots);
    auto message = keyring_message(keys.feed);
    const SigningKey* both[] = {&keys.signing, &keys.second};
    const auto file = sign_keyring(message, both, roots, &delegation);
    CHECK(Keyring::verify(file, keys.feed));
    flip_every_bit(file, [&](const auto& odd) { return !Keyring::verify(odd, keys.feed); });
    for (std::size_t size = 0; size < file.size(); ++size)
        CHECK_FALSE(Keyring::verify(file.substr(0, size), keys.feed));

    // Those who sign were in the list before, too.
    const auto before = must(Keyring::verify(file, keys.feed));
    const RootsChange change{{{keys.second.public_key(), keys.signing.public_key()}, 2}};
    message.set_version(2);
    auto later = draft_keyring(message, before, change);
    for (const auto* key : both) later = must(add_keyring_signature(later, *key));
    CHECK(Keyring::verify(later, keys.feed));
    flip_every_bit(later, [&](const auto& odd) { return !Keyring::verify(odd, keys.feed); });
    for (std::size_t size = 0; size < later.size(); ++size)
        CHECK_FALSE(Keyring::verify(later.substr(0, size), keys.feed));
}

TEST_CASE("a keyring that the feed's own key signed travels as a DHT item and comes back whole") {
    const Keys keys;
    const auto keyring = keys.keyring();
    const auto item = keyring.item();
    REQUIRE(item);
    CHECK(item->key == keys.feed);
    CHECK(item->salt == keyring_salt);
    CHECK(item->seq == keyring.version());
    CHECK(verify(*item));
    const auto file = must(Keyring::file_of_item(item->value, item->signature));
    CHECK(file == keyring.file());
    CHECK(must(Keyring::verify(file, keys.feed)).item() == item);

    auto other = item->signature;
    other.bytes[5] ^= 1;
    CHECK(code_of(Keyring::verify(must(Keyring::file_of_item(item->value, other)), keys.feed)) ==
          Errc::forged);
    const auto refused = [&](const std::string& value) {
        return code_of(Keyring::file_of_item(value, item->signature));
    };
    CHECK(refused("") == Errc::corrupt);
    CHECK(refused("i1e") == Errc::corrupt);
    CHECK(refused("d1:k0:ee") == Errc::corrupt);
    CHECK(refused("d1:k3:abce") == Errc::corrupt);
    CHECK(refused(mutable_item::encode_keyring(file)) == Errc::corrupt);
    CHECK(refused(std::string(limits::head_value + 1, 'd')) == Errc::too_large);
}

TEST_CASE("a keyring has no DHT item without the feed's own signature, or when it is too large") {
    const Keys keys;
    auto message = keyring_message(keys.feed);
    const auto roots = encode_message(roots_message(keys.feed, 1, {&keys.second}));
    const auto delegation = sign_roots(keys.root, roots);
    const SigningKey* second[] = {&keys.second};
    const SigningKey* root[] = {&keys.root};
    const auto delegated = sign_keyring(message, second, roots, &delegation);
    CHECK_FALSE(must(Keyring::verify(delegated, keys.feed)).item());

    const auto value_size = [&] {
        return must(Keyring::verify(sign_keyring(message, root), keys.feed)).item()->value.size();
    };
    message.set_homepage(std::string(200, 'x'));
    message.mutable_homepage()->append(limits::head_value - value_size(), 'x');
    CHECK(value_size() == limits::head_value);
    message.mutable_homepage()->push_back('x');
    CHECK_FALSE(must(Keyring::verify(sign_keyring(message, root), keys.feed)).item());
    message.clear_homepage();
    message.set_version(std::uint64_t{1} << 63);
    CHECK_FALSE(must(Keyring::verify(sign_keyring(message, root), keys.feed)).item());
}

TEST_CASE("a keyring counts each root key once") {
    const Keys keys;
    const auto roots =
        encode_message(roots_message(keys.feed, 2, {&keys.root, &keys.second, &keys.signing}));
    const auto delegation = sign_roots(keys.root, roots);
    const auto message = keyring_message(keys.feed);
    const auto verified = [&](std::vector<const SigningKey*> by) {
        return Keyring::verify(sign_keyring(message, by, roots, &delegation), keys.feed);
    };
    CHECK(verified({&keys.root, &keys.second}));
    CHECK(verified({&keys.signing, &keys.second, &keys.root}));
    CHECK(code_of(verified({&keys.root})) == Errc::forged);
    CHECK(code_of(verified({&keys.root, &keys.root})) == Errc::corrupt);
    CHECK(code_of(verified({})) == Errc::forged);
    const auto stranger = test_key("stranger");
    CHECK(code_of(verified({&keys.root, &keys.second, &stranger})) == Errc::forged);
}

TEST_CASE("a key speaks for the feed within its times and until it is revoked") {
    const Keys keys;
    auto message = keyring_message(keys.feed);
    auto* limited = message.add_signing();
    limited->set_key(keys.signing.public_key().str());
    limited->set_not_before(100);
    limited->set_not_after(200);
    message.add_signing()->set_key(keys.second.public_key().str());
    auto* revoked = message.add_revoked();
    revoked->set_key(keys.second.public_key().str());
    revoked->set_since(150);
    const auto stranger = test_key("stranger").public_key();
    message.add_revoked()->set_key(stranger.str());
    const SigningKey* roots[] = {&keys.root};
    const auto keyring = must(Keyring::verify(sign_keyring(message, roots), keys.feed));
    const auto may = [&](const PublicKey& key, std::int64_t time) {
        return keyring.may_sign(key, time);
    };
    CHECK_FALSE(may(keys.signing.public_key(), 99));
    CHECK(may(keys.signing.public_key(), 100));
    CHECK(may(keys.signing.public_key(), 200));
    CHECK_FALSE(may(keys.signing.public_key(), 201));
    // A thief writes any date.
    CHECK_FALSE(may(keys.second.public_key(), 149));
    CHECK_FALSE(may(keys.second.public_key(), 150));
    CHECK_FALSE(may(stranger, 1));
    CHECK_FALSE(may(keys.feed, 150));
    CHECK(keyring.knows(keys.second.public_key()));
    CHECK(keyring.knows(stranger));
    CHECK_FALSE(keyring.knows(keys.feed));
}

TEST_CASE("no bit of a head can be changed", "[bits]") {
    const Keys keys;
    const auto keyring = keys.keyring();
    const auto file = signed_head(head_message(keys.feed, 7), keys.signing);
    CHECK(file.size() <= limits::head);
    CHECK(must(verify_head(file, keyring, 0, test_time)).file == file);
    flip_every_bit(file,
                   [&](const auto& odd) { return !verify_head(odd, keyring, 0, test_time); });
    for (std::size_t size = 0; size < file.size(); ++size)
        CHECK_FALSE(verify_head(file.substr(0, size), keyring, 0, test_time));
}

TEST_CASE("a head is a DHT item and comes back whole") {
    const Keys keys;
    const auto file = signed_head(head_message(keys.feed, 7), keys.signing);
    const auto item = must(verify_head(file, keys.keyring(), 0, test_time)).item();
    CHECK(item.key == keys.signing.public_key());
    CHECK(item.salt == head_salt(keys.feed));
    CHECK(item.seq == 7);
    CHECK(verify(item));
    CHECK(head_file_of(item) == file);
}

TEST_CASE("a head of another feed's signing key is refused even if keys are shared") {
    const Keys keys;
    auto message = keyring_message(keys.second.public_key());
    message.add_signing()->set_key(keys.signing.public_key().str());
    const SigningKey* roots[] = {&keys.second};
    const auto other =
        must(Keyring::verify(sign_keyring(message, roots), keys.second.public_key()));
    const auto file = signed_head(head_message(keys.feed, 7), keys.signing);
    CHECK(code_of(verify_head(file, other, 0, test_time)) == Errc::forged);
}

TEST_CASE("heads go only upward and never far into the future") {
    const Keys keys;
    const auto keyring = keys.keyring();
    const auto file = signed_head(head_message(keys.feed, 7), keys.signing);
    CHECK(verify_head(file, keyring, 6, test_time));
    CHECK(verify_head(file, keyring, 7, test_time));
    CHECK(code_of(verify_head(file, keyring, 8, test_time)) == Errc::stale);
    CHECK(verify_head(file, keyring, 0, test_time - limits::clock_skew_seconds));
    CHECK(code_of(verify_head(file, keyring, 0, test_time - limits::clock_skew_seconds - 1)) ==
          Errc::early);
    const auto highest = signed_head(head_message(keys.feed, INT64_MAX), keys.signing);
    CHECK(verify_head(highest, keyring, 0, test_time));
    const auto over = signed_head(head_message(keys.feed, std::uint64_t{INT64_MAX} + 1),
                                  keys.signing);
    CHECK(code_of(verify_head(over, keyring, 0, test_time)) == Errc::corrupt);
}

TEST_CASE("a keyring says how low a head may be, and its owner reads what a revoked key signed") {
    const Keys keys;
    auto message = keyring_message(keys.feed);
    message.add_signing()->set_key(keys.signing.public_key().str());
    message.set_least_seq(8);
    const SigningKey* roots[] = {&keys.root};
    auto keyring = must(Keyring::verify(sign_keyring(message, roots), keys.feed));
    const auto file = signed_head(head_message(keys.feed, 7), keys.signing);
    CHECK(code_of(verify_head(file, keyring, 0, test_time)) == Errc::stale);
    CHECK(verify_head(signed_head(head_message(keys.feed, 8), keys.signing), keyring, 0, test_time));
    CHECK(must(verify_own_head(file, keyring)).seq() == 7);
    message.add_revoked()->set_key(keys.signing.public_key().str());
    keyring = must(Keyring::verify(sign_keyring(message, roots), keys.feed));
    CHECK(code_of(verify_head(file, keyring, 0, test_time)) == Errc::denied);
    CHECK(must(verify_own_head(file, keyring)).seq() == 7);
    flip_every_bit(file, [&](const auto& odd) { return !verify_own_head(odd, keyring); });
}

TEST_CASE("two heads of one seq are a fork unless they say the same") {
    const Keys keys;
    const auto keyring = keys.keyring();
    const auto head = [&](std::uint32_t info_size) {
        auto message = head_message(keys.feed, 7);
        message.set_info_size(info_size);
        return must(verify_head(signed_head(message, keys.signing), keyring, 0, test_time));
    };
    CHECK(head(1000).same_as(head(1000)));
    CHECK_FALSE(head(1000).same_as(head(1001)));
}

TEST_CASE("a head is stale after its time of freshness") {
    const Keys keys;
    const auto head = must(verify_head(signed_head(head_message(keys.feed), keys.signing),
                                       keys.keyring(), 0, test_time));
    CHECK_FALSE(head.stale_at(test_time + 604'800));
    CHECK(head.stale_at(test_time + 604'801));
}

TEST_CASE("a head that was kept is looked at again") {
    const Keys keys;
    const auto file = signed_head(head_message(keys.feed, 7), keys.signing);
    CHECK(must(read_trusted_head(file)).seq() == 7);
    auto message = head_message(keys.feed, 7);
    message.set_info_sha256("short");
    CHECK(code_of(read_trusted_head(signed_head(message, keys.signing))) == Errc::corrupt);
    CHECK(code_of(read_trusted_head(file.substr(1))) == Errc::corrupt);
}

TEST_CASE("a shelf has one form, and its hash holds every bit", "[bits]") {
    const Keys keys;
    auto shelf = empty_shelf(keys.feed);
    for (std::uint32_t number = 1; number <= 2; ++number) {
        auto* volume = shelf.add_volumes();
        volume->set_number(number);
        volume->set_info_hash(info_hash("x").str());
        volume->set_info_sha256(sha256("x").str());
        volume->set_info_size(100);
        volume->set_last_seq(number);
    }
    const auto file = encode_shelf(shelf);
    CHECK(must(parse_shelf(file, keys.feed)).volumes_size() == 2);
    const auto hash = sha256(file);
    flip_every_bit(file, [&](const auto& odd) {
        const auto parsed = parse_shelf(odd, keys.feed);
        return sha256(odd) != hash && (!parsed || encode_shelf(*parsed) == odd);
    });
}

TEST_CASE("no bit of an info dictionary can be changed", "[bits]") {
    const Keys keys;
    const auto bytes = encode(info_of(keys.feed, 3));
    const SignedVolume signed_volume{1, info_hash(bytes), sha256(bytes)};
    CHECK(verify_info(bytes, signed_volume, keys.feed));
    flip_every_bit(bytes,
                   [&](const auto& odd) { return !verify_info(odd, signed_volume, keys.feed); });
    CHECK(code_of(verify_info(bytes, {2, info_hash(bytes), sha256(bytes)}, keys.feed)) ==
          Errc::forged);
    CHECK(code_of(verify_info(bytes, signed_volume, keys.second.public_key())) == Errc::forged);
}

TEST_CASE("a listing and what is held make the info dictionary again") {
    const Keys keys;
    const auto info = info_of(keys.feed, 9);
    InfoDictionary none;
    none.feed = keys.feed;
    CHECK(must(apply_listing(make_listing(info, 0), none)) == info);
    CHECK(must(apply_listing(make_listing(info, 99), none)) == info);
    for (std::uint32_t held = 1; held <= 9; ++held) {
        const auto listing = make_listing(info, held);
        CHECK(listing.files_size() == static_cast<int>(9 - held));
        CHECK(must(apply_listing(listing, info_of(keys.feed, held))) == info);
        CHECK(encode_message(listing).size() < encode(info).size());
        CHECK_FALSE(apply_listing(listing, none));
        CHECK_FALSE(apply_listing(listing, info_of(keys.feed, held - 1)));
    }
    // More is held than the listing builds on.
    CHECK(must(apply_listing(make_listing(info, 4), info_of(keys.feed, 6))) == info);
}

TEST_CASE("a door follows from the feed's key") {
    const Keys keys;
    const auto door = door_of(keys.feed);
    CHECK(door.info == door_of(keys.feed).info);
    CHECK(door.info_hash == info_hash(door.info));
    CHECK(door.info_hash != door_of(keys.second.public_key()).info_hash);
    CHECK(door.info == "d6:lengthi" + std::to_string(door.content.size()) +
                           "e4:name8:feed.pub12:piece lengthi16384e6:pieces20:" +
                           info_hash(door.content).str() + "e");
}

TEST_CASE("a link comes back as it was written") {
    const Keys keys;
    const Link link{keys.feed, "Газета & Co = 100%+",
                    {"udp://a.example:1", "http://b.example/?x=1&y"}, {"https://c.example/feed/"}, {"192.0.2.1:6881", "[2001:db8::1]:6881"}};
    const auto text = to_string(link);
    const auto parsed = must(parse_link(text));
    CHECK(parsed.feed == link.feed);
    CHECK(parsed.name == link.name);
    CHECK(parsed.trackers == link.trackers);
    CHECK(parsed.mirrors == link.mirrors);
    CHECK(parsed.peers == link.peers);
    CHECK(to_string(parsed) == text);
    CHECK(must(parse_link("  " + text + "\r\n")).feed == keys.feed);
    CHECK(to_string(Link{keys.feed, "", {""}, {}, {}}).ends_with("&tr="));
}

TEST_CASE("an empty part of a link does not swallow what follows") {
    const Keys keys;
    const auto text = to_string(Link{keys.feed, "", {}, {}, {}});
    const auto link = must(parse_link(text + "&dn=&tr=udp%3A%2F%2Fa.example%3A1&ws="));
    CHECK(link.name.empty());
    CHECK(link.trackers == std::vector<std::string>{"udp://a.example:1"});
    CHECK(link.mirrors == std::vector<std::string>{""});
    // The text may end where the value would begin.
    const auto longer = text + "&dn=secret";
    CHECK(must(parse_link(std::string_view(longer).substr(0, longer.size() - 6))).name.empty());
}

TEST_CASE("a changed link is refused or names another feed") {
    const Keys keys;
    const auto text = to_string(Link{keys.feed, "", {}, {}, {}});
    for (std::size_t at = 0; at < text.size(); ++at)
        for (const char c : {'0', 'f', '&', '%', '=', '\x01'}) {
            auto odd = text;
            odd[at] = c;
            const auto parsed = parse_link(odd);
            if (odd != text && parsed) FAIL(odd);
        }
}
