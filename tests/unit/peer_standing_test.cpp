#include <catch2/catch.hpp>

#include "core/message.h"
#include "peer/standing.h"
#include "storage/database.h"
#include "support/folder.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::support;
using colport::test::Folder;

namespace {

/// A feed with two signing keys as one follower knows it, without a network.
struct Follower {
    Folder folder;
    SigningKey root = test_key("root"), first = test_key("first"), second = test_key("second");
    PublicKey feed = root.public_key();
    Clock clock = [] { return test_time; };
    Archive archive = must(Archive::open(folder.path / "archive.db"));
    pb::Keyring message = keyring_message(feed);
    std::optional<Standing> standing;

    Follower() {
        for (const auto* key : {&first, &second})
            message.add_signing()->set_key(key->public_key().str());
        FeedRecord record;
        record.feed = feed;
        must(archive.save_feed(record));
        restart();
        take_keyring();
    }
    void restart() {
        standing.emplace(must(Standing::open(archive, clock, must(archive.feeds()).at(0))));
    }
    void take_keyring() {
        const SigningKey* roots[] = {&root};
        must(standing->take_keyring(sign_keyring(message, roots)));
    }
    /// The newsroom publishes a newer keyring.
    void revoke(const SigningKey& key, std::uint64_t least_seq = 0) {
        message.set_version(message.version() + 1);
        message.set_least_seq(least_seq);
        message.add_revoked()->set_key(key.public_key().str());
        take_keyring();
    }
    Result<bool> head(std::uint64_t seq, const SigningKey& key, std::uint32_t info_size = 1000) {
        auto head = head_message(feed, seq);
        head.set_info_size(info_size);
        return standing->take_head(signed_head(head, key));
    }
    bool accepts(std::uint64_t seq, const SigningKey& key) {
        const auto taken = head(seq, key);
        return taken && *taken;
    }
    std::uint64_t seen() { return standing->record().seen_seq; }
    std::uint64_t pending() { return standing->pending() ? standing->pending()->head.seq() : 0; }
    std::uint64_t reserve() { return standing->reserve() ? standing->reserve()->head.seq() : 0; }
};

}  // namespace

TEST_CASE_METHOD(Follower, "attack fast-forward: the last number there is, by a stolen key, "
                           "counts no more once the key is revoked", "[trust]") {
    REQUIRE(accepts(5, first));
    must(standing->commit(*standing->pending()));
    REQUIRE(accepts(INT64_MAX, first));
    CHECK_FALSE(accepts(6, second));

    SECTION("it falls back to what a valid key signed") {
        must(standing->take_head(signed_head(head_message(feed, INT64_MAX), second)));
        revoke(first);
        CHECK(seen() == 6);
        CHECK(standing->in_doubt());
        CHECK(pending() == 6);
        CHECK(head(7, first).error().code == Errc::denied);
        CHECK(accepts(7, second));
    }
    SECTION("and not below what the newsroom says") {
        revoke(first, 7);
        CHECK(seen() == 7);
        CHECK(pending() == 0);
        CHECK(head(6, second).error().code == Errc::stale);
        CHECK(accepts(8, second));
    }
    SECTION("also when the thief's release became whole, and across a restart") {
        must(standing->commit(*standing->pending()));
        revoke(first, 5);
        restart();
        CHECK(seen() == 5);
        CHECK(standing->is_suspect());
        CHECK(accepts(6, second));
        must(standing->commit(*standing->pending()));
        CHECK_FALSE(standing->in_doubt());
        restart();
        CHECK(standing->whole()->head.seq() == 6);
        CHECK(seen() == 6);
    }
}

TEST_CASE_METHOD(Follower, "a release is suspect by its number or its date, not for its key alone",
                 "[trust]") {
    REQUIRE(accepts(5, first));
    must(standing->commit(*standing->pending()));
    SECTION("a key that was replaced leaves what it signed above suspicion") {
        revoke(first, 5);
        CHECK(standing->in_doubt());
        CHECK_FALSE(standing->is_suspect());
    }
    SECTION("a release beyond the newsroom's last is somebody else's") {
        revoke(first, 4);
        CHECK(standing->is_suspect());
    }
    SECTION("so may be one from after the theft") {
        message.add_revoked()->set_since(test_time - 10);
        message.mutable_revoked(0)->set_key(first.public_key().str());
        message.set_version(2);
        message.set_least_seq(5);
        take_keyring();
        CHECK(standing->is_suspect());
    }
}

