#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

#include "web/listen.h"
#include "web/server.h"
#include "web/typing.h"
#include "web_sample.h"

using namespace colport;
using namespace colport::web_testing;

namespace {

struct Answer {
    long status = 0;
    std::string body, headers;
};

std::size_t append(char* data, std::size_t, std::size_t size, void* out) {
    static_cast<std::string*>(out)->append(data, size);
    return size;
}

/// One request on a connection of its own. `socket` empty: TCP.
Answer ask(const std::string& url, const std::string& socket = "", const char* method = "GET",
           const std::string& body = "", const std::string& host = "") {
    Answer out;
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    curl_slist* list = nullptr;
    if (!host.empty()) list = curl_slist_append(list, ("Host: " + host).c_str());
    if (!body.empty()) list = curl_slist_append(list, "Expect:");
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 10L);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, list);
    if (!socket.empty()) curl_easy_setopt(curl.get(), CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
    if (std::string(method) == "HEAD") curl_easy_setopt(curl.get(), CURLOPT_NOBODY, 1L);
    else curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, method);
    if (!body.empty()) {
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
        curl_easy_setopt(curl.get(), CURLOPT_COPYPOSTFIELDS, body.c_str());
    }
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &out.body);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, append);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &out.headers);
    if (curl_easy_perform(curl.get()) == CURLE_OK)
        curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &out.status);
    curl_slist_free_all(list);
    return out;
}

Result<std::unique_ptr<web::Server>> start(const Library& library, const std::string& listen,
                                           web::Origin origin = web::Origin::page) {
    return web::Server::start({listen, origin, library.file}, nullptr, [] { return noon; });
}

}  // namespace

TEST_CASE("the page is served over TCP on a port that was free") {
    Library library;
    library.gazette.add("A title & more", "The body.");
    library.save();
    const auto server = must(start(library, "127.0.0.1:0"));
    const auto base = server->address();
    REQUIRE(base.starts_with("http://127.0.0.1:"));
    CHECK_FALSE(has(base, ":0/"));

    const auto front = ask(base);
    CHECK(front.status == 200);
    CHECK(has(front.body, "A title &amp; more"));
    CHECK(has(front.headers, "Content-Security-Policy: default-src 'none'"));
    CHECK(has(front.headers, "Content-Type: text/html; charset=utf-8"));
    CHECK(has(ask(base + "search?q=body+the").body, "value=\"body the\""));
    CHECK(has(ask(base + "search?q=b%6Fdy&q=other").body, "value=\"body\""));
    CHECK(has(ask(base + "api/v1/search?q=body").body, "\"total\":1"));
    CHECK(ask(base + "%61rticle/" + id_of(library.gazette.articles[0])).status == 200);
    CHECK(ask(base + "style.css").status == 200);
    CHECK(ask(base + "nowhere").status == 404);
    CHECK(ask(base, "", "GET", "", "evil.example").status == 421);
    CHECK(ask(base, "", "GET", "", "localhost:1").status == 421);
    CHECK(ask(base, "", "POST", "x=1").status == 405);
    CHECK(ask(base, "", "DELETE").status == 405);
}

TEST_CASE("HEAD tells the size and sends nothing") {
    Library library;
    library.save();
    const auto server = must(start(library, "127.0.0.1:0"));
    const auto head = ask(server->address(), "", "HEAD");
    CHECK(head.status == 200);
    CHECK(head.body.empty());
    const auto size = ask(server->address()).body.size();
    CHECK(has(head.headers, "Content-Length: " + std::to_string(size)));
}

TEST_CASE("a port in use is named") {
    Library library;
    const auto server = must(start(library, "127.0.0.1:0"));
    auto where = server->address().substr(7);
    where.pop_back();
    const auto second = start(library, where);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::exists);
    CHECK(second.error().message ==
          "port " + where.substr(where.find(':') + 1) + " on 127.0.0.1 is in use");
    CHECK_FALSE(second.error().hint.empty());
}

TEST_CASE("what is no address to listen on is refused") {
    Library library;
    for (const char* bad : {"", "127.0.0.1", "localhost:80", "127.0.0.1:", "127.0.0.1:70000",
                            "::1:80", "[::1", "unix:", "192.0.2.1:0"}) {
        CAPTURE(bad);
        const auto refused = start(library, bad);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::invalid);
    }
    CHECK(start(library, "127.0.0.1:0", web::Origin::control).error().code == Errc::invalid);
}

