#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

#include "core/bytes.h"
#include "query/keyboards.h"
#include "query/layouts.h"

using namespace colport;

namespace {

bool offers(std::string_view typed, const std::string& meant) {
    const auto all = on_other_keyboards(typed);
    return std::count(all.begin(), all.end(), meant) == 1;
}

std::string corrected(std::string_view typed, const std::map<std::string, std::uint64_t>& common) {
    static WordSplitter splitter;
    const auto how_common = [&](std::string_view text) {
        const auto found = common.find(std::string(text));
        return found == common.end() ? std::uint64_t{0} : found->second;
    };
    return correct_keyboard(typed, splitter, how_common).value_or("");
}

}  // namespace

TEST_CASE("the layouts of the system are in the library") {
    CHECK(typed::layouts.front().name == std::string("us"));
    for (const auto& layout : typed::layouts) {
        CAPTURE(layout.name);
        const auto& keys = layout.characters;
        CHECK(std::count(keys.begin(), keys.end(), char32_t{0}) < 20);
    }
}

TEST_CASE("a text is moved to the keys of other keyboards") {
    CHECK(offers("ghbdtn", "привет"));
    CHECK(offers("Ghbdtn", "Привет"));
    CHECK(offers("ghbdsn", "привіт"));
    CHECK(offers(";bpym", "жизнь"));        // signs are letters elsewhere
    CHECK(offers(",h'cn", "брэст"));
    CHECK(offers("йцукен", "qwerty"));
    CHECK(offers("акуувщь", "freedom"));
    CHECK(offers("прывыт", "прівіт"));      // Ukrainian on a Russian one
    CHECK(offers("ghbdtn vbh", "привет мир"));
    CHECK(offers("sghl", "سلام"));
    CHECK(offers("akuo", "שלום"));
    CHECK(offers("eleyueria", "ελευθερια"));
}

TEST_CASE("each text that another keyboard makes comes once, and none is the typed one") {
    for (const char* typed : {"ghbdtn", "2026", "привет", "سلام", "q"}) {
        CAPTURE(typed);
        auto all = on_other_keyboards(typed);
        for (const auto& text : all) CHECK(is_text(text));
        CHECK(std::count(all.begin(), all.end(), typed) == 0);
        std::sort(all.begin(), all.end());
        CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
    }
}

TEST_CASE("what no keyboard writes is moved nowhere") {
    CHECK(on_other_keyboards("").empty());
    CHECK(on_other_keyboards("新闻").empty());
    CHECK(on_other_keyboards("\xff\xff").empty());
    CHECK(on_other_keyboards("приvet").empty());
}

TEST_CASE("a text in no language is corrected to what its keys write on another keyboard") {
    CHECK(corrected("ghbdtn", {{"привет", 9}}) == "привет");
    CHECK(corrected("Ghbdtn", {{"привет", 9}}) == "Привет");
    CHECK(corrected(";bpym", {{"жизнь", 9}}) == "жизнь");
    CHECK(corrected("цфк", {{"war", 900}}) == "war");
    CHECK(corrected("j,]trn", {{"объект", 9}, {"j", 900}}) == "объект");
    CHECK(corrected("vs", {{"мы", 900}}).empty());   // two letters are something everywhere
    CHECK(corrected("ghbdtn vbh", {{"привет", 9}, {"мир", 90}}) == "привет мир");
    CHECK(corrected("ghbdtn vbh", {{"привет", 9}}).empty());
    CHECK(corrected("ghbdsn", {{"привіт", 9}, {"привыт", 4}}) == "привіт");
}

TEST_CASE("a text of known words stays on its keyboard") {
    CHECK(corrected("vbh", {{"vbh", 3}, {"мир", 9000}}).empty());
    CHECK(corrected("ghbdtn war", {{"war", 900}, {"привет", 9}}).empty());
    CHECK(corrected("war;peace", {{"war", 9}, {"peace", 9}, {"цфкжзуфсу", 900}}).empty());
    CHECK(corrected("ghbdtn", {}).empty());
    CHECK(corrected("ghbdtn", {{"привет", 2}}).empty());
}