TEST_CASE_METHOD(Follower, "a keyring that revokes nobody leaves the highest number alone",
                 "[trust]") {
    REQUIRE(accepts(5, first));
    message.set_version(2);
    take_keyring();
    CHECK(seen() == 5);
    CHECK(pending() == 5);
    CHECK(head(4, first).error().code == Errc::stale);
    // A keyring of before brings no earlier state back.
    message.set_version(1);
    message.clear_signing();
    take_keyring();
    CHECK(standing->keyring()->version() == 2);
}

TEST_CASE_METHOD(Follower, "attack replaced deputies: the list that once named them brings "
                           "nobody back", "[trust]") {
    const auto a = test_key("a"), b = test_key("b");
    const auto signed_by = [&](const SigningKey& deputy, std::uint64_t roots_version) {
        auto roots = roots_message(feed, 1, {&deputy});
        roots.set_version(roots_version);
        const auto file = encode_message(roots);
        const auto delegation = sign_roots(root, file);
        message.set_version(message.version() + 1);
        const SigningKey* signers[] = {&deputy};
        return standing->take_keyring(sign_keyring(message, signers, file, &delegation));
    };
    REQUIRE(must(signed_by(a, 1)));
    REQUIRE(must(signed_by(a, 1)));
    REQUIRE(must(signed_by(b, 2)));
    CHECK(signed_by(a, 1).error().code == Errc::denied);
    CHECK(must(signed_by(b, 2)));
    // Nor does the list vanish by being left out.
    const SigningKey* alone[] = {&root};
    message.set_version(message.version() + 1);
    CHECK(standing->take_keyring(sign_keyring(message, alone)).error().code == Errc::denied);
    // Nor can they say that a newer version is needed, which would hide what else is wrong.
    message.set_format(2);
    CHECK(signed_by(a, 1).error().code == Errc::denied);
    CHECK(signed_by(b, 2).error().code == Errc::unsupported);
}

TEST_CASE_METHOD(Follower, "a slow clock makes nothing older than the loss of a key", "[trust]") {
    clock = [] { return test_time - 3600; };
    must(standing->take_head(signed_head(head_message(feed, 5, test_time - 60), first)));
    must(standing->commit(*standing->pending()));
    message.add_revoked()->set_since(test_time - 10);
    message.mutable_revoked(0)->set_key(first.public_key().str());
    message.set_version(2);
    message.set_least_seq(5);
    take_keyring();
    CHECK(standing->is_suspect());
    CHECK(standing->arrival_time() == test_time);
}

TEST_CASE_METHOD(Follower, "whatever was planned by a key that is revoked is distrusted, also after a restart",
                 "[trust]") {
    SECTION("the whole release") {
        REQUIRE(accepts(5, first));
        must(standing->commit(*standing->pending()));
    }
    SECTION("the pending one of a newcomer") { REQUIRE(accepts(5, first)); }
    SECTION("one in reserve") {
        REQUIRE(accepts(5, first));
        REQUIRE(accepts(6, second));
    }
    SECTION("a side of a fork") {
        REQUIRE(accepts(5, second));
        REQUIRE(must(head(5, first, 999)));
    }
    CHECK_FALSE(standing->distrusts());
    revoke(first);
    CHECK(standing->distrusts());
    restart();
    CHECK(standing->distrusts());
    must(standing->trust_again());
    CHECK_FALSE(standing->distrusts());
}

namespace {

/// Of one volume.
std::string some_shelf(const PublicKey& feed) {
    auto shelf = empty_shelf(feed);
    auto& volume = *shelf.add_volumes();
    volume.set_number(1);
    volume.set_info_hash(std::string(20, 'h'));
    volume.set_info_sha256(std::string(32, 's'));
    volume.set_last_seq(4);
    volume.set_info_size(1);
    return encode_shelf(shelf);
}

pb::Head head_with_shelf(const PublicKey& feed, std::uint64_t seq, const std::string& shelf) {
    auto out = head_message(feed, seq);
    out.set_volume(2);
    out.set_shelf_sha256(sha256(shelf).str());
    return out;
}

}  // namespace

TEST_CASE_METHOD(Follower, "a shelf that the newest release and the one in reserve share is both's", "[trust]") {
    const auto file = some_shelf(feed);
    const auto newest = signed_head(head_with_shelf(feed, 7, file), first);
    const auto older = signed_head(head_with_shelf(feed, 6, file), first);
    REQUIRE(must(standing->take_head(newest)));
    SECTION("when it comes before the older head") {
        must(standing->take_shelf(file));
        REQUIRE_FALSE(standing->take_head(older));
    }
    SECTION("when it comes after that") {
        REQUIRE_FALSE(standing->take_head(older));
        must(standing->take_shelf(file));
    }
    REQUIRE(reserve() == 6);
    CHECK(standing->pending()->has_shelf());
    CHECK(standing->reserve()->has_shelf());
}

