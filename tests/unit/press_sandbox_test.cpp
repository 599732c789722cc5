#include <catch2/catch.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "press/page/inline_text.h"
#include "press/sandbox/sandbox.h"
#include "support/folder.h"
#include "support/made_pictures.h"

using namespace colport;
using namespace colport::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const std::string page = "<html><head><title>Ferry</title></head><body><article><p>The ferry to the "
                         "island sails at noon, and it is never late in summer.</p></article></html>";

std::string repeated(std::string_view text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += text;
    return out;
}

/// What became of one forbidden act: 0 or an error number.
template <class Act>
std::string tried(const char* what, Act act) {
    errno = 0;
    const auto got = act();
    return fmt::format("{} {}", what, got < 0 ? errno : 0);
}

/// Does to its parent's machine what a taken-over parser would try.
Result<Imported> break_out(Bytes, const std::string&, const ImportOptions&) {
    Imported out;
    out.warnings = {
        tried("open", [] { return ::open("/etc/passwd", O_RDONLY); }),
        tried("create", [] { return ::open("/tmp/colport-escaped", O_WRONLY | O_CREAT, 0600); }),
        tried("unlink", [] { return ::unlink("/tmp/colport-escaped"); }),
        tried("internet", [] { return ::socket(AF_INET, SOCK_STREAM, 0); }),
        tried("local", [] { return ::socket(AF_UNIX, SOCK_STREAM, 0); }),
        tried("exec", [] { return ::execl("/bin/true", "true", nullptr); }),
        tried("fork", [] { return ::fork(); }),
        tried("kill", [] { return ::kill(::getppid(), 0); }),
    };
    return out;
}

Result<Imported> misbehave(Bytes content, const std::string& name, const ImportOptions& options) {
    if (name == "spin")
        while (true) ::getpid();
    if (name == "sleep")
        while (true) ::poll(nullptr, 0, 1000);
    if (name == "crash") ::raise(SIGSEGV), ::abort();
    if (name == "eat") {
        std::vector<std::string> eaten;
        while (true) eaten.emplace_back(std::size_t{1} << 24, 'x');
    }
    return import_source(content, name, options);
}

}  // namespace

TEST_CASE("the sandboxed child can open neither file nor socket nor program", "[sandbox]") {
    Sandbox sandbox(break_out);
    const auto out = sandbox.import_bytes("x", "x", {});
    REQUIRE(out);
    if (!sandbox.missing_filter().empty()) {
        WARN("this kernel filters no system calls: " << sandbox.missing_filter());
        return;
    }
    REQUIRE(out->warnings.size() == 8);
    for (const auto& line : out->warnings) {
        INFO(line);
        CHECK((line.ends_with(fmt::format(" {}", EPERM)) ||
               line.ends_with(fmt::format(" {}", EACCES))));
    }
    CHECK_FALSE(fs::exists("/tmp/colport-escaped"));
}

TEST_CASE("what is read in the sandbox is what is read outside", "[sandbox]") {
    const Folder folder;
    // With colors to be converted.
    std::ofstream(folder.path / "ferry.png", std::ios::binary)
        << made_png({.profile = display_p3_profile(), .muted = true});
    Sandbox sandbox;
    const auto rss =
        std::string("<rss><channel><item><title>A</title><guid>a</guid><description>&lt;p&gt;One "
                    "&lt;img src=\"ferry.png\"&gt;&lt;img src=\"lost.png\"&gt;&lt;/p&gt;"
                    "</description></item></channel></rss>");
    const std::string cyrillic = "<html><head><meta charset=\"windows-1251\"><title>\xcf\xe0\xf0\xee\xec"
                                 "</title></head><body><p>\xcf\xe0\xf0\xee\xec.</p></body></html>";
    const std::string chinese = "<html><head><meta charset=\"gb2312\"><title>\xb6\xc9\xb4\xac</title>"
                                "</head><body><p>\xb6\xc9\xb4\xac.</p></body></html>";
    ImportOptions options;
    options.folder = folder.path;
    for (const auto& content : {page, rss, cyrillic, chinese, std::string("Plain text.\n\nMore."),
                                std::string("{\"id\":\"j\",\"title\":\"J\",\"text\":\"Text.\"}\n"),
                                std::string()}) {
        const auto outside = import_source(content, "source", options);
        const auto inside = sandbox.import_bytes(content, "source", options);
        REQUIRE(outside.ok() == inside.ok());
        if (!outside) {
            CHECK(inside.error().message == outside.error().message);
            continue;
        }
        REQUIRE(inside->articles.size() == outside->articles.size());
        for (std::size_t i = 0; i < inside->articles.size(); ++i)
            CHECK(inside->articles[i].article.SerializeAsString() ==
                  outside->articles[i].article.SerializeAsString());
        CHECK(inside->pictures.size() == outside->pictures.size());
        CHECK(inside->warnings == outside->warnings);
    }
}

