#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "cli/reader/show.h"
#include "cli/terminal.h"

using namespace colport::cli;
using nlohmann::json;

TEST_CASE("what a terminal would obey does not reach it") {
    CHECK(printable("\x1b[2Jred\x07\r\x7f") == " [2Jred   ");
    CHECK(printable("a\xc2\x9b" "31m") == "a 31m");
    CHECK(printable("a\xe2\x80\xae" "b\xe2\x81\xa6" "c\xe2\x81\xa9") == "abc");
    CHECK(printable("a\x9b" "b\xff") == "a\xef\xbf\xbd" "b\xef\xbf\xbd");
    CHECK(printable("line\n\ttext") == "line\n\ttext");
}

TEST_CASE("text of other scripts stays as it is") {
    const std::string text = "می\u200cخواهم \u200dя \u200e\u200f ¡à Â 漢字";
    CHECK(printable(text) == text);
    CHECK(one_line(text) == text);
}

TEST_CASE("a title stays on its line") {
    CHECK(one_line("one\ntwo\tthree\u2028four") == "one two three four");
}

TEST_CASE("sizes are read by people") {
    CHECK(human_size(0) == "0 bytes");
    CHECK(human_size(1023) == "1023 bytes");
    CHECK(human_size(1536) == "1.5 KiB");
    CHECK(human_size(std::uint64_t{5} << 40) == "5.0 TiB");
}

TEST_CASE("a snippet's marks are the only escapes in it") {
    const json hit{{"snippet", "a\x1b[31m word\nhere"}, {"marked", {{7, 11}}}};
    CHECK(snippet_line(hit, false) == "a [31m word here");
    CHECK(snippet_line(hit, true) == "a [31m \033[1mword\033[0m here");
    const json beyond{{"snippet", "word"}, {"marked", {{2, 9}, {3, 1}}}};
    CHECK(snippet_line(beyond, true) == "word");
    CHECK(snippet_line(json::object(), true).empty());
}

TEST_CASE("JSON of bytes that are not UTF-8 is still JSON") {
    CHECK(json_text({{"path", "a\xff"}}) == "{\"path\":\"a\xef\xbf\xbd\"}");
}
