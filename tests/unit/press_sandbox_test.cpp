#include <catch2/catch.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <seccomp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "press/intake/sources.h"
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

void spend(std::chrono::milliseconds time) {
    const auto enough = std::clock() + time.count() * CLOCKS_PER_SEC / 1000;
    while (std::clock() < enough) {}
}

/// Asks for what each line of the content names, and tells how much of it came.
Result<Imported> beg(Bytes content, const std::string&, const ImportOptions& options) {
    Imported out;
    while (!content.empty()) {
        const auto end = content.find('\n');
        const std::string wanted(content.substr(0, end));
        content.remove_prefix(end == content.npos ? content.size() : end + 1);
        const auto got = options.pictures(wanted, "");
        out.warnings.push_back(fmt::format("{} {}", wanted, got ? got->size() : 0));
    }
    return out;
}

/// Works on each of five pictures, which are not there at once.
Result<Imported> gallery(Bytes, const std::string& name, const ImportOptions& options) {
    for (int i = 0; i < 5; ++i) {
        if (!options.pictures("p.png", "")) return Error{Errc::not_found, "no picture"};
        if (name == "busy") spend(120ms);
        else ::poll(nullptr, 0, 150);
    }
    return Imported{};
}

Result<Imported> chatter(Bytes, const std::string&, const ImportOptions& options) {
    while (true) (void)options.pictures("none.png", "");
}

/// Says what no parser says.
Result<Imported> lie(Bytes, const std::string& name, const ImportOptions&) {
    Imported out;
    out.articles.push_back({"guid", {}});
    auto& article = out.articles.back().article;
    if (name == "retracted") article.set_status(pb::Article::RETRACTED);
    else article.set_title("A ferry");
    if (name == "note") article.set_note("It was all untrue.");
    if (name == "truth") return out;
    pb::Picture picture;
    picture.set_media_type(name == "drawn" ? "image/svg+xml" : "image/webp");
    picture.set_data(name == "raw" ? made_jpeg() : made_webp());
    if (name == "drawn" || name == "raw" || name == "shown") out.pictures.push_back(picture);
    return out;
}

/// Which files it has beside the socket.
Result<Imported> count_files(Bytes, const std::string&, const ImportOptions&) {
    Imported out;
    for (int number = 0; number < 64; ++number)
        if (::lseek(number, 0, SEEK_CUR) >= 0 || errno != EBADF)
            out.warnings.push_back(std::to_string(number));
    return out;
}

/// As a kernel or a container is that has no such call.
void forbid(int call) {
    const auto filter = seccomp_init(SCMP_ACT_ALLOW);
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), call, 0);
    seccomp_load(filter);
    seccomp_release(filter);
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

TEST_CASE("a child that asks for files is read pictures alone, and none that is hidden", "[sandbox]") {
    const Folder folder;
    const auto png = made_png();
    for (const char* name : {"p.png", "media/q.png", ".ssh/p.png", "harbour/private/p.png",
                             "harbour/site/private/p.png", "harbour/public/feed.pub", "id", "late.svg",
                             "static/.cache/p.png"}) {
        fs::create_directories((folder.path / name).parent_path());
        std::ofstream(folder.path / name, std::ios::binary)
            << (std::string_view(name).ends_with(".png") ? png : "a secret");
    }
    fs::create_symlink("harbour/private", folder.path / "link");
    Sandbox sandbox(beg);
    ImportOptions options;
    options.folder = folder.path;
    bool by_lookup = false;
    SECTION("from the folder of a source") {}
    SECTION("from the site's") {
        by_lookup = true;
        options.folder.clear();
        options.pictures = find_pictures(folder.path / "export.xml", fs::canonical(folder.path), {});
    }
    const auto out = sandbox.import_bytes(
        "p.png\nmedia/q.png\nharbour/site/private/p.png\n.ssh/p.png\n%2Essh/p.png\n"
        "media/../.ssh/p.png\nharbour/private/p.png\nlink/p.png\nid\nharbour/public/feed.pub\n"
        "/.cache/p.png\nlate.svg\n",
        "export.xml", options);
    REQUIRE(out);
    REQUIRE(out->warnings.size() == 12);
    for (std::size_t i = 0; i < out->warnings.size(); ++i) {
        INFO(out->warnings[i] << (by_lookup ? ", by lookup" : ""));
        CHECK(out->warnings[i].ends_with(fmt::format(" {}", i < 3 ? png.size() : 0)));
    }
}