TEST_CASE("a source that ruins its reader costs that source alone", "[sandbox]") {
    Sandbox sandbox(misbehave, {.time = 300ms, .memory = std::size_t{256} << 20});
    const auto fails = [&](const char* name, const std::string& why) {
        const auto out = sandbox.import_bytes(page, name, {});
        REQUIRE_FALSE(out);
        CHECK(out.error().code == Errc::corrupt);
        INFO(out.error().message);
        CHECK(out.error().message.find(name) == 0);
        CHECK(out.error().message.find(why) != std::string::npos);
        CHECK(sandbox.import_bytes(page, "good.html", {}));
    };
    fails("spin", "took over 0.3 s of work");
    fails("sleep", "took over 0.3 s of work");
    fails("crash", "crashed the process that read it");
    fails("eat", "took over 256 MiB of memory");
}

TEST_CASE("articles leave the sandbox while their source is being read", "[sandbox]") {
    Sandbox sandbox;
    std::string lines;
    for (int i = 0; i < 1000; ++i)
        lines += fmt::format("{{\"id\":\"{}\",\"title\":\"T{}\",\"text\":\"Some words.\"}}\n", i, i);
    std::size_t articles = 0;
    ImportOptions options;
    SECTION("all of them") {
        const ImportTaker taker{[&](ImportedArticle) { ++articles; return done(); },
                                [](pb::Picture) { return done(); }};
        options.taker = &taker;
        const auto out = sandbox.import_bytes(lines, "lines.jsonl", options);
        REQUIRE(out);
        CHECK(out->articles.empty());
        CHECK(articles == 1000);
    }
    SECTION("until they cannot be stored") {
        const ImportTaker taker{[&](ImportedArticle) -> Status {
                                    if (++articles == 10) return Error{Errc::io, "disk full"};
                                    return done();
                                },
                                [](pb::Picture) { return done(); }};
        options.taker = &taker;
        const auto out = sandbox.import_bytes(lines, "lines.jsonl", options);
        REQUIRE_FALSE(out);
        CHECK(out.error().code == Errc::io);
        CHECK(articles == 10);
        options.taker = nullptr;
        CHECK(sandbox.import_bytes(lines, "lines.jsonl", options)->articles.size() == 1000);
    }
}

TEST_CASE("hostile pages cost a bounded time", "[sandbox]") {
    Sandbox sandbox;
    const std::string many = "<html><body><p" + [] {
        std::string out;
        for (int i = 0; i < 100'000; ++i) out += fmt::format(" a{}=1", i);
        return out;
    }() + ">Text.</p></body></html>";
    const std::string bomb =
        "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaa\">" + [] {
            std::string out;
            for (char c = 'b'; c < 'm'; ++c)
                out += fmt::format("<!ENTITY {} \"{}\">", c,
                                   repeated(fmt::format("&{};", static_cast<char>(c - 1)), 20));
            return out;
        }() + "]><rss><channel><item><title>&l;</title><description>&l;</description></item>"
              "</channel></rss>";
    const std::string nested = "<html><body>" + repeated("<div><b>", 100'000) + "Text.";
    const std::string table = "<table>" + repeated("<tr><td><table>", 50'000);
    for (const auto& [name, content] : {std::pair<const char*, std::string>{"many.html", many},
                                        {"bomb.xml", bomb}, {"nested.html", nested},
                                        {"table.html", table}}) {
        INFO(name);
        const auto begin = std::chrono::steady_clock::now();
        const auto out = sandbox.import_bytes(content, name, {});
        INFO((out ? "read" : out.error().message));
        CHECK(std::chrono::steady_clock::now() - begin < 30s);
        CHECK(sandbox.import_bytes(page, "good.html", {}));
    }
}
