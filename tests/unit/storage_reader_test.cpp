#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace {

pb::Picture picture(const std::string& data) {
    pb::Picture out;
    out.set_media_type("image/png");
    out.set_data(data);
    return out;
}

/// Articles whose ids begin alike, which no two guids do.
pb::Article with_id(const TestFeed& feed, const std::string& hex, const std::string& title) {
    auto out = feed.article({"x", title, "body"});
    out.set_id(ArticleId::from_hex_text(hex)->str());
    return out;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "an article is read by its id or an unambiguous beginning") {
    feed.import(archive, feed.write({with_id(feed, "abcd0000000000000000000000000001", "One"),
                                     with_id(feed, "abcd1000000000000000000000000002", "Two"),
                                     with_id(feed, "ffffffffffffffffffffffffffffffff", "Three")}));
    auto eyes = reader();
    CHECK(must(eyes.article("abcd0000000000000000000000000001")).article.title() == "One");
    CHECK(must(eyes.article("abcd1")).article.title() == "Two");
    CHECK(must(eyes.article("ABCD1")).article.title() == "Two");
    CHECK(must(eyes.article("ffff")).article.title() == "Three");
    CHECK(must(eyes.article("ffff")).feed == feed.key());
    CHECK(must(eyes.article("ffff")).feed_name == "Gazette");
    const auto code = [&](std::string_view id) { return eyes.article(id).error().code; };
    CHECK(code("abcd") == Errc::invalid);
    CHECK(code("abce") == Errc::not_found);
    CHECK(code("fff") == Errc::invalid);
    CHECK(code("") == Errc::invalid);
    CHECK(code("zzzz") == Errc::invalid);
    CHECK(code("ffffffffffffffffffffffffffffffff0") == Errc::invalid);
    CHECK(code(std::string_view("ff\0ff", 5)) == Errc::invalid);
}

TEST_CASE_METHOD(Fixture, "a feed cannot take the place of another's article") {
    TestFeed other(folder.path(), "Impostor");
    must(archive.save_feed(other.record));
    auto copy = other.article({"1", "Fake", "lies"});
    copy.set_id(feed.id("1").str());
    copy.set_revision(99);
    other.import(archive, other.write({copy}));
    feed.publish(archive, {{"1", "Real", "truth"}});
    CHECK(search("truth").total == 1);
    auto eyes = reader();
    CHECK(eyes.article(feed.id("1").hex()).error().code == Errc::invalid);
    CHECK(must(eyes.article(feed.id("1").hex(), feed.key())).article.title() == "Real");
    CHECK(must(eyes.article(feed.id("1").hex(), other.key())).article.title() == "Fake");
}

TEST_CASE_METHOD(Fixture, "an article of a feed that is read in place") {
    feed.record.in_place = true;
    must(archive.save_feed(feed.record));
    feed.publish(archive, {{"1", "T", "words"}});
    CHECK(must(reader().article(feed.id("1").hex())).article.title() == "T");
    CHECK(search("words").hits.at(0).snippet == "\x02words\x03");
}

TEST_CASE_METHOD(Fixture, "more bundles than are kept open at once") {
    for (int i = 0; i < 150; ++i)
        feed.publish(archive, {{std::to_string(i), "T" + std::to_string(i), "words"}});
    auto eyes = reader();
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i < 150; ++i)
            CHECK(must(eyes.article(feed.id(std::to_string(i)).hex())).article.title() ==
                  "T" + std::to_string(i));
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "neighbours are the next in time, in the same feed") {
    TestFeed other(folder.path(), "Herald");
    must(archive.save_feed(other.record));
    feed.publish(archive, {{"1", "one", "b", "en", 100}, {"2", "two", "b", "en", 200},
                           {"3", "three", "b", "en", 200}, {"4", "four", "b", "en", 300},
                           {"5", "five", "b", "en", 400}});
    other.publish(archive, {{"9", "other", "b", "en", 250}});
    feed.import(archive, feed.write({feed.retraction("4", 2, "")}));
    auto eyes = reader();
    std::vector<std::string> walk;
    auto at = feed.id("5");
    while (true) {
        const auto next = must(eyes.neighbours(feed.key(), at));
        if (!next.older) break;
        walk.push_back(next.older->title);
        const auto back = must(eyes.neighbours(feed.key(), next.older->id));
        REQUIRE(back.newer);
        CHECK(back.newer->id == at);
        at = next.older->id;
    }
    CHECK(walk.size() == 3);
    CHECK(walk.back() == "one");
    CHECK_FALSE(must(eyes.neighbours(feed.key(), feed.id("5"))).newer);
    const auto none = must(eyes.neighbours(feed.key(), feed.id("never")));
    CHECK_FALSE(none.newer);
    CHECK_FALSE(none.older);
}

TEST_CASE_METHOD(Fixture, "pictures are read from any bundle that holds a good copy") {
    const auto first = feed.write_pictures({picture("red"), picture("green")});
    CHECK(feed.import(archive, first).pictures == 2);
    CHECK(feed.import(archive, first).pictures == 0);
    const auto second = feed.write_pictures({picture("green"), picture("blue")});
    CHECK(feed.import(archive, second).pictures == 1);
    CHECK(must(archive.is_imported(feed.key(), 1, first)));
    CHECK(must(reader().picture(sha256("red"))).data() == "red");
    CHECK(must(reader().picture(sha256("red"))).media_type() == "image/png");
    CHECK(reader().picture(sha256("black")).error().code == Errc::not_found);
    damage(feed.path(first), 0);
    damage(feed.path(first), 12);
    damage(feed.path(first), 24);
    CHECK(reader().picture(sha256("red")).error().code == Errc::corrupt);
    CHECK(must(reader().picture(sha256("green"))).data() == "green");
    must(archive.check_integrity());
}
