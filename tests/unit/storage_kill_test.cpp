#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

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
