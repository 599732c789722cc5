// A release between the whole one and the newest, when the newest cannot be had.

#include "support/readers_fixture.h"
#include "support/thief_fixture.h"

using namespace colport;
using namespace colport::test;

namespace {

/// A reader of release 4 who knows release 6, which redacts an article, and a peer "old"
/// that has release 5, which does not.
struct Lagging : Readers {
    std::unique_ptr<TestPeer> one, old;

    Lagging() {
        PeerSettings settings;
        settings.patience = 1;
        one = reader("one", settings);
        old = reader("old");
        one->peer.reset();
        newsroom.release("Fifth", 1);
        REQUIRE(old->reaches(5));
        old->peer.reset();
    }
    void redact_while_list_is_withheld(const ArticleId& article) {
        newsroom.redact(article);
        REQUIRE(seed.reaches(6));
        withhold_list_of(4);
        one->start();
        REQUIRE(one->peer->follow(newsroom.link("seed:1")));
        REQUIRE(one->comes_true([&] { return one->feed().seen_seq == 6; }));
    }
    void meet_old() {
        seed.peer.reset();
        let_pass();
        network.forget_fetches();
        old->start();
        REQUIRE(one->peer->follow(newsroom.link("old:1")));
        REQUIRE(one->comes_true([&] { return one->feed().peers == 1; }));
    }
};

}  // namespace

TEST_CASE_METHOD(Lagging, "a release from before a redaction brings nothing back, whoever offers it",
                 "[peer][redaction]") {
    redact_while_list_is_withheld(id);
    REQUIRE(one->comes_true([&] {
        *one->now += 600;
        return !has_article(*one);
    }));
    SECTION("at once") {}
    SECTION("after a restart") {
        one->peer.reset();
        one->start();
    }
    meet_old();
    CHECK_FALSE(one->comes_true([&] { return has_article(*one); }, 8));
    CHECK_FALSE(was_fetched("one:1 00000002-000.articles.zst"));
    CHECK(one->feed().seq == 4);
    const auto list = read_file(FeedDirectory{files_of(*one)}.torrent(1), limits::torrent_file);
    REQUIRE(list);
    CHECK(list->find("00000002-000.00000006.articles.zst") != std::string::npos);
}

TEST_CASE_METHOD(Lagging, "a release that nobody sends gives the newest one its turn", "[peer][redaction]") {
    redact_while_list_is_withheld(newsroom.id(5));
    network.withhold_files({"00000005-000.articles.zst"});
    meet_old();
    // It is aimed at, as far as it can be, and longer than a peer is waited for that says
    // it has the newest.
    REQUIRE(one->comes_true([&] {
        return fs::exists(FeedDirectory{files_of(*one)}.torrent(4));
    }, 20));
    std::this_thread::sleep_for(std::chrono::seconds(5));
    old->peer.reset();
    seed.start();
    REQUIRE(one->peer->follow(newsroom.link("seed:1")));
    CHECK(one->reaches(6, 30));
    CHECK(one->articles() == 4);
}

TEST_CASE_METHOD(Lagging, "what a release in reserve took away stays away after a restart", "[peer][redaction]") {
    newsroom.redact(id);
    REQUIRE(seed.reaches(6));
    TestPeer mid(folder.path / "mid", "mid:1", network);
    REQUIRE(mid.peer->follow(newsroom.link("seed:1")));
    REQUIRE(mid.reaches(6));
    mid.peer.reset();
    newsroom.release("Seventh", 1);
    REQUIRE(seed.reaches(7));
    withhold(network, [](const pb::Subject&) { return true; });
    one->start();
    REQUIRE(one->peer->follow(newsroom.link("seed:1")));
    REQUIRE(one->comes_true([&] { return one->feed().seen_seq == 7; }));
    seed.peer.reset();
    // Of the sixth the lists come, but for that of its newest volume.
    withhold_list_of(4);
    mid.start();
    REQUIRE(one->peer->follow(newsroom.link("mid:1")));
    REQUIRE(one->comes_true([&] {
        *one->now += 600;
        return !has_article(*one);
    }, 20));
    REQUIRE(one->feed().seq == 4);
    one->peer.reset();
    mid.peer.reset();
    one->start();
    meet_old();
    CHECK_FALSE(one->comes_true([&] { return has_article(*one); }, 8));
    CHECK_FALSE(was_fetched("one:1 00000002-000.articles.zst"));
    CHECK(one->feed().seq == 4);
    seed.start();
    REQUIRE(one->peer->follow(newsroom.link("seed:1")));
    CHECK(one->reaches(7, 40));
    CHECK_FALSE(has_article(*one));
}

TEST_CASE_METHOD(Lagging, "a newer list stays on disk while an older release has its turn", "[peer]") {
    one->start();
    REQUIRE(one->peer->follow(newsroom.link("seed:1")));
    REQUIRE(one->reaches(5));
    one->peer.reset();
    newsroom.release("Sixth");
    REQUIRE(seed.reaches(6));
    TestPeer mid(folder.path / "mid", "mid:1", network);
    REQUIRE(mid.peer->follow(newsroom.link("seed:1")));
    REQUIRE(mid.reaches(6));
    mid.peer.reset();
    newsroom.release("Seventh");
    newsroom.release("Eighth", 1);
    REQUIRE(seed.reaches(8));
    withhold_list_of(5);
    one->start();
    REQUIRE(one->peer->follow(newsroom.link("seed:1")));
    const auto has_list_of_seventh = [&] {
        const auto list = read_file(FeedDirectory{files_of(*one)}.torrent(4), limits::torrent_file);
        return list && list->find("00000007-000.articles.zst") != std::string::npos;
    };
    REQUIRE(one->comes_true(has_list_of_seventh, 20));
    seed.peer.reset();
    mid.start();
    REQUIRE(one->peer->follow(newsroom.link("mid:1")));
    REQUIRE(one->comes_true([&] { return one->feed().seq == 6; }, 40));
    CHECK(has_list_of_seventh());
    one->peer.reset();
    one->start();
    CHECK(one->feed().seq == 6);
    CHECK(has_list_of_seventh());
}

TEST_CASE_METHOD(Readers, "what a thief made anew keeps no release away once his key is revoked",
                 "[peer][trust]") {
    PeerSettings settings;
    settings.patience = 1;
    const auto one = reader("one", settings);
    seed.peer.reset();
    {
        auto thief = twin_of(newsroom, folder.path);
        thief.release("Forged");
        thief.redact(id);
        TestPeer fence(folder.path / "fence", "fence:1", network);
        REQUIRE(fence.peer->follow(thief.workshop.feed().root.string()));
        REQUIRE(one->peer->follow(thief.link("fence:1")));
        REQUIRE(one->reaches(6, 20));
        REQUIRE_FALSE(has_article(*one));
    }
    one->peer.reset();
    replace_key(newsroom);
    newsroom.release("Fifth", 1);
    seed.start();
    TestPeer old(folder.path / "old", "old:1", network);
    REQUIRE(old.peer->follow(newsroom.link("seed:1")));
    REQUIRE(old.reaches(5, 20));
    withhold_list_of(5);
    newsroom.release("Sixth", 1);
    REQUIRE(seed.reaches(6));
    one->start();
    REQUIRE(one->peer->follow(newsroom.link("seed:1")));
    REQUIRE(one->peer->follow(newsroom.link("old:1")));
    CHECK(one->comes_true([&] { return one->feed().seq == 5; }, 40));
    CHECK(one->comes_true([&] { return has_article(*one); }, 20));
    let_pass();
    CHECK(one->reaches(6, 40));
}