TEST_CASE("the control socket is private, answers, and goes with its server") {
    Library library;
    library.gazette.add("Title", "text");
    library.save();
    const auto path = library.folder.path() / "control.sock";
    {
        const auto server = must(start(library, "unix:" + path.string(), web::Origin::control));
        CHECK(server->address() == "unix:" + path.string());
        struct stat found {};
        REQUIRE(::stat(path.c_str(), &found) == 0);
        CHECK((found.st_mode & 0777) == 0600);
        const auto feeds = ask("http://localhost/api/v1/feeds", path.string());
        CHECK(feeds.status == 200);
        CHECK(has(feeds.body, "\"directory\""));
        CHECK(ask("http://localhost/api/v1/follow", path.string(), "POST", R"({"link":"x"})")
                  .status == 503);

        const auto second = start(library, "unix:" + path.string(), web::Origin::control);
        REQUIRE_FALSE(second);
        CHECK(second.error().code == Errc::exists);
        CHECK(ask("http://localhost/api/v1/feeds", path.string()).status == 200);
    }
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a dead socket makes way, anything else does not") {
    Library library;
    const auto path = library.folder.path() / "control.sock";
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path.string().copy(name.sun_path, sizeof name.sun_path - 1);
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(dead, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0);
    ::close(dead);
    CHECK(start(library, "unix:" + path.string(), web::Origin::control).ok());

    must(write_file(path, "precious"));
    const auto refused = start(library, "unix:" + path.string(), web::Origin::control);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::exists);
    CHECK(must(read_file(path, 100)) == "precious");

    const auto deep = library.folder.path() / std::string(120, 'x');
    const auto long_path = start(library, "unix:" + deep.string(), web::Origin::control);
    REQUIRE_FALSE(long_path);
    CHECK(long_path.error().code == Errc::invalid);
    CHECK(has(long_path.error().message, "107"));
}

TEST_CASE("bodies are bounded") {
    Library library;
    library.save();
    const auto path = (library.folder.path() / "control.sock").string();
    const auto server = must(start(library, "unix:" + path, web::Origin::control));
    const auto url = std::string("http://localhost/api/v1/follow");
    CHECK(ask(url, path, "POST", std::string(64 * 1024, 'x')).status == 503);
    const auto refused = ask(url, path, "POST", std::string(64 * 1024 + 1, 'x'));
    CHECK((refused.status == 413 || refused.status == 0));
    CHECK(ask("http://localhost/api/v1/feeds", path).status == 200);
}

TEST_CASE("many readers at once are answered, idle ones do not hinder") {
    Library library;
    for (int i = 0; i < 20; ++i) library.gazette.add("Title", "a word in it", "en", i);
    library.save();
    const auto server = must(start(library, "127.0.0.1:0"));
    const auto base = server->address();
    const auto port = static_cast<std::uint16_t>(std::stoi(base.substr(base.rfind(':') + 1)));
    std::vector<int> idle;
    for (int i = 0; i < 16; ++i) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        idle.push_back(::socket(AF_INET, SOCK_STREAM, 0));
        REQUIRE(::connect(idle.back(), reinterpret_cast<const sockaddr*>(&address),
                          sizeof address) == 0);
        REQUIRE(::send(idle.back(), "GET / HT", 8, MSG_NOSIGNAL) == 8);
    }
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 8; ++i)
            readers.emplace_back([&] {
                for (int n = 0; n < 10; ++n)
                    if (has(ask(base + "search?q=word").body, "20 articles")) ++good;
            });
    }
    CHECK(good == 80);
    for (const int descriptor : idle) ::close(descriptor);
}

TEST_CASE("a search for what is being typed ends when its client hangs up or asks anew") {
    web::Typing typing;
    int sockets[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
    const auto other = typing.begin(sockets[1], "other");
    const auto nameless = typing.begin(sockets[1], "");
    {
        const auto first = typing.begin(sockets[1], "one");
        const auto second = typing.begin(sockets[1], "one");
        CHECK(first.stop().stop_requested());
        CHECK_FALSE(second.stop().stop_requested());
        typing.begin(sockets[1], "");
        // Somebody who types on has not hung up.
        REQUIRE(::send(sockets[0], "x", 1, MSG_NOSIGNAL) == 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        CHECK_FALSE(second.stop().stop_requested());
    }
    CHECK_FALSE(other.stop().stop_requested());
    CHECK_FALSE(nameless.stop().stop_requested());
    ::close(sockets[0]);
    for (int i = 0; i < 500 && !other.stop().stop_requested(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(other.stop().stop_requested());
    CHECK(nameless.stop().stop_requested());
    // A request that was given up is read after a newer one.
    int alive[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, alive) == 0);
    const auto newer = typing.begin(alive[1], "late");
    CHECK(typing.begin(sockets[1], "late").stop().stop_requested());
    CHECK_FALSE(newer.stop().stop_requested());
    for (const int descriptor : {alive[0], alive[1], sockets[1]}) ::close(descriptor);
}

TEST_CASE("the server ends an older completion of the same client") {
    Library library;
    library.gazette.add("Title", "text");
    library.save();
    std::promise<void> begun, superseded;
    std::atomic<int> asked = 0;
    auto may_go_on = superseded.get_future().share();
    // The first one is slow.
    const auto server = must(web::Server::start(
        {"127.0.0.1:0", web::Origin::page, library.file}, nullptr, [&] {
            if (asked++ == 0) {
                begun.set_value();
                may_go_on.wait_for(std::chrono::seconds(5));
            }
            return noon;
        }));
    const auto address = server->address() + "api/v1/complete?client=tab&q=";
    auto first = std::async(std::launch::async, [&] { return ask(address + "tit"); });
    begun.get_future().wait_for(std::chrono::seconds(5));
    const auto second = ask(address + "titl");
    superseded.set_value();
    CHECK(has(second.body, "\"title\":\"Title\""));
    CHECK(has(second.body, "\"stopped\":false"));
    const auto old = first.get();
    CHECK(old.status == 200);
    CHECK(has(old.body, "\"stopped\":true"));
}