TEST_CASE_METHOD(Follower, "the shelf of a release that is on its way is known after a restart", "[trust]") {
    const auto file = some_shelf(feed);
    auto next = head_with_shelf(feed, 5, file);
    REQUIRE(must(standing->take_head(signed_head(next, first))));
    REQUIRE_FALSE(standing->pending()->has_shelf());
    must(standing->take_shelf(file));
    restart();
    REQUIRE(standing->pending());
    CHECK(standing->pending()->has_shelf());
    CHECK(standing->pending()->shelf_file == file);
    // It does not stand in for another.
    next.set_seq(6);
    next.set_shelf_sha256(sha256("other").str());
    REQUIRE(must(standing->take_head(signed_head(next, first))));
    restart();
    REQUIRE(standing->pending());
    CHECK_FALSE(standing->pending()->has_shelf());
}

TEST_CASE_METHOD(Follower, "attack swelled keyring: what nobody signed is neither kept nor passed on",
                 "[trust]") {
    const auto a = test_key("a");
    const auto list = encode_roots(feed, {{a.public_key()}, 1}, 1);
    const auto appointed = sign_roots(root, list);
    const SigningKey* by_a[] = {&a};
    message.set_version(2);
    const auto good = sign_keyring(message, by_a, list, &appointed);
    const auto swelled = good + bytes_field(99, std::string(9000, 'x'));
    REQUIRE(must(standing->take_keyring(swelled)));
    CHECK(standing->record().keyring == good);
    CHECK(standing->keyring()->file() == good);
    CHECK_FALSE(must(standing->take_keyring(good)));
    // What an earlier version has kept.
    auto record = standing->record();
    record.keyring = swelled;
    must(archive.save_feed(record));
    restart();
    CHECK(standing->keyring()->file() == good);
    CHECK(must(archive.feeds()).at(0).keyring == good);
}

TEST_CASE_METHOD(Follower, "a head is not judged while keyrings contradict each other", "[trust]") {
    const SigningKey* alone[] = {&root};
    auto theirs = message;
    const auto stranger = test_key("stranger");
    theirs.add_signing()->set_key(stranger.public_key().str());
    REQUIRE(must(standing->take_keyring(sign_keyring(theirs, alone))));
    REQUIRE(standing->keys_forked());
    CHECK_FALSE(must(head(5, stranger)));
    CHECK(seen() == 0);
}

TEST_CASE_METHOD(Follower, "attack two keyrings of one number: neither is followed further",
                 "[trust]") {
    REQUIRE(accepts(5, first));
    must(standing->commit(*standing->pending()));
    const SigningKey* alone[] = {&root};
    const auto ours = standing->record().keyring;
    auto theirs = message;
    theirs.add_signing()->set_key(test_key("thief").public_key().str());
    REQUIRE(must(standing->take_keyring(sign_keyring(theirs, alone))));
    CHECK(standing->keys_forked());
    CHECK(standing->forked());
    CHECK(standing->record().keyring == ours);
    restart();
    REQUIRE(standing->keys_forked());
    CHECK_FALSE(must(head(6, first)));
    CHECK_FALSE(must(standing->take_keyring(ours)));

    // Whoever has the key can make a newer one: that proves nothing.
    theirs.set_version(2);
    CHECK_FALSE(must(standing->take_keyring(sign_keyring(theirs, alone))));
    CHECK(standing->keys_forked());
    CHECK(standing->whole()->head.seq() == 5);

    // Nor by naming root keys, since that is the key that signed both.
    const auto a = test_key("a");
    const auto list = encode_roots(feed, {{a.public_key()}, 1}, 1);
    const auto appointed = sign_roots(root, list);
    const SigningKey* by_a[] = {&a};
    message.set_version(3);
    CHECK_FALSE(must(standing->take_keyring(sign_keyring(message, by_a, list, &appointed))));
    CHECK(standing->keys_forked());
    restart();
    CHECK(standing->keys_forked());
}

