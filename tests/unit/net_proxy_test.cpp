#include "net/proxy.h"

using namespace colport;

TEST_CASE("a proxy is read from its address") {
    const auto read = [](const char* text) {
        const auto out = parse_proxy(text);
        INFO(text);
        REQUIRE(out.ok());
        return *out;
    };
    auto proxy = read("127.0.0.1:9050");
    CHECK(proxy.host == "127.0.0.1");
    CHECK(proxy.port == 9050);
    CHECK(proxy.user.empty());
    CHECK(proxy.password.empty());
    CHECK(read("socks5://proxy.example:1080").host == "proxy.example");
    CHECK(read("socks5h://proxy.example:1080").port == 1080);
    CHECK(read("[::1]:9050").host == "::1");

    proxy = read("socks5://anna:p%40ss%3Aw%2fd@[2001:db8::1]:65535");
    CHECK(proxy.user == "anna");
    CHECK(proxy.password == "p@ss:w/d");
    CHECK(proxy.host == "2001:db8::1");
    CHECK(proxy.port == 65535);
    CHECK(read("socks5://a:b@c:d@host:1").password == "b@c:d");
    CHECK(read("socks5://anna@host:1").password.empty());
    CHECK(read(("socks5://u:" + std::string(255, 'p') + "@host:1").c_str()).password.size() == 255);
}

TEST_CASE("what is no proxy is refused without a word of its password") {
    const std::string long_password = "socks5://u:" + std::string(256, 's') + "@host:1";
    for (const std::string bad :
         {"", ":", "host", "host:", ":9050", "host:0", "host:65536", "host:+1", "host:1 ", " host:1",
          "host:9050/", "::1:9050", "[::1", "[::1]", "[]:1", "[host]:1", "ho st:1", "host\n:1",
          "u:secret@host:1", "http://host:1", "socks4://host:1", "SOCKS5://host:1",
          "socks5://:secret@host:1", "socks5://u:%zz@host:1", "socks5://u:%4@host:1",
          "socks5://u:%@host:1", "socks5://u:%00secret@host:1", "socks5://u:secret%ff@host:1",
          "socks5://u:secret@host", "socks5://u:secret@:1", "socks5://-x:1",
          long_password.c_str()}) {
        CAPTURE(bad);
        const auto refused = parse_proxy(bad);
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().code == Errc::invalid);
        CHECK(refused.error().message.find("secret") == std::string::npos);
        CHECK(refused.error().message.find("sss") == std::string::npos);
    }
}

TEST_CASE("a proxy is shown without its password") {
    CHECK(to_string(Proxy{"127.0.0.1", 9050, "", ""}) == "socks5://127.0.0.1:9050");
    CHECK(to_string(Proxy{"::1", 1, "an na\n", "secret"}) == "socks5://an%20na%0A@[::1]:1");
}
