#include "press/formats/read_json.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace colport;
using Json = nlohmann::json;

TEST_CASE("JSON of a site is what it says, however it is read", "[press]") {
    const auto text = GENERATE(
        std::string(R"({"id":"7","title":"\u041f\n\"","tags":["a",null,true,-3,2.5],"n":{"deep":[]}})"),
        std::string(R"({"unsigned":18446744073709551615,"signed":-9223372036854775808})"),
        std::string(R"({"beyond":123456789012345678901234567890})"),
        std::string(R"({"twice":1,"twice":2})"),
        std::string("[1e400]"), std::string("{\"nul\":\"a\\u0000b\"}"),
        std::string("{\"emoji\":\"\\ud83d\\ude00\"}"), std::string("{\"half\":\"\\ud83d\"}"),
        std::string("\"\xff\""), std::string("{\"a\":1,}"), std::string("{} {}"), std::string(),
        std::string("  [ ]\r\n"), std::string(2000, '[') + std::string(2000, ']'));
    const auto wanted = Json::parse(text, nullptr, false);
    const auto found = read_json(text);
    REQUIRE(found.is_discarded() == wanted.is_discarded());
    if (wanted.is_discarded()) return;
    CHECK(found == wanted);
    if (!wanted.is_object()) return;
    for (const auto& [key, value] : wanted.items()) CHECK(found[key].type() == value.type());
}