TEST_CASE("waiting for a picture is no work of the child, and each picture gives it time anew",
          "[sandbox]") {
    SandboxLimits limits{.time = 200ms};
    ImportOptions options;
    options.pictures = [png = made_png()](const std::string&, const std::string&) {
        ::poll(nullptr, 0, 700);
        return std::optional(png);
    };
    SECTION("while the network is slow") {
        Sandbox sandbox(gallery, limits);
        const auto out = sandbox.import_bytes("x", "slow", options);
        INFO((out ? "" : out.error().message));
        CHECK(out);
    }
    SECTION("while it unpacks many") {
        Sandbox sandbox(gallery, limits);
        const auto out = sandbox.import_bytes("x", "busy", options);
        INFO((out ? "" : out.error().message));
        CHECK(out);
    }
    SECTION("up to a number of them") {
        limits.pictures = 2;
        Sandbox sandbox(gallery, limits);
        const auto out = sandbox.import_bytes("x", "busy", options);
        REQUIRE_FALSE(out);
        CHECK(out.error().message == "busy: took over 0.2 s of work, left out");
    }
}

TEST_CASE("a child that never falls silent is ended all the same", "[sandbox]") {
    ImportOptions options;
    options.pictures = [](const std::string&, const std::string&) -> std::optional<std::string> {
        return std::nullopt;
    };
    const auto begin = std::chrono::steady_clock::now();
    Sandbox by_time(chatter, {.time = 200ms, .messages = 1'000'000'000});
    CHECK(by_time.import_bytes("x", "x", options).error().message.find("took over 0.2 s") !=
          std::string::npos);
    Sandbox by_number(chatter, {.messages = 100});
    CHECK(by_number.import_bytes("x", "x", options).error().message ==
          "x: broke the rules of the sandbox");
    CHECK(std::chrono::steady_clock::now() - begin < 20s);
}

TEST_CASE("the child is believed in nothing that parsers do not say", "[sandbox]") {
    Sandbox sandbox(lie);
    CHECK(sandbox.import_bytes("x", "truth", {}));
    CHECK(sandbox.import_bytes("x", "shown", {}));
    for (const char* name : {"retracted", "note", "drawn", "raw"}) {
        INFO(name);
        const auto out = sandbox.import_bytes("x", name, {});
        REQUIRE_FALSE(out);
        CHECK(out.error().code == Errc::corrupt);
    }
}

TEST_CASE("the child has no file of its parent's, whatever the kernel can close", "[sandbox]") {
    const Folder folder;
    const auto check = [&](bool old_kernel) {
        const pid_t process = ::fork();
        REQUIRE(process >= 0);
        if (process == 0) {
            const auto lock = (folder.path / "lock").string();
            for (int i = 0; i < 20; ++i) (void)::open(lock.c_str(), O_RDWR | O_CREAT, 0600);
            if (old_kernel) forbid(SCMP_SYS(close_range));
            Sandbox sandbox(count_files);
            const auto out = sandbox.import_bytes("x", "x", {});
            // Standard input, output and error, the socket, and the source.
            ::_exit(out && out->warnings == std::vector<std::string>{"0", "1", "2", "3", "4"} ? 0 : 1);
        }
        int status = 0;
        REQUIRE(::waitpid(process, &status, 0) == process);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    };
    CHECK(check(false));
    CHECK(check(true));
}
