#include <catch2/catch.hpp>

#include <atomic>
#include <fstream>
#include <thread>

#include "press/intake/watch_list.h"
#include "support/folder.h"

using namespace colport;
using namespace colport::test;

TEST_CASE("the next look is jittered, and further off after failures", "[watch]") {
    CHECK(next_look(1000, 900, 0, 0) == 1000 + 675);
    CHECK(next_look(1000, 900, 0, 1) == 1000 + 1125);
    CHECK(next_look(1000, 900, 2, 0.5) == 1000 + 3600);
    // Eight times is the most, however long it lasts.
    CHECK(next_look(1000, 900, 50, 0.5) == next_look(1000, 900, 3, 0.5));
    CHECK(next_look(1000, 1, 0, 0) == 1001);
}

TEST_CASE("what a clock that was ahead put off is looked at", "[watch]") {
    WatchedSource source;
    CHECK(is_due(source, 1000, 900));
    source.due = next_look(1000, 900, 0, 0.5);
    CHECK_FALSE(is_due(source, 1000, 900));
    CHECK(is_due(source, source.due, 900));
    source.due = next_look(1000, 900, 50, 1);
    CHECK_FALSE(is_due(source, 1000, 900));
    source.due = 1000 + 4 * 365 * 86'400;
    CHECK(is_due(source, 1000, 900));
}

TEST_CASE("two that change the list at once lose nothing of each other's", "[watch]") {
    const Folder folder;
    const auto path = folder.path / "watch.json";
    std::atomic<int> refused = 0;
    const auto change = [&](const std::string& host) {
        for (int i = 0; i < 20; ++i)
            if (!WatchList::update(path, [&](WatchList& list) {
                    return list.add("https://" + host + "/" + std::to_string(i), false,
                                    {"cdn.example"});
                }))
                ++refused;
    };
    {
        const std::jthread other([&] { change("a.example"); });
        change("b.example");
    }
    CHECK(refused == 0);
    const auto list = WatchList::load(path);
    REQUIRE(list);
    CHECK(list->sources.size() == 40);
    CHECK(list->sources[0].hosts == std::vector<std::string>{"cdn.example"});
    // What fails half-way changes nothing.
    CHECK_FALSE(WatchList::update(path, [](WatchList& all) -> Status {
        all.sources.clear();
        return Error{Errc::invalid, "no"};
    }));
    CHECK(WatchList::load(path)->sources.size() == 40);
}

TEST_CASE("the list of what is watched survives, and a damaged one is named", "[watch]") {
    const Folder folder;
    const auto path = folder.path / "watch.json";
    auto list = WatchList::load(path);
    REQUIRE(list);
    CHECK(list->sources.empty());
    REQUIRE(list->add("https://gazette.example/feed", true));
    REQUIRE(list->add(folder.path.string() + "/", false));
    CHECK(list->add("https://gazette.example/feed", false).error().code == Errc::exists);
    CHECK(list->add(folder.path.string(), false).error().code == Errc::exists);
    CHECK(list->add("no such folder", false).error().code == Errc::invalid);
    list->sources[0].failures = 3;
    list->sources[0].problem = "not \xff UTF-8";
    REQUIRE(list->save(path));
    auto again = WatchList::load(path);
    REQUIRE(again);
    REQUIRE(again->sources.size() == 2);
    CHECK(again->sources[0].full_text);
    CHECK(again->sources[0].failures == 3);
    REQUIRE(again->remove("https://gazette.example/feed"));
    CHECK(again->remove("https://gazette.example/feed").error().code == Errc::not_found);

    for (const auto* damaged : {"", "[]", "{\"sources\":[1]}", "{\"sources\":[{\"source\":1}]}",
                                "{\"sources\":[{\"source\":\"x\",\"failures\":\"many\"}]}"}) {
        std::ofstream(path) << damaged;
        const auto read = WatchList::load(path);
        INFO(damaged);
        REQUIRE_FALSE(read);
        CHECK(read.error().message.find("watch.json") != std::string::npos);
    }
}
