// What is said of articles whose key others may have had.

#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace {

constexpr std::int64_t before = 1'700'000'000;   // when TestFeed dates its bundles
constexpr std::int64_t loss = before + 1000;

struct Lost : Fixture {
    SigningKey good = SigningKey::generate();

    Lost() { feed.keyring.add_signing()->set_key(good.public_key().str()); }
    void lose(std::int64_t since = loss, std::uint64_t least_seq = 9) {
        auto& gone = *feed.keyring.add_revoked();
        gone.set_key(feed.signer().str());
        gone.set_since(since);
        gone.set_reason("the laptop was taken");
        feed.keyring.set_least_seq(least_seq);
        renew();
    }
    void renew() {
        feed.sign_keyring_anew();
        must(archive.save_feed(feed.record));
    }
    /// What every list and the article itself say of the one article.
    std::optional<WithdrawnKey> mark() {
        auto reader = this->reader();
        const auto listed = must(reader.search({})).hits.at(0).withdrawn;
        const auto id = feed.id("1");
        for (const auto& other : {search("cranes").hits.at(0).withdrawn,
                                  must(reader.complete("cranes")).at(0).withdrawn,
                                  must(reader.hit(feed.key(), id))->withdrawn,
                                  must(reader.article(id.hex())).withdrawn}) {
            REQUIRE(other.has_value() == listed.has_value());
            if (!other) continue;
            CHECK(other->since == listed->since);
            CHECK(other->reason == listed->reason);
            CHECK(other->doubtful == listed->doubtful);
        }
        return listed;
    }
    bool doubtful() {
        const auto key = mark();
        REQUIRE(key);
        return key->doubtful;
    }
    std::string publish() {
        const auto name = feed.write({{"1", "Cranes", "Two cranes."}});
        feed.import(archive, name);
        return name;
    }
};

}  // namespace

TEST_CASE_METHOD(Lost, "what is said of a key needs no look into the bundle that it signed",
                 "[trust]") {
    feed.arrival.time = before;
    const auto name = publish();
    CHECK_FALSE(mark());
    lose();
    std::filesystem::remove(feed.path(name));
    const auto key = must(reader().search({})).hits.at(0).withdrawn;
    REQUIRE(key);
    CHECK(key->reason == "the laptop was taken");
    CHECK_FALSE(key->doubtful);
}

TEST_CASE_METHOD(Lost, "attack back-dated bundle: its own date makes no article older than the "
                       "loss of its key", "[trust]") {
    SECTION("that came after it") {
        feed.arrival.time = loss;
        publish();
        lose();
        CHECK(doubtful());
    }
    SECTION("of which nobody knows when it came") {
        publish();
        lose();
        CHECK(doubtful());
    }
    SECTION("but to have come before it does") {
        feed.arrival.time = loss - 1;
        publish();
        lose();
        CHECK_FALSE(doubtful());
        SECTION("unless the newsroom knows no such release") {
            feed.keyring.clear_revoked();
            lose(loss, 0);
            CHECK(doubtful());
        }
    }
    SECTION("and so does a head by a key that is still good") {
        feed.arrival = {loss, good.public_key()};
        publish();
        lose();
        CHECK_FALSE(doubtful());
        SECTION("as long as that is") {
            auto& gone = *feed.keyring.add_revoked();
            gone.set_key(good.public_key().str());
            renew();
            CHECK(doubtful());
        }
        SECTION("not where the bundle itself says that it is from later") {
            feed.keyring.clear_revoked();
            lose(before);
            CHECK(doubtful());
        }
    }
    SECTION("but no head by the key itself, or by one that nobody knows") {
        const auto by = GENERATE(true, false) ? feed.signer() : SigningKey::generate().public_key();
        feed.arrival = {loss, by};
        publish();
        lose();
        CHECK(doubtful());
    }
}

TEST_CASE_METHOD(Lost, "articles that are taken in anew came when they first did", "[trust]") {
    feed.arrival.time = loss - 1;
    const auto name = publish();
    must(archive.import_again(feed.key()));
    REQUIRE_FALSE(must(archive.is_imported(feed.key(), 1, name)));
    feed.arrival.time = loss + 1;
    feed.import(archive, name);
    lose();
    CHECK_FALSE(doubtful());
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Lost, "a head that comes later vouches for what it lists and for nothing else",
                 "[trust]") {
    feed.arrival = {loss, feed.signer()};
    const auto name = publish();
    lose();
    REQUIRE(doubtful());
    must(archive.note_listing(feed.key(), 1, {name, "not here"}, good.public_key()));
    CHECK_FALSE(doubtful());
    must(archive.note_listing(feed.key(), 2, {}, good.public_key()));
    CHECK_FALSE(doubtful());
    must(archive.note_listing(feed.key(), 1, {"not here"}, good.public_key()));
    CHECK(doubtful());
    CHECK(archive.note_listing(good.public_key(), 1, {name}, good.public_key()).error().code ==
          Errc::not_found);
}

TEST_CASE_METHOD(Lost, "attack thief's keyring: articles by a key that the newsroom's keyring does "
                       "not name may be anybody's, and stay readable", "[trust]") {
    feed.arrival = {before, feed.signer()};
    publish();
    CHECK_FALSE(mark());
    feed.keyring.mutable_signing()->DeleteSubrange(0, 1);
    renew();
    const auto key = mark();
    REQUIRE(key);
    CHECK(key->since == 0);
    CHECK(key->doubtful);
}
