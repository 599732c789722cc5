#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>

#include "storage/database.h"
#include "storage/tokenizer.h"
#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace {

constexpr int bundles = 60;
constexpr int articles = 30;

std::string guid(int bundle, int article) { return fmt::format("{}-{}", bundle, article); }

/// Bundle b replaces the first ten articles of bundle b - 1.
std::vector<Draft> drafts_of(int bundle) {
    std::vector<Draft> out;
    std::string text;
    for (int w = 0; w < 150; ++w) text += fmt::format("word{} ", (w * 31 + bundle * 17) % 500);
    for (int i = 0; i < articles; ++i)
        out.push_back({guid(bundle, i), "Title", text + guid(bundle, i)});
    for (int i = 0; i < 10 && bundle > 0; ++i)
        out.push_back({.guid = guid(bundle - 1, i), .title = "Changed",
                       .body = text + "corrected", .revision = 2});
    return out;
}

/// Imports what is left. Runs in a child that may die at any moment.
[[noreturn]] void import_all(const std::filesystem::path& file, TestFeed& feed,
                             const std::vector<std::string>& names) {
    auto archive = Archive::open(file);
    if (!archive) ::_exit(1);
    for (const auto& name : names)
        if (!feed.try_import(*archive, name)) ::_exit(2);
    ::_exit(0);
}

/// Each bundle wholly in or wholly out.
void check_whole(const std::filesystem::path& file, TestFeed& feed,
                 const std::vector<std::string>& names) {
    auto archive = must(Archive::open(file));
    must(archive.check_integrity());
    auto reader = must(ArchiveReader::open(file));
    std::uint64_t expected = 0;
    bool next = false;
    for (int b = bundles - 1; b >= 0; --b) {
        const auto& name = names[static_cast<std::size_t>(b)];
        const bool in = must(archive.is_imported(feed.key(), 1, name));
        if (in) expected += articles;
        for (int i = 0; i < articles; ++i) {
            const auto article = reader.article(feed.id(guid(b, i)).hex());
            REQUIRE(article.ok() == in);
            if (in) REQUIRE(article->article.revision() == (next && i < 10 ? 2 : 1));
        }
        next = in;
    }
    CHECK(must(reader.search({})).total == expected);
    CHECK(must(reader.feeds()).at(0).articles == expected);
}

}  // namespace

TEST_CASE("an import that is killed leaves every bundle whole or out") {
    TemporaryFolder folder;
    TestFeed feed(folder.path(), "Gazette");
    const auto file = folder.path() / "archive.db";
    std::vector<std::string> names;
    for (int b = 0; b < bundles; ++b) names.push_back(feed.write(drafts_of(b)));
    must(must(Archive::open(file)).save_feed(feed.record));

    std::mt19937 random(20240229);
    int killed = 0;
    for (int round = 0; round < 10; ++round) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) import_all(file, feed, names);
        ::usleep(2000 + random() % 30'000);
        ::kill(child, SIGKILL);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        if (WIFSIGNALED(status)) ++killed;
        else REQUIRE(WEXITSTATUS(status) == 0);
        check_whole(file, feed, names);
    }
    CHECK(killed >= 3);

    auto archive = must(Archive::open(file));
    for (const auto& name : names) feed.import(archive, name);
    check_whole(file, feed, names);
}

