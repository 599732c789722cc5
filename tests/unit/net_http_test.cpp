#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <list>

#include "core/limits.h"
#include "net/address_ranges.h"
#include "net/http_client.h"
#include "net/http_validators.h"
#include "support/name_lookup.h"
#include "support/scripted_server.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::support;
using namespace std::chrono_literals;

namespace {

std::future<HttpAnswer> begin(HttpClient& client, HttpRequest request) {
    auto promise = std::make_shared<std::promise<HttpAnswer>>();
    auto out = promise->get_future();
    client.get(std::move(request), [promise](HttpAnswer answer) {
        promise->set_value(std::move(answer));
    });
    return out;
}

HttpAnswer wait(std::future<HttpAnswer> answer) {
    REQUIRE(answer.wait_for(60s) == std::future_status::ready);
    return answer.get();
}

HttpAnswer get(HttpClient& client, HttpRequest request) {
    if (request.limit == 0) request.limit = limits::mib;
    return wait(begin(client, std::move(request)));
}

HttpAnswer get(HttpRequest request, HttpSettings settings = {}) {
    HttpClient client(std::move(settings));
    return get(client, std::move(request));
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// A variable of the environment that is as before afterwards.
class Variable {
public:
    Variable(const char* name, const std::string& value) : name_(name) {
        if (const char* old = std::getenv(name)) old_ = old;
        ::setenv(name, value.c_str(), 1);
    }
    Variable(const Variable&) = delete;
    ~Variable() {
        if (old_) ::setenv(name_, old_->c_str(), 1);
        else ::unsetenv(name_);
    }

private:
    const char* name_;
    std::optional<std::string> old_;
};

}  // namespace

TEST_CASE("what was changed in the second it was sent is asked for whole again") {
    const std::string noon = "Sat, 14 Mar 2026 12:00:00 GMT";
    const std::string later = "Sat, 14 Mar 2026 12:00:01 GMT";
    CHECK(validators_of("\"a\"", noon, later).etag == "\"a\"");
    CHECK(validators_of("\"a\"", noon, later).last_modified == noon);
    CHECK(validators_of("\"a\"", noon, "").last_modified == noon);
    CHECK(validators_of("\"a\"", "", noon).etag == "\"a\"");
    CHECK(validators_of("\"a\"", noon, noon).etag.empty());
    CHECK(validators_of("\"a\"", noon, noon).last_modified.empty());
    CHECK(validators_of("\"a\"", later, noon).last_modified.empty());
}

TEST_CASE("a web client reads a file and looks like a common one") {
    ScriptedServer server(always(http_answer("200 OK",
                                             "ETag: \"a1\"\r\nSet-Cookie: who=you\r\n"
                                             "Last-Modified: Sat, 14 Mar 2026 09:20:00 GMT\r\n",
                                             "hello")));
    HttpClient client({});
    const auto answer = get(client, {.url = server.url("/head?x=1#part")});
    CHECK(answer.problem == "");
    CHECK(answer.status == 200);
    CHECK(answer.body == "hello");
    CHECK(answer.etag == "\"a1\"");
    CHECK(answer.last_modified == "Sat, 14 Mar 2026 09:20:00 GMT");
    CHECK(answer.bytes == static_cast<std::int64_t>(
                              http_answer("200 OK",
                                          "ETag: \"a1\"\r\nSet-Cookie: who=you\r\n"
                                          "Last-Modified: Sat, 14 Mar 2026 09:20:00 GMT\r\n",
                                          "hello").size()));

    CHECK(get(client, {.url = server.url("/head")}).body == "hello");
    CHECK(server.connections() == 1);
    const auto asked = server.requests();
    REQUIRE(asked.size() == 2);
    CHECK(asked[0].starts_with("GET /head?x=1 HTTP/1.1\r\nHost: 127.0.0.1:"));
    CHECK(has(asked[0], "\r\nUser-Agent: curl/"));
    CHECK(has(asked[0], "\r\nAccept-Encoding: identity\r\n"));
    CHECK_FALSE(has(asked[0], "olport"));
    CHECK_FALSE(has(asked[0], "Range:"));
    CHECK_FALSE(has(asked[0], "If-"));
    CHECK_FALSE(has(asked[1], "Cookie"));
}

TEST_CASE("a request with tags is conditional") {
    ScriptedServer server([](ServedConnection& connection) {
        while (true) {
            const auto request = connection.read_request();
            if (request.empty()) return;
            connection.send(has(request, "If-") ? "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"
                                                : http_answer("200 OK", "", "new"));
        }
    });
    HttpClient client({});
    const auto answer = get(client, {.url = server.url(), .etag = "\"a\"", .last_modified = "then"});
    CHECK(answer.problem == "");
    CHECK(answer.status == 304);
    CHECK(answer.body == "");
    CHECK(answer.etag == "\"a\"");
    CHECK(has(server.requests()[0], "\r\nIf-None-Match: \"a\"\r\n"));
    CHECK(has(server.requests()[0], "\r\nIf-Modified-Since: then\r\n"));

    SECTION("tags that would break the request are not sent") {
        const auto whole = get(client, {.url = server.url(),
                                        .etag = "\"a\"\r\nX: y",
                                        .last_modified = std::string(5000, 'x')});
        CHECK(whole.status == 200);
        CHECK_FALSE(has(server.requests()[1], "X:"));
    }
    SECTION("and nothing new is no answer to another") {
        ScriptedServer liar(always("HTTP/1.1 304 Not Modified\r\n\r\n"));
        CHECK(has(get({.url = liar.url()}).problem, "not the question"));
    }
}

TEST_CASE("parts of files are read") {
    const auto part = [](const std::string& range, const std::string& body) {
        return always(http_answer("206 Partial Content",
                                  "Content-Range: " + range + "\r\n", body));
    };
    SECTION("as asked") {
        ScriptedServer server(part("bytes 10-14/99", "abcde"));
        const auto answer = get({.url = server.url(), .first = 10, .length = 5});
        CHECK(answer.problem == "");
        CHECK(answer.status == 206);
        CHECK(answer.body == "abcde");
        CHECK(has(server.requests()[0], "\r\nRange: bytes=10-14\r\n"));
    }
    SECTION("to the end") {
        ScriptedServer server(part("bytes 10-14/15", "abcde"));
        CHECK(get({.url = server.url(), .first = 10}).body == "abcde");
        CHECK(has(server.requests()[0], "\r\nRange: bytes=10-\r\n"));
    }
    SECTION("fewer where the file ends") {
        ScriptedServer server(part("bytes 10-14/15", "abcde"));
        CHECK(get({.url = server.url(), .first = 10, .length = 50}).body == "abcde");
    }
    SECTION("not past the end of all numbers") {
        ScriptedServer server(always(http_answer("416 Range Not Satisfiable")));
        CHECK(get({.url = server.url(), .first = ~0ULL - 1, .length = ~0ULL}).problem ==
              "has no such part (416)");
        CHECK(has(server.requests()[0], "bytes=18446744073709551614-18446744073709551615\r\n"));
    }
    SECTION("but no others") {
        for (const char* range : {"bytes 11-15/99", "bytes 10-15/99", "bytes 10-9/99", "bytes 10",
                                  "bytes */99", "10-14/99", "bytes 10-14", "bytes -10-14/9",
                                  "bytes 0-18446744073709551615/*", "bytes 10-99999999999999999999/1",
                                  "pages 10-14/99", ""}) {
            CAPTURE(range);
            ScriptedServer server(part(range, "abcde"));
            const auto answer = get({.url = server.url(), .first = 10, .length = 5});
            CHECK(answer.problem == "sends another part than was asked for");
            CHECK(answer.body.empty());
        }
    }
    SECTION("nor unasked") {
        ScriptedServer server(part("bytes 0-4/99", "abcde"));
        CHECK(has(get({.url = server.url()}).problem, "sends a part"));
    }
    SECTION("nor more or fewer bytes than the answer says") {
        ScriptedServer more(part("bytes 0-4/99", "abcdef"));
        CHECK(get({.url = more.url(), .length = 5, .limit = 5}).problem ==
              "sends more than 5 bytes");
        ScriptedServer longer(part("bytes 0-4/99", "abcdef"));
        CHECK(get({.url = longer.url(), .length = 5}).problem == "breaks off");
        ScriptedServer fewer(part("bytes 0-4/99", "abcd"));
        CHECK(get({.url = fewer.url(), .length = 5}).problem == "breaks off");
    }
    SECTION("a server that always sends the whole serves no parts, except the first") {
        ScriptedServer server(always(http_answer("200 OK", "", "abcdefgh")));
        HttpClient client({});
        CHECK(get(client, {.url = server.url(), .first = 1}).problem ==
              "does not serve parts of files");
        CHECK(get(client, {.url = server.url(), .length = 5}).body == "abcdefgh");
        CHECK(get(client, {.url = server.url(), .length = 5, .limit = 7}).problem ==
              "sends more than 7 bytes");
    }
}

TEST_CASE("a body is taken up to its limit and not further") {
    SECTION("announced") {
        ScriptedServer server(always(http_answer("200 OK", "", "123456")));
        CHECK(get({.url = server.url(), .limit = 6}).body == "123456");
        const auto answer = get({.url = server.url(), .limit = 5});
        CHECK(answer.problem == "sends more than 5 bytes");
        CHECK(answer.body.empty());
        CHECK(answer.status == 200);
    }
    SECTION("without end") {
        std::atomic<std::size_t> sent = 0;
        std::atomic<bool> ended = false;
        {
            ScriptedServer server([&](ServedConnection& connection) {
                connection.read_request();
                connection.send("HTTP/1.1 200 OK\r\n\r\n");
                sent = connection.send_endlessly(std::string(4096, 'x'));
                ended = true;
            });
            HttpClient client({});
            const auto answer = get(client, {.url = server.url(), .limit = 100'000});
            CHECK(answer.problem == "sends more than 100000 bytes");
            CHECK(answer.bytes < 200'000);
            // The connection is closed at once, not when the client goes.
            for (int i = 0; i < 1000 && !ended; ++i) std::this_thread::sleep_for(10ms);
            CHECK(ended);
        }
        CHECK(sent < 64 * limits::mib);
    }
    SECTION("no limit given is none wanted") {
        ScriptedServer server(always(http_answer("200 OK", "", "1")));
        HttpClient client({});
        CHECK(wait(begin(client, {.url = server.url()})).problem == "sends more than 0 bytes");
    }
    SECTION("packed bytes stay packed") {
        const std::string packed("\x1f\x8b\x08\0\0\0\0\0", 8);
        ScriptedServer server(always(http_answer("200 OK", "Content-Encoding: gzip\r\n", packed)));
        CHECK(get({.url = server.url()}).body == packed);
    }
}

TEST_CASE("headers without end are cut off") {
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const auto cut_off = [](const std::string& start, const std::string& piece) {
        ScriptedServer server([&](ServedConnection& connection) {
            connection.read_request();
            connection.send(start);
            connection.send_endlessly(piece);
        });
        const auto answer = get({.url = server.url(), .limit = 1000});
        CHECK(answer.problem == "sends headers without end");
        CHECK(answer.bytes <= 256 * 1024);
        CHECK(answer.body.empty());
    };
    SECTION("many") { cut_off(ok, "X-More: " + std::string(500, 'x') + "\r\n"); }
    SECTION("one") { cut_off(ok + "X-Long: ", std::string(4096, 'x')); }
    SECTION("the first line") { cut_off("HTTP/1.1 200 ", std::string(4096, 'x')); }
    SECTION("interim answers") { cut_off("", "HTTP/1.1 103 Early Hints\r\n\r\n"); }
    SECTION("after the body") {
        cut_off(ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
                "X-More: " + std::string(500, 'x') + "\r\n");
    }
}

TEST_CASE("an answer that breaks off is no answer") {
    const std::string cut = GENERATE(as<std::string>(), "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
                                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
                                     "");
    CAPTURE(cut);
    ScriptedServer server([&](ServedConnection& connection) {
        connection.read_request();
        connection.send(cut);
    });
    const auto answer = get({.url = server.url()});
    CHECK(answer.problem == "breaks off");
    CHECK(answer.body.empty());
}

TEST_CASE("what does not speak HTTP is named") {
    ScriptedServer server([&](ServedConnection& connection) {
        connection.read(1);
        connection.send("220 mail.example ESMTP\r\n");
    });
    CHECK(get({.url = server.url()}).problem == "does not speak HTTP");
    const auto tls = get({.url = "https" + server.url().substr(4)});
    CHECK(has(tls.problem, "cannot set up TLS"));
    CHECK(tls.status == 0);
}

TEST_CASE("any page with status 200 is a body") {
    ScriptedServer server(
        always(http_answer("200 OK", "Content-Type: text/html\r\n", "<html>blocked</html>")));
    const auto answer = get({.url = server.url()});
    CHECK(answer.problem == "");
    CHECK(answer.body == "<html>blocked</html>");
}

TEST_CASE("errors of the server are said in words, and the connection is kept") {
    std::atomic<int> count = 0;
    ScriptedServer server([&](ServedConnection& connection) {
        const char* statuses[] = {"404 Not Found", "403 No", "503 Busy", "500 Oh", "204 Empty"};
        while (!connection.read_request().empty())
            connection.send(http_answer(statuses[count++ % 5], "", count == 5 ? "" : "a page"));
    });
    HttpClient client({});
    for (const char* words : {"is not there (404)", "refuses access (403)", "is overloaded (503)",
                              "is out of order (500)", "answers with status 204"}) {
        const auto answer = get(client, {.url = server.url()});
        CHECK(answer.problem == words);
        CHECK(answer.status > 0);
        CHECK(answer.body.empty());
    }
    CHECK(server.connections() == 1);
}

TEST_CASE("a redirect is not followed but told") {
    ScriptedServer elsewhere(always(http_answer("200 OK")));
    const auto told = [&](const std::string& location) {
        ScriptedServer server(always(
            http_answer("301 Moved", "Location: " + location + "\r\n", "<a>moved</a>")));
        const auto answer = get({.url = server.url("/a/b")});
        CHECK(answer.status == 301);
        return answer.problem;
    };
    CHECK(told(elsewhere.url("/new")) ==
          "redirects to " + elsewhere.url("/new") + ": give that address instead");
    CHECK(has(told("/other"), "/other: give that address instead"));
    const auto long_one = told("https://evil.example/\x1b[31m\xe2\x80\xae" + std::string(9000, 'x'));
    CHECK(long_one.size() < 300);
    CHECK(std::all_of(long_one.begin(), long_one.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    CHECK(told("") == "answers with status 301");
    CHECK(elsewhere.connections() == 0);
}

TEST_CASE("only web addresses are asked, and without passwords") {
    ScriptedServer server(always(http_answer("200 OK")));
    const auto rest = server.url().substr(7);
    for (const std::string& bad : std::vector<std::string>{
             "", rest, "/etc/passwd", "file:///etc/passwd", "ftp://" + rest, "gopher://" + rest,
             "socks5://" + rest, "http://", "http://a b/", "http://host\r\nX: y/",
             "http://" + std::string(300, 'a') + ".example/"}) {
        CAPTURE(bad);
        const auto answer = get({.url = bad});
        CHECK(answer.problem == "is no web address");
        CHECK(answer.bytes == 0);
    }
    CHECK(has(get({.url = "http://anna:secret@" + rest}).problem, "user or password"));
    CHECK(has(get({.url = "http://anna@" + rest}).problem, "user or password"));
    CHECK(server.connections() == 0);
}

TEST_CASE("who does not listen and who does not exist are told apart") {
    std::string gone;
    {
        ScriptedServer server(always(""));
        gone = server.url();
    }
    CHECK(get({.url = gone}).problem == "cannot connect");
    CHECK(get({.url = "http://nowhere.example/"}).problem == "no such host");
    const auto names = names_looked_up();
    CHECK(std::count(names.begin(), names.end(), "nowhere.example") == 1);
}

TEST_CASE("a client leaves at once whatever hangs") {
    std::atomic<int> told = 0;
    const auto leave_after_asking = [&](const std::string& url, const std::function<bool()>& asked) {
        auto client = std::make_unique<HttpClient>(HttpSettings{});
        client->get({.url = url, .limit = 100}, [&](HttpAnswer) { ++told; });
        for (int i = 0; i < 1000 && !asked(); ++i) std::this_thread::sleep_for(10ms);
        REQUIRE(asked());
        const auto start = std::chrono::steady_clock::now();
        client.reset();
        CHECK(seconds_since(start) < 1);
    };
    SECTION("a server that says nothing") {
        ScriptedServer server([](ServedConnection& connection) {
            connection.read_request();
            connection.hang();
        });
        leave_after_asking(server.url(), [&] { return !server.requests().empty(); });
    }
    SECTION("a server that stops in the middle") {
        ScriptedServer server([](ServedConnection& connection) {
            connection.read_request();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
            connection.hang();
        });
        leave_after_asking(server.url(), [&] { return !server.requests().empty(); });
    }
    SECTION("a server that does not shake hands for TLS") {
        ScriptedServer server([](ServedConnection& connection) { connection.hang(); });
        leave_after_asking("https" + server.url().substr(4),
                           [&] { return server.connections() > 0; });
    }
    SECTION("a lookup") {
        leave_after_asking(std::string("http://") + hanging_name + "/", [] {
            const auto names = names_looked_up();
            return std::count(names.begin(), names.end(), hanging_name) > 0;
        });
        release_lookups();
    }
    CHECK(told == 0);
}

namespace {

/// How many there are, and were at most.
class Crowd {
public:
    void enter() {
        const int now = ++inside_;
        for (int seen = most_; seen < now && !most_.compare_exchange_weak(seen, now);) {
        }
    }
    void leave() { --inside_; }
    [[nodiscard]] int most() const { return most_; }

private:
    std::atomic<int> inside_ = 0, most_ = 0;
};

}  // namespace

TEST_CASE("at most two requests a host and eight in all are under way") {
    constexpr int hosts = 6;
    Crowd all;
    std::vector<Crowd> at(hosts);
    std::list<ScriptedServer> servers;
    for (int i = 0; i < hosts; ++i)
        servers.emplace_back(
            [&, i](ServedConnection& connection) {
                while (!connection.read_request().empty()) {
                    all.enter();
                    at[i].enter();
                    std::this_thread::sleep_for(50ms);
                    at[i].leave();
                    all.leave();
                    connection.send(http_answer("200 OK", "", "x"));
                }
            },
            "127.0.0." + std::to_string(i + 1));
    HttpClient client({});
    std::vector<std::future<HttpAnswer>> answers;
    for (int i = 0; i < 10; ++i)
        for (const auto& server : servers)
            answers.push_back(begin(client, {.url = server.url(), .limit = 10}));
    for (auto& answer : answers) CHECK(wait(std::move(answer)).body == "x");
    for (const auto& crowd : at) CHECK(crowd.most() <= 2);
    CHECK(all.most() <= 8);
    CHECK(all.most() >= 3);
}

TEST_CASE("an answer may ask the next question") {
    ScriptedServer server(always(http_answer("200 OK", "", "x")));
    HttpClient client({});
    std::promise<std::string> last;
    client.get({.url = server.url("/1"), .limit = 10}, [&](HttpAnswer) {
        client.get({.url = server.url("/2"), .limit = 10},
                   [&](HttpAnswer answer) { last.set_value(answer.body); });
    });
    auto body = last.get_future();
    REQUIRE(body.wait_for(60s) == std::future_status::ready);
    CHECK(body.get() == "x");
}

TEST_CASE("the download limit holds for all requests together") {
    const std::string body(32 * 1024, 'x');
    ScriptedServer server(always(http_answer("200 OK", "", body)));
    HttpClient client({.download_limit = 32 * 1024});
    const auto start = std::chrono::steady_clock::now();
    auto one = begin(client, {.url = server.url(), .limit = body.size()});
    auto other = begin(client, {.url = server.url(), .limit = body.size()});
    CHECK(wait(std::move(one)).body == body);
    CHECK(wait(std::move(other)).body == body);
    const auto took = seconds_since(start);
    CHECK(took > 1.4);
    WARN("64 KiB at 32 KiB/s took " << took << " s");
}

TEST_CASE("a body without end is cut off under a download limit too") {
    ScriptedServer server([&](ServedConnection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        connection.send_endlessly(std::string(4096, 'x'));
    });
    const auto answer = get({.url = server.url(), .limit = 40'000}, {.download_limit = 32 * 1024});
    CHECK(answer.problem == "sends more than 40000 bytes");
    CHECK(answer.bytes < 80'000);
}

TEST_CASE("proxies of the environment are ignored") {
    ScriptedServer proxy(always(http_answer("200 OK", "", "proxy")));
    ScriptedServer server(always(http_answer("200 OK", "", "server")));
    const Variable a("http_proxy", proxy.url()), b("all_proxy", proxy.url()),
        c("ALL_PROXY", proxy.url()), d("HTTPS_PROXY", proxy.url()), e("no_proxy", "");
    CHECK(get({.url = server.url()}).body == "server");
    CHECK(proxy.connections() == 0);
}

TEST_CASE("lan and offline ask nobody beyond them") {
    CHECK(may_ask(Reach::open, "nowhere.example"));
    CHECK(may_ask(Reach::proxy, "nowhere.example"));
    for (const char* near : {"127.0.0.1", "127.255.0.9", "::1"}) {
        CAPTURE(near);
        CHECK(may_ask(Reach::lan, near));
        CHECK(may_ask(Reach::offline, near));
    }
    for (const char* local : {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
                              "169.254.3.4", "fe80::1", "fd12::1"}) {
        CAPTURE(local);
        CHECK(may_ask(Reach::lan, local));
        CHECK_FALSE(may_ask(Reach::offline, local));
    }
    for (const char* far : {"11.0.0.1", "172.32.0.1", "192.169.0.1", "192.0.2.1", "0.0.0.0",
                            "255.255.255.255", "::", "2001:db8::1", "::ffff:192.0.2.1",
                            "::ffff:10.0.0.1", "fec0::1", "localhost", "10.0.0.1.example", "10.1",
                            "", "router.lan"}) {
        CAPTURE(far);
        CHECK_FALSE(may_ask(Reach::lan, far));
        CHECK_FALSE(may_ask(Reach::offline, far));
    }

    ScriptedServer server(always(http_answer("200 OK", "", "x")));
    const auto port = ":" + std::to_string(server.port()) + "/";
    const auto lookups = names_looked_up().size();
    for (const auto reach : {Reach::lan, Reach::offline}) {
        HttpClient client({.reach = reach});
        CHECK(get(client, {.url = server.url()}).body == "x");
        const auto asked = server.connections();
        // Where curl and our check could differ on what the host is.
        for (const std::string host : {"localhost", "localhost.", "nowhere.example", "192.0.2.1",
                                       "3221225985", "0xc0.0.2.1", "[::ffff:192.0.2.1]", "0", "[::]",
                                       "127.0.0.1.nowhere.example", "%31%39%32.0.2.1"}) {
            CAPTURE(host);
            const auto answer = get(client, {.url = "http://" + host + port});
            CHECK(has(answer.problem, reach == Reach::lan ? "in mode lan" : "is offline"));
            CHECK(answer.bytes == 0);
        }
        CHECK(server.connections() == asked);
    }
    HttpClient offline({.reach = Reach::offline});
    CHECK(has(get(offline, {.url = "http://10.0.0.1/"}).problem, "is offline"));
    CHECK(names_looked_up().size() == lookups);
}

namespace {

/// What a SOCKS5 proxy was told.
struct Told {
    std::string methods, login, request;
};

/// A SOCKS5 proxy that is the web server as well, once it has said `verdict`.
ScriptedServer::Script socks(Told& told, std::string auth, char verdict = 0) {
    return [&told, auth = std::move(auth), verdict](ServedConnection& connection) {
        auto head = connection.read(2);
        if (head.size() < 2) return;
        told.methods = connection.read(static_cast<unsigned char>(head[1]));
        const char wanted = auth.empty() ? '\0' : '\x02';
        const bool offered = has(told.methods, std::string(1, wanted));
        connection.send(std::string("\x05") + (offered ? wanted : '\xff'));
        if (!offered) return;
        if (!auth.empty()) {
            const auto user = connection.read(2);
            if (user.size() < 2) return;
            told.login = connection.read(static_cast<unsigned char>(user[1]));
            const auto size = connection.read(1);
            if (size.empty()) return;
            told.login += ":" + connection.read(static_cast<unsigned char>(size[0]));
            connection.send(std::string("\x01") + (told.login == auth ? '\0' : '\x01'));
        }
        auto request = connection.read(5);
        if (request.size() < 5) return;
        const auto size = request[3] == 1 ? 3U : static_cast<unsigned char>(request[4]);
        request += connection.read(size + 2U);
        told.request = request;
        connection.send(std::string("\x05") + verdict + std::string("\0\x01\x7f\0\0\x01\0\x01", 8));
        if (verdict == 0) always(http_answer("200 OK", "", "through"))(connection);
    };
}

HttpSettings through(const ScriptedServer& proxy, const std::string& user = "",
                     const std::string& password = "") {
    return {.reach = Reach::proxy, .proxy = Proxy{"127.0.0.1", proxy.port(), user, password}};
}

}  // namespace

TEST_CASE("with a proxy all goes through it, names too") {
    Told told;
    const auto lookups = names_looked_up().size();
    SECTION("a name") {
        ScriptedServer proxy(socks(told, ""));
        const auto answer = get({.url = "http://mirror.example/head"}, through(proxy));
        CHECK(answer.problem == "");
        CHECK(answer.body == "through");
        CHECK(told.methods == std::string(1, '\0'));
        CHECK(told.request == std::string("\x05\x01\0\x03\x0e" "mirror.example" "\0\x50", 21));
        REQUIRE(proxy.requests().size() == 1);
        CHECK(has(proxy.requests()[0], "GET /head HTTP/1.1\r\nHost: mirror.example\r\n"));
    }
    SECTION("an address of this machine") {
        ScriptedServer proxy(socks(told, ""));
        ScriptedServer target(always(http_answer("200 OK", "", "directly")));
        const Variable everything("no_proxy", "*"), capital("NO_PROXY", "*");
        CHECK(get({.url = target.url()}, through(proxy)).body == "through");
        CHECK(told.request.substr(0, 8) == std::string("\x05\x01\0\x01\x7f\0\0\x01", 8));
        CHECK(target.connections() == 0);
    }
    SECTION("user and password") {
        ScriptedServer proxy(socks(told, "anna:p@ss:w/d"));
        CHECK(get({.url = "http://mirror.example/"}, through(proxy, "anna", "p@ss:w/d")).body ==
              "through");
        CHECK(told.login == "anna:p@ss:w/d");
        CHECK_FALSE(has(proxy.requests()[0], "uthorization"));
        CHECK(get({.url = "http://mirror.example/"}, through(proxy, "anna", "wrong")).problem ==
              "the proxy refuses the user or password");
        CHECK(get({.url = "http://mirror.example/"}, through(proxy)).problem ==
              "the proxy wants a user and password");
    }
    CHECK(names_looked_up().size() == lookups);
}

TEST_CASE("when the proxy fails nobody else is asked") {
    Told told;
    ScriptedServer target(always(http_answer("200 OK")));
    const auto lookups = names_looked_up().size();
    const auto problem = [&](const HttpSettings& settings) {
        CHECK(get({.url = "http://mirror.example/"}, settings).status == 0);
        const auto answer = get({.url = target.url()}, settings);
        CHECK(answer.bytes == 0);
        return answer.problem;
    };
    SECTION("dead") {
        HttpSettings settings;
        {
            ScriptedServer proxy(socks(told, ""));
            settings = through(proxy);
        }
        CHECK(problem(settings) == "the proxy does not answer");
    }
    SECTION("not there") {
        CHECK(problem({.reach = Reach::proxy}) == "there is no proxy to ask through");
    }
    SECTION("closing") {
        ScriptedServer proxy([](ServedConnection& connection) { connection.read(3); });
        CHECK(has(problem(through(proxy)), "the proxy"));
    }
    SECTION("something else") {
        ScriptedServer proxy(always(http_answer("400 Bad Request")));
        ScriptedServer talkative([](ServedConnection& connection) {
            connection.send(http_answer("400 Bad Request"));
        });
        CHECK(has(problem(through(talkative)), "the proxy"));
    }
    SECTION("without a way to the host") {
        const auto [verdict, words] = GENERATE(table<char, std::string>(
            {{'\x01', "the proxy cannot connect"},
             {'\x02', "the proxy does not allow it"},
             {'\x04', "the proxy cannot reach the host"},
             {'\x05', "the host refuses the proxy's connection"},
             {'\x63', "the proxy does not work as a SOCKS5 proxy"}}));
        ScriptedServer proxy(socks(told, "", verdict));
        CHECK(problem(through(proxy)) == words);
    }
    CHECK(target.connections() == 0);
    CHECK(names_looked_up().size() == lookups);
}

TEST_CASE("a proxy is used in its own mode alone") {
    Told told;
    ScriptedServer proxy(socks(told, ""));
    ScriptedServer server(always(http_answer("200 OK", "", "directly")));
    auto settings = through(proxy);
    for (const auto reach : {Reach::open, Reach::lan, Reach::offline}) {
        settings.reach = reach;
        CHECK(get({.url = server.url()}, settings).body == "directly");
    }
    CHECK(proxy.connections() == 0);
}

TEST_CASE("a certificate that nobody vouches for is refused") {
    const ScratchFolder folder;
    const auto path = folder.path().string();
    REQUIRE(std::system(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                         "-days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout " +
                         path + "/key -out " + path + "/cert 2> " + path + "/log").c_str()) == 0);
    // Ends with its first connection, or by itself.
    const auto command = "timeout 60 openssl s_server -www -naccept 1 -accept 127.0.0.1:0 -key " +
                         path + "/key -cert " + path + "/cert 2>&1";
    const std::unique_ptr<FILE, int (*)(FILE*)> server(::popen(command.c_str(), "r"), ::pclose);
    REQUIRE(server != nullptr);
    std::string port;
    char line[200];
    while (port.empty() && std::fgets(line, sizeof line, server.get()) != nullptr)
        if (const std::string text = line; text.starts_with("ACCEPT 127.0.0.1:"))
            port = text.substr(17, text.find('\n') - 17);
    REQUIRE_FALSE(port.empty());
    const auto answer = get({.url = "https://127.0.0.1:" + port + "/"});
    CHECK(answer.status == 0);
    CHECK(has(answer.problem, "TLS certificate refused: self"));
}
