#include <catch2/catch.hpp>

#include <map>

#include "query/suggestion.h"

using namespace colport;

namespace {

using Counts = std::map<std::string, std::uint64_t, std::less<>>;

struct Asked {
    Counts counts;
    std::size_t lookups = 0;
    WordSplitter splitter = {};

    std::optional<Suggestion> suggest(std::string_view typed) {
        lookups = 0;
        return colport::suggest(typed, 1'773'489'600, splitter, [&](std::string_view word) {
            ++lookups;
            const auto found = counts.find(word);
            return found == counts.end() ? std::uint64_t{0} : found->second;
        });
    }
    /// The query with what differs in brackets; empty: none.
    std::string marked(std::string_view typed) {
        const auto meant = suggest(typed);
        if (!meant) return "";
        auto out = meant->query;
        for (auto mark = meant->marked.rbegin(); mark != meant->marked.rend(); ++mark)
            out.insert(mark->second, "]").insert(mark->first, "[");
        return out;
    }
};

}  // namespace

TEST_CASE("the mistyped words of a search are put right and marked") {
    Asked asked{{{"ferry", 90}, {"river", 400}, {"timetable", 60}, {"ferryman", 5}}};
    CHECK(asked.marked("river fery") == "river [ferry]");
    CHECK(asked.marked("Rivre") == "[river]");
    CHECK(asked.marked("ferryman fery") == "ferryman [ferry]");
    CHECK(asked.marked("rivre timetabel") == "[river] [timetable]");
    CHECK(asked.marked("\"the rivre ferry\" -winter since:2026-03-05") ==
          "\"the [river] ferry\" -winter since:2026-03-05");
    CHECK(asked.marked("title:fery OR rivre lang:en") == "title:[ferry] OR [river] lang:en");
}

TEST_CASE("words that are known, beginnings, authors and what must not occur stay") {
    Asked asked{{{"ferry", 900}, {"fery", 3}, {"river", 400}}};
    for (const char* typed : {"", "river", "fery", "rivre*", "author:rivre", "river -rivre",
                              "zzzzzz", "12345", "!?"}) {
        CAPTURE(typed);
        CHECK(asked.marked(typed).empty());
    }
}

TEST_CASE("a text typed on another keyboard is suggested as a whole") {
    Asked asked{{{"привет", 100}, {"мир", 300}}};
    CHECK(asked.marked("ghbdtn vbh") == "[привет мир]");
    CHECK(asked.marked("привет").empty());
}

TEST_CASE("the lookups for a suggestion are bounded and shared") {
    Asked asked{{{"library", 100}}};
    std::string many;
    for (int i = 0; i < 64; ++i) many += "unknownword" + std::string(1, char('a' + i % 26)) + " ";
    for (const auto& typed : {many, std::string("configuraton documentaton libary"),
                              std::string(4000, 'x')}) {
        asked.suggest(typed);
        CHECK(asked.lookups <= most_suggestion_lookups);
    }
    // A long word before it does not use up what the next one needs.
    CHECK(asked.marked("internationalisatoin libary") == "internationalisatoin [library]");
}