namespace {

template <class Work>
unsigned microseconds(const Work& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return static_cast<unsigned>(std::chrono::duration_cast<std::chrono::microseconds>(
                                     std::chrono::steady_clock::now() - begin)
                                     .count());
}

/// Runs `work` in a child and kills it some time; false: it was faster.
template <class Work>
bool killed_at(std::mt19937& random, unsigned most_microseconds, const Work& work) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        work();
        ::_exit(0);
    }
    ::usleep(2000 + random() % most_microseconds);
    ::kill(child, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    if (!WIFSIGNALED(status)) REQUIRE(WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

std::vector<Draft> many(int count) {
    std::vector<Draft> out;
    std::string text;
    for (int w = 0; w < 100; ++w) text += fmt::format("word{} ", w * 31 % 500);
    for (int i = 0; i < count; ++i)
        out.push_back({std::to_string(i), fmt::format("Title {}", i), text + "free press", "en",
                       1000 + i});
    return out;
}

}  // namespace

TEST_CASE("a large bundle whose import is killed goes on where it was") {
    TemporaryFolder folder;
    TestFeed feed(folder.path(), "Gazette");
    const auto file = folder.path() / "archive.db";
    constexpr int size = 3000;
    const auto name = feed.write(many(size));
    must(must(Archive::open(file)).save_feed(feed.record));
    const auto articles = [&] { return must(must(ArchiveReader::open(file)).feeds())[0].articles; };
    std::mt19937 random(20261114);
    std::uint64_t before = 0;
    int killed = 0, halfway = 0;
    for (int round = 0; round < 40 && before < size; ++round) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) import_all(file, feed, {name});
        int status = 0;
        bool ended = false;
        while (!ended && articles() < before + 1 + random() % 600) {
            ended = ::waitpid(child, &status, WNOHANG) == child;
            ::usleep(1000);
        }
        if (!ended) {
            ::usleep(random() % 10'000);
            ::kill(child, SIGKILL);
            REQUIRE(::waitpid(child, &status, 0) == child);
        }
        killed += WIFSIGNALED(status) ? 1 : 0;
        auto archive = must(Archive::open(file));
        must(archive.check_integrity());
        const auto total = must(must(ArchiveReader::open(file)).search({})).total;
        CHECK(total >= before);
        CHECK(total <= size);
        before = total;
        halfway += total > 0 && total < size;
        CHECK(must(archive.is_imported(feed.key(), 1, name)) == (total == size));
    }
    CHECK(killed >= 1);
    CHECK(halfway >= 1);
    auto archive = must(Archive::open(file));
    feed.import(archive, name);
    CHECK(must(archive.is_imported(feed.key(), 1, name)));
    CHECK(feed.import(archive, name).added == 0);
    CHECK(must(must(ArchiveReader::open(file)).feeds()).at(0).articles == size);
    must(archive.check_integrity());
}

TEST_CASE("an index whose making is killed is made further, and searched all along") {
    TemporaryFolder folder;
    TestFeed feed(folder.path(), "Gazette");
    const auto file = folder.path() / "archive.db";
    {
        auto archive = must(Archive::open(file));
        must(archive.save_feed(feed.record));
        feed.publish(archive, many(1200));
        while (must(archive.work())) {}
    }
    const auto make_foreign = [&] {
        auto database = must(Database::open(file, Database::Mode::read_write_create));
        must(database.run("UPDATE indexes SET signature = 'other' WHERE state = 1"));
    };
    make_foreign();
    const auto whole = microseconds([&] {
        auto archive = must(Archive::open(file));
        while (must(archive.work())) {}
    });
    std::mt19937 random(20261115);
    int killed = 0;
    bool making = false;
    for (int round = 0; round < 20; ++round) {
        make_foreign();
        killed += killed_at(random, whole, [&] {
            auto archive = Archive::open(file);
            if (!archive) ::_exit(1);
            for (bool more = true; more;) {
                const auto worked = archive->work();
                if (!worked) ::_exit(2);
                more = *worked;
            }
        });
        auto archive = must(Archive::open(file));
        const auto progress = must(archive.index_progress());
        making = making || progress.made < progress.all;
        must(archive.check_integrity());
        Query query;
        query.words = "press";
        const auto page = must(must(ArchiveReader::open(file)).search(query));
        CHECK(page.total == 1200);
        CHECK_FALSE(page.partial);
    }
    CHECK(killed >= 3);
    CHECK(making);
    auto archive = must(Archive::open(file));
    while (must(archive.work())) {}
    must(archive.check_integrity());
    auto database = must(Database::open(file, Database::Mode::read_only));
    must(tokenizer::install(database));
    auto row = must(database.prepare("SELECT count(*), max(signature) <> 'other' FROM indexes"));
    REQUIRE(must(row.step()));
    CHECK(row.integer(0) == 1);
    CHECK(row.integer(1) == 1);
}