TEST_CASE_METHOD(Follower, "a fork between keyrings of root keys ends when the feed's own key "
                           "names others", "[trust]") {
    const auto a = test_key("a"), b = test_key("b");
    const auto signed_by = [&](const SigningKey& key, std::uint64_t roots_version,
                               const pb::Keyring& wanted) {
        const auto list = encode_roots(feed, {{key.public_key()}, 1}, roots_version);
        const auto appointed = sign_roots(root, list);
        const SigningKey* signers[] = {&key};
        return must(standing->take_keyring(sign_keyring(wanted, signers, list, &appointed)));
    };
    message.set_version(2);
    REQUIRE(signed_by(a, 1, message));
    auto theirs = message;
    theirs.add_signing()->set_key(test_key("thief").public_key().str());
    REQUIRE(signed_by(a, 1, theirs));
    REQUIRE(standing->keys_forked());
    message.set_version(3);
    REQUIRE(signed_by(b, 2, message));
    CHECK_FALSE(standing->forked());
    CHECK(accepts(6, first));
    restart();
    CHECK_FALSE(standing->forked());
}

TEST_CASE_METHOD(Follower, "attack fork by a stolen key: a newer keyring ends it", "[trust]") {
    REQUIRE(accepts(5, first));
    must(standing->commit(*standing->pending()));
    REQUIRE(accepts(6, first));
    REQUIRE(must(head(6, second, 999)));
    CHECK(standing->forked());
    CHECK_FALSE(must(head(7, second)));
    restart();
    REQUIRE(standing->forked());

    SECTION("by striking the side that was taken for good") {
        revoke(first);
        CHECK_FALSE(standing->forked());
        CHECK(pending() == 6);
        CHECK(standing->pending()->head.signer == second.public_key());
        CHECK(seen() == 6);
    }
    SECTION("by striking the other side") {
        revoke(second);
        CHECK_FALSE(standing->forked());
        CHECK(standing->pending()->head.signer == first.public_key());
        CHECK(accepts(7, first));
    }
    SECTION("by striking both") {
        const auto third = test_key("third");
        message.add_revoked()->set_key(second.public_key().str());
        message.add_signing()->set_key(third.public_key().str());
        revoke(first, 6);
        CHECK_FALSE(standing->forked());
        CHECK(pending() == 0);
        CHECK(seen() == 6);
        CHECK(accepts(7, third));
    }
    SECTION("and not by one that strikes neither") {
        message.set_version(2);
        take_keyring();
        CHECK(standing->forked());
    }
    restart();
    CHECK(standing->forked() == (message.revoked_size() == 0));
}

TEST_CASE_METHOD(Follower, "a head by a key that was withdrawn contradicts nobody", "[trust]") {
    REQUIRE(accepts(6, first));
    must(standing->commit(*standing->pending()));
    const bool restarted = GENERATE(false, true);
    revoke(first, 6);
    if (restarted) restart();
    CHECK(accepts(6, second));
    CHECK_FALSE(standing->forked());
    CHECK(pending() == 6);
    CHECK_FALSE(must(head(6, second)));
    CHECK(must(head(6, second, 999)));
    CHECK(standing->forked());
}

TEST_CASE_METHOD(Follower, "a fork ends though another key was replaced meanwhile", "[trust]") {
    const auto third = test_key("third");
    message.set_version(2);
    message.add_signing()->set_key(third.public_key().str());
    take_keyring();
    REQUIRE(accepts(6, first));
    if (GENERATE(false, true)) must(standing->commit(*standing->pending()));
    REQUIRE(must(head(6, second, 999)));
    revoke(third, 9);
    REQUIRE(standing->forked());
    REQUIRE(seen() == 9);
    if (GENERATE(false, true)) restart();
    SECTION("by striking the side that was taken for good") {
        revoke(first, 9);
        CHECK_FALSE(standing->forked());
        REQUIRE(pending() == 6);
        CHECK(standing->pending()->head.signer == second.public_key());
        CHECK(accepts(9, second));
    }
    SECTION("by striking the other side") {
        revoke(second, 9);
        CHECK_FALSE(standing->forked());
        CHECK(standing->newest()->head.signer == first.public_key());
        CHECK(accepts(9, first));
    }
}

TEST_CASE_METHOD(Follower, "what waited behind a thief's release is the newest once his key is revoked",
                 "[trust]") {
    REQUIRE(accepts(5, first));
    must(standing->commit(*standing->pending()));
    REQUIRE(accepts(9, second));
    CHECK(head(7, first).error().code == Errc::stale);
    REQUIRE(reserve() == 7);
    revoke(second, 5);
    CHECK(pending() == 7);
    CHECK(reserve() == 0);
    CHECK(seen() == 7);
    CHECK(head(6, first).error().code == Errc::stale);
    CHECK(pending() == 7);
    restart();
    CHECK(pending() == 7);
    CHECK(seen() == 7);
}

