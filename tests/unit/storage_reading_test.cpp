#include <thread>

#include "storage/reading.h"
#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace {

PublicKey key_of(char c) { return *PublicKey::from(std::string(PublicKey::size, c)); }
ArticleId id_of(char c) { return *ArticleId::from(std::string(ArticleId::size, c)); }

}  // namespace

TEST_CASE("what was opened and starred is kept, by feed and article") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "reading.sqlite";
    CHECK(Reading::open(file, false).error().code == Errc::not_found);
    {
        auto reading = must(Reading::open(file, true));
        must(reading.mark_opened(key_of('a'), id_of('1'), 100));
        must(reading.mark_opened(key_of('a'), id_of('2'), 300));
        must(reading.mark_starred(key_of('a'), id_of('1'), 200));
    }
    auto reading = must(Reading::open(file, false));
    CHECK(must(reading.marks(key_of('a'), id_of('1'))).opened);
    CHECK(must(reading.marks(key_of('a'), id_of('1'))).starred);
    CHECK_FALSE(must(reading.marks(key_of('b'), id_of('1'))).opened);
    CHECK_FALSE(must(reading.marks(key_of('a'), id_of('2'))).starred);
    const auto opened = must(reading.opened(0, 10));
    REQUIRE(opened.size() == 2);
    CHECK(opened[0].article == id_of('2'));
    CHECK(must(reading.opened(1, 10)).size() == 1);
    must(reading.mark_starred(key_of('a'), id_of('1'), std::nullopt));
    CHECK(must(reading.counts()).starred == 0);
    CHECK(must(reading.counts()).opened == 2);
}

TEST_CASE("what is forgotten is gone from the disk") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "reading.sqlite";
    auto reading = must(Reading::open(file, true));
    const std::string secret = "q=a-very-telling-search";
    must(reading.save_search(secret, 1));
    must(reading.set({{"language", "fa"}}));
    must(reading.mark_opened(key_of('a'), id_of('1'), 1));
    const auto on_disk = [&] {
        std::string all;
        for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
            std::ifstream in(entry.path(), std::ios::binary);
            all.append(std::istreambuf_iterator<char>(in), {});
        }
        return all;
    };
    REQUIRE(on_disk().find(secret) != std::string::npos);
    REQUIRE(on_disk().find(std::string(16, '1')) != std::string::npos);
    must(reading.clear_history());
    CHECK(on_disk().find(std::string(16, '1')) == std::string::npos);
    CHECK(must(reading.searches()) == std::vector{secret});
    must(reading.forget_everything());
    CHECK(on_disk().find(secret) == std::string::npos);
    CHECK(must(reading.searches()).empty());
    CHECK(must(reading.settings()).empty());
}

TEST_CASE("what is kept of one feed is forgotten alone") {
    const TemporaryFolder folder;
    auto reading = must(Reading::open(folder.path() / "reading.sqlite", true));
    for (const char feed : {'a', 'b'}) {
        must(reading.mark_opened(key_of(feed), id_of('1'), 100));
        must(reading.mark_starred(key_of(feed), id_of('1'), 100));
    }
    must(reading.forget_feed(key_of('a')));
    CHECK_FALSE(must(reading.marks(key_of('a'), id_of('1'))).opened);
    CHECK_FALSE(must(reading.marks(key_of('a'), id_of('1'))).starred);
    CHECK(must(reading.marks(key_of('b'), id_of('1'))).opened);
    CHECK(must(reading.marks(key_of('b'), id_of('1'))).starred);
}

TEST_CASE("a history that nobody asked for goes, once, and what was asked for stays") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "reading.sqlite";
    {
        auto reading = must(Reading::open(file, true));
        must(reading.mark_opened(key_of('a'), id_of('1'), 100));
        must(reading.mark_starred(key_of('a'), id_of('1'), 100));
        must(reading.set({{"history", "on"}, {"panic", "forget"}}));
    }
    CHECK(must(must(Reading::open(file, false)).counts()).opened == 1);
    must(must(Database::open(file, Database::Mode::read_write_create))
             .run("PRAGMA user_version = 1"));
    auto reading = must(Reading::open(file, false));
    CHECK(must(reading.counts()).opened == 0);
    CHECK(must(reading.counts()).starred == 1);
    CHECK(must(reading.settings()).at("history") == "session");
    CHECK(must(reading.settings()).at("panic") == "forget");
    must(reading.set({{"history", "on"}}));
    must(reading.mark_opened(key_of('a'), id_of('1'), 100));
    auto again = must(Reading::open(file, false));
    CHECK(must(again.counts()).opened == 1);
    CHECK(must(again.settings()).at("history") == "on");
}

TEST_CASE("several threads mark at once and nothing is lost") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "reading.sqlite";
    {
        std::vector<std::jthread> threads;
        for (char c = 'a'; c < 'd'; ++c)
            threads.emplace_back([&file, c] {
                auto reading = Reading::open(file, true);
                for (char id = '0'; reading && id < '0' + 20; ++id)
                    static_cast<void>(reading->mark_opened(key_of(c), id_of(id), id).ok());
            });
    }
    CHECK(must(must(Reading::open(file, false)).counts()).opened == 60);
}

TEST_CASE("a file that is something else is left alone") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "reading.sqlite";
    must(Archive::open(file));
    CHECK(Reading::open(file, true).error().code == Errc::corrupt);
    must(write_file(folder.path() / "junk", std::string(5000, 'x')));
    CHECK(Reading::open(folder.path() / "junk", true).error().code == Errc::corrupt);
}
