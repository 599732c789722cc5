#include <catch2/catch.hpp>

#include <fstream>

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
