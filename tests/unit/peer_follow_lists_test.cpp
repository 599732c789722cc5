#include <catch2/catch.hpp>

#include <set>

#include "peer/follow_lists.h"
#include "support/peer_fixture.h"

using namespace colport;
using namespace colport::test;

namespace {

Link link_of(char c) {
    Link out;
    out.feed = *PublicKey::from(std::string(32, c));
    out.peers = {"127.0.0.1:1"};
    return out;
}

std::string line(char c) { return to_string(link_of(c)) + "\n"; }

template <class T>
T got(Result<T> result) {
    REQUIRE(result);
    return std::move(*result);
}

struct Lists {
    Folder folder;
    Archive archive = got(Archive::open(folder.path / "archive.sqlite"));
    std::set<PublicKey> followed;
    std::vector<std::string> complaints;
    bool full = false;
    std::int64_t now = 0;
    FollowLists lists = got(FollowLists::open(
        archive, {[this](const PublicKey& feed) { return followed.contains(feed); },
                  [this](const std::string& link) -> Status {
                      if (full) return Error{Errc::io, "the disk is full"};
                      followed.insert(parse_link(link)->feed);
                      return done();
                  },
                  [this](const PublicKey& feed) -> Status {
                      followed.erase(feed);
                      return done();
                  },
                  [this](std::string problem) { complaints.push_back(std::move(problem)); },
                  [](const std::function<void()>& work) { work(); }}));

    std::string file(const char* name, const std::string& content) {
        const auto path = folder.path / name;
        REQUIRE(write_file(path, content));
        return path.string();
    }
    void tick(int seconds = 1) {
        now += seconds;
        lists.tick(now, 900, nullptr);
    }
    [[nodiscard]] std::string keys() const {
        std::string out;
        for (const auto& key : followed) out += static_cast<char>(key.view()[0]);
        return out;
    }
};

}  // namespace

TEST_CASE("a list is lines of links, all of them good") {
    const auto parsed = parse_follow_list("# ours\n\n  " + line('a') + line('b') + "\r\n" + line('a'));
    REQUIRE(parsed);
    CHECK(parsed->size() == 2);
    CHECK_FALSE(parse_follow_list(line('a') + "banana\n"));
    CHECK(parse_follow_list("")->empty());
    CHECK_FALSE(parse_follow_list(std::string(follow_list_bytes + 1, '\n')));
}

TEST_CASE("what is followed keeps in step with a list") {
    Lists test;
    test.followed.insert(link_of('z').feed);
    const auto source = test.file("list", line('a') + line('b') + line('z'));
    test.lists.configure({source});
    test.tick();
    CHECK(test.keys() == "abz");

    SECTION("what leaves it goes, but for what was followed by hand") {
        test.file("list", line('b') + line('c'));
        test.tick();
        CHECK(test.keys() == "bcz");
    }
    SECTION("over a restart too") {
        test.lists = got(FollowLists::open(test.archive, {
            [&](const PublicKey& feed) { return test.followed.contains(feed); },
            [&](const std::string&) { return Status(done()); },
            [&](const PublicKey& feed) -> Status {
                test.followed.erase(feed);
                return done();
            },
            [](const std::string&) {}, [](const std::function<void()>& work) { work(); }}));
        test.lists.configure({source});
        test.file("list", line('b'));
        test.tick();
        CHECK(test.keys() == "bz");
    }
    SECTION("a bad line, no file or nothing in it change nothing, and are told of once") {
        test.file("list", line('b') + "banana\n");
        test.tick();
        test.tick();
        CHECK(test.keys() == "abz");
        CHECK(test.complaints.size() == 1);
        test.file("list", "");
        test.tick();
        CHECK(test.keys() == "abz");
        CHECK(test.complaints.size() == 2);
        fs::remove(source);
        test.tick();
        test.tick(100);
        CHECK(test.keys() == "abz");
        CHECK(test.complaints.size() == 3);
        test.file("list", line('c'));
        test.tick(100);
        CHECK(test.keys() == "cz");
    }
    SECTION("another list that has it keeps it") {
        const auto other = test.file("other", line('a') + line('d'));
        REQUIRE(test.lists.add(other));
        test.tick();
        CHECK(test.keys() == "abdz");
        test.file("list", line('b'));
        test.tick();
        CHECK(test.keys() == "abdz");
        test.file("other", line('d'));
        test.tick();
        CHECK(test.keys() == "bdz");
    }
}

TEST_CASE("a long list does not keep others waiting") {
    Lists test;
    std::string text;
    for (char c = 'A'; c <= 'z'; ++c) text += line(c);
    test.lists.configure({test.file("list", text)});
    test.tick();
    const auto first = test.followed.size();
    CHECK(first < 30);
    test.tick();
    test.tick();
    CHECK(test.followed.size() == 'z' - 'A' + 1);
}

TEST_CASE("lists that were added are remembered, and nonsense is refused") {
    Lists test;
    CHECK_FALSE(test.lists.add("relative/list"));
    CHECK_FALSE(test.lists.add("ftp://127.0.0.1/list"));
    REQUIRE(test.lists.add("/somewhere/list"));
    REQUIRE(test.lists.add("https://mirror.invalid/list"));
    auto again = FollowLists::open(test.archive, {});
    REQUIRE(again);
    CHECK(again->sources() ==
          std::vector<std::string>{"/somewhere/list", "https://mirror.invalid/list"});
    REQUIRE(again->remove("/somewhere/list"));
    CHECK_FALSE(again->remove("/somewhere/list"));
    CHECK(again->sources().size() == 1);
}

TEST_CASE("what of a list could not be followed is tried again") {
    Lists test;
    const auto source = test.file("list", line('a') + line('b'));
    test.lists.configure({source});
    test.full = true;
    test.tick();
    CHECK(test.keys().empty());
    CHECK(test.complaints.size() == 2);
    test.tick();
    CHECK(test.complaints.size() == 2);
    SECTION("a while later") {
        test.full = false;
        test.tick(60);
        CHECK(test.keys() == "ab");
    }
    SECTION("but not what has left the list") {
        test.file("list", line('b'));
        test.tick();
        test.full = false;
        test.tick(60);
        CHECK(test.keys() == "b");
    }
}