TEST_CASE_METHOD(Follower, "what could not be saved does not count, and is taken when it comes again", "[trust]") {
    REQUIRE(accepts(5, first));
    must(standing->commit(*standing->pending()));
    auto other = must(Database::open(folder.path / "archive.db", Database::Mode::read_write_create));
    // As a full disk would, this keeps the record of a feed from being written, and no more.
    const auto hinder = [&] { must(other.run("ALTER TABLE feeds RENAME updated TO away")); };
    const auto later = [&] { must(other.run("ALTER TABLE feeds RENAME away TO updated")); };
    hinder();
    SECTION("a head") {
        CHECK_FALSE(head(6, second).ok());
        CHECK(pending() == 0);
        CHECK(seen() == 5);
        later();
        CHECK(accepts(6, second));
        restart();
        CHECK(pending() == 6);
    }
    SECTION("another of its number") {
        CHECK_FALSE(head(5, second, 999).ok());
        CHECK_FALSE(standing->forked());
        later();
        CHECK(must(head(5, second, 999)));
        CHECK(standing->forked());
    }
    SECTION("a keyring") {
        const bool disowns = GENERATE(false, true);
        message.set_version(2);
        message.add_revoked()->set_key((disowns ? first : second).public_key().str());
        const SigningKey* roots[] = {&root};
        const auto file = sign_keyring(message, roots);
        CHECK_FALSE(standing->take_keyring(file).ok());
        CHECK(standing->keyring()->version() == 1);
        CHECK_FALSE(standing->in_doubt());
        CHECK(standing->record().seen_seq == 5);
        later();
        CHECK(must(standing->take_keyring(file)));
        CHECK(standing->in_doubt() == disowns);
        restart();
        CHECK(standing->keyring()->version() == 2);
    }
    SECTION("that a release is whole") {
        later();
        REQUIRE(accepts(6, second));
        hinder();
        CHECK_FALSE(standing->commit(*standing->pending()));
        CHECK(standing->whole()->head.seq() == 5);
        REQUIRE(standing->pending());
        CHECK(standing->record().pending_head == standing->pending()->head.file);
        later();
    }
}

TEST_CASE_METHOD(Follower, "what a thief stood in the place of is looked for from the moment his key is revoked",
                 "[trust]") {
    REQUIRE(accepts(5, first));
    must(standing->commit(*standing->pending()));
    auto other = must(Database::open(folder.path / "archive.db", Database::Mode::read_write_create));
    must(other.run("INSERT INTO bundles (feed, volume, name, whole) SELECT id, 1, 'one', 1 FROM feeds"));
    REQUIRE(must(archive.is_imported(feed, 1, "one")));
    revoke(second);
    CHECK(must(archive.is_imported(feed, 1, "one")));
    revoke(first);
    CHECK_FALSE(must(archive.is_imported(feed, 1, "one")));
}

TEST_CASE_METHOD(Follower, "an older release that is offered is kept in reserve", "[trust]") {
    REQUIRE(accepts(9, first));
    CHECK(head(7, first).error().code == Errc::stale);
    CHECK(reserve() == 7);
    CHECK(head(8, first).error().code == Errc::stale);
    CHECK(reserve() == 8);
    CHECK(head(6, first).error().code == Errc::stale);
    CHECK(reserve() == 8);
    SECTION("and can become whole before the newest") {
        must(standing->commit(*standing->reserve()));
        CHECK(standing->whole()->head.seq() == 8);
        CHECK(pending() == 9);
        CHECK(seen() == 9);
        CHECK(head(8, first).error().code == Errc::stale);
        CHECK(reserve() == 0);
        must(standing->commit(*standing->pending()));
        CHECK(standing->whole()->head.seq() == 9);
    }
    SECTION("until the newest is here") {
        must(standing->commit(*standing->pending()));
        CHECK(reserve() == 0);
    }
    SECTION("or its key is revoked") {
        revoke(first);
        CHECK(reserve() == 0);
    }
    SECTION("as the one that was being fetched is when a newer one is heard of") {
        REQUIRE(accepts(10, second));
        CHECK(reserve() == 9);
    }
}

TEST_CASE_METHOD(Follower, "an older release that is offered while the feed is forked is kept in reserve",
                 "[trust]") {
    REQUIRE(accepts(9, first));
    REQUIRE(must(head(9, second, 999)));
    REQUIRE(standing->forked());
    CHECK(head(8, second).error().code == Errc::stale);
    CHECK(reserve() == 8);
    must(standing->commit(*standing->reserve()));
    CHECK(standing->whole()->head.seq() == 8);
    CHECK(standing->forked());
    CHECK(pending() == 9);
    revoke(first, 9);
    CHECK(pending() == 9);
    CHECK(standing->pending()->head.signer == second.public_key());
}
