#include "cli/reader/reader_commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/places.h"
#include "cli/reader/backend.h"
#include "cli/reader/choose_feed.h"
#include "cli/reader/network_commands.h"
#include "cli/reader/purge_command.h"
#include "cli/reader/show.h"
#include "cli/reader/verify_command.h"
#include "cli/terminal.h"
#include "feed/files.h"
#include "feed/fingerprint.h"
#include "feed/lock_file.h"
#include "peer/follow_lists.h"
#include "peer/peer.h"

namespace colport::cli {
namespace {

using nlohmann::json;

struct Options {
    std::string data = default_data_directory();
    std::string what;
    std::string list;
    std::vector<std::string> words;
    std::string feed, language, since, until, before;
    std::string sort = "rank";
    unsigned limit = 20, offset = 0;
    std::string format = "text";
    bool as_json = false;
};

/// Articles come from outside: a terminal gets them tamed, a pipe gets every byte.
void print_raw(const std::string& text) {
    fmt::print("{}", ::isatty(1) != 0 ? printable(text) : text);
}

/// Prints the API's own JSON, or what `show` makes of it.
template <class Show>
Status print(Result<std::string> answer, bool as_json, Show show) {
    const auto body = COLPORT_TRY(std::move(answer));
    if (as_json) print_raw(body + "\n");
    else show(json::parse(body));
    return done();
}

/// Without a daemon the archive remembers the wish, and the next daemon acts on it.
Result<std::string> change_archive(const Options& options, bool follow) {
    const DataDirectory data{options.data};
    if (!follow && !std::filesystem::exists(data.archive()))
        return Error{Errc::not_found, "no such feed is followed", "list them: colport feeds"};
    std::optional<FeedRecord> record;
    if (follow) record = COLPORT_TRY(record_to_follow(options.what, data.root, now()));
    COLPORT_TRY(make_directory(data.root, 0700));
    const auto lock = COLPORT_TRY(LockFile::take(
        data.lock(), fmt::format("another colportd is using {}", data.root.string()),
        "stop it first, or choose another folder with --data"));
    auto archive = COLPORT_TRY(Archive::open(data.archive()));
    const auto known = COLPORT_TRY(archive.feeds());
    if (follow) {
        bool have = std::any_of(known.begin(), known.end(), [&](const FeedRecord& feed) {
            return feed.feed == record->feed;
        });
        // A daemon that stopped while it removed the feed would go on with that.
        if (have && !COLPORT_TRY(archive.recall(leaving_memory(record->feed))).empty()) {
            COLPORT_TRY(archive.remove_feed(record->feed));
            have = false;
        }
        if (!have) COLPORT_TRY(archive.save_feed(*record));
        return json_text({{"feed", record->feed.hex()}});
    }
    const auto feed = COLPORT_TRY(choose_feed(known, options.what));
    COLPORT_TRY(archive.remove_feed(feed));
    return json_text({{"feed", feed.hex()}});
}

/// Of a list; the daemon keeps in step with it.
Status change_list(const Options& options, const char* command) {
    Backend backend(options.data);
    if (!backend.daemon_runs())
        return Error{Errc::network, "no daemon runs to keep in step with a list",
                     "colportd --follow-list " + options.list};
    const auto source = is_web_address(options.list)
                            ? options.list
                            : std::filesystem::absolute(options.list).string();
    if (!is_text(source)) return Error{Errc::invalid, "the path is not UTF-8: " + source};
    return print(backend.post(command, json_text({{"list", source}})), options.as_json,
                 [](const json& reply) { fmt::print("{}\n", one_line(reply.value("list", ""))); });
}

Status run_follow(const Options& options) {
    if (options.list.empty() == options.what.empty())
        throw CLI::RequiredError("either FEED or --list");
    if (!options.list.empty()) return change_list(options, "/api/v1/follow");
    Backend backend(options.data);
    auto what = options.what;
    std::error_code error;
    if (std::filesystem::exists(what, error)) what = std::filesystem::absolute(what).string();
    if (backend.daemon_runs() && !is_text(what))
        return Error{Errc::invalid, "the daemon takes only paths that are UTF-8: " + what,
                     "rename the directory, or stop colportd first"};
    auto answer = backend.daemon_runs()
                      ? backend.post("/api/v1/follow", json_text({{"link", what}}))
                      : change_archive(options, true);
    return print(std::move(answer), options.as_json, [&](const json& reply) {
        const auto feed = reply.value("feed", "");
        fmt::print("following {}\n", one_line(feed));
        if (const auto key = PublicKey::from_hex_text(feed))
            fmt::print("words     {}\n", fingerprint_words(*key));
        if (!backend.daemon_runs())
            say("no daemon runs: start colportd to fetch its articles\n");
    });
}

Status run_unfollow(const Options& options) {
    if (options.list.empty() == options.what.empty())
        throw CLI::RequiredError("either FEED or --list");
    if (!options.list.empty()) return change_list(options, "/api/v1/unfollow");
    Backend backend(options.data);
    auto answer = backend.daemon_runs()
                      ? backend.post("/api/v1/unfollow", json_text({{"feed", options.what}}))
                      : change_archive(options, false);
    return print(std::move(answer), options.as_json, [](const json& reply) {
        fmt::print("no longer following {}\n", reply.value("feed", ""));
    });
}

Backend::Query list_query(const Options& options) {
    Backend::Query out{{"limit", std::to_string(options.limit)},
                       {"offset", std::to_string(options.offset)}};
    if (!options.feed.empty()) out["feed"] = options.feed;
    if (!options.language.empty()) out["language"] = options.language;
    if (!options.since.empty()) out["since"] = options.since;
    if (!options.until.empty()) out["until"] = options.until;
    return out;
}

Status run_search(const Options& options) {
    auto query = list_query(options);
    for (const auto& word : options.words) query["q"] += (query["q"].empty() ? "" : " ") + word;
    query["sort"] = options.sort;
    if (!options.before.empty()) query["before"] = options.before;
    return print(Backend(options.data).get("/api/v1/search", query), options.as_json, show_hits);
}

Status run_latest(const Options& options) {
    return print(Backend(options.data).get("/api/v1/latest", list_query(options)), options.as_json,
                 show_hits);
}

Status run_feeds(const Options& options) {
    return print(Backend(options.data).get("/api/v1/feeds"), options.as_json, show_feeds);
}

/// 4 to 32 hex digits, in the case that the archive writes.
Result<std::string> article_id_of(const std::string& typed) {
    std::string out;
    for (const char c : typed)
        out += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    if (out.size() < 4 || out.size() > 32 ||
        out.find_first_not_of("0123456789abcdef") != out.npos)
        return Error{Errc::invalid, "not an article id: " + typed,
                     "ids are 4 to 32 hex digits; colport latest lists them"};
    return out;
}

Status run_read(const Options& options) {
    const bool as_json = options.as_json || options.format == "json";
    const auto id = COLPORT_TRY(article_id_of(options.what));
    auto answer = Backend(options.data)
                      .get("/api/v1/articles/" + id,
                           {{"format", as_json || options.format == "text" ? "json"
                                                                            : options.format}});
    if (!as_json && options.format == "epub") {
        if (::isatty(1) != 0)
            return Error{Errc::invalid, "a book is nothing for a terminal",
                         "colport read ID --format epub > article.epub"};
        const auto book = COLPORT_TRY(std::move(answer));
        if (std::fwrite(book.data(), 1, book.size(), stdout) != book.size())
            return Error{Errc::io, "cannot write the book"};
        return done();
    }
    if (!as_json && options.format != "text") {
        print_raw(COLPORT_TRY(std::move(answer)));
        return done();
    }
    return print(std::move(answer), as_json, show_article);
}

Status star_or_not(const Options& options, const char* path, const char* done_words) {
    const auto id = COLPORT_TRY(article_id_of(options.what));
    return print(Backend(options.data).post(path, json_text({{"article", id}})), options.as_json,
                 [&](const json& reply) {
                     fmt::print("{} {}\n", done_words, reply.value("article", ""));
                 });
}

Status run_star(const Options& options) {
    return star_or_not(options, "/api/v1/star", "starred");
}

Status run_unstar(const Options& options) {
    return star_or_not(options, "/api/v1/unstar", "no longer starred:");
}

/// In a browser where there is a screen, and in words either way.
Status run_open(const Options& options) {
    const DataDirectory data{options.data};
    constexpr std::size_t longest_address = 1024;
    auto address = read_file(data.page(), longest_address);
    if (!Backend(options.data).daemon_runs() || !address)
        return Error{Errc::network, "no daemon is running", "start it with `colportd`"};
    address->resize(std::min(address->find('\n'), address->size()));
    if (options.as_json) print_raw(json_text({{"address", *address}}) + "\n");
    else fmt::print("{}\n", *address);
    std::fflush(stdout);
    const bool screen = std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
    if (screen && !options.as_json && address->starts_with("http://") && ::isatty(1) != 0) {
        ::execlp("xdg-open", "xdg-open", address->c_str(), nullptr);
        say("no xdg-open here: type the address into a browser\n");
    }
    return done();
}

constexpr const char* search_help =
    "What can be typed:\n"
    "  river ferry                both words, anywhere in an article\n"
    "  \"river ferry\"              these words in a row; any quotation marks will do\n"
    "  ferry OR boat              one of them at least; ferry | boat is the same\n"
    "  -winter -\"ice age\"         not with this word, nor with this phrase\n"
    "  publi*                     words that begin so, from three letters on\n"
    "  title:ferry                in the title; author: and tag: likewise\n"
    "  author:\"Jane Doe\"          all of it in one place\n"
    "  feed:gazette lang:fa       from one feed, in one language\n"
    "  since:2026-03 until:2026-03-15\n"
    "                             from a day to the end of a day, month or year\n"
    "  since:7d                   in the last days; 2w, 3m and 1y are weeks, months, years\n"
    "All of it can be put together, and anything else is a word to look for.\n"
    "Single quotes keep it from the shell. Put -- before words that begin with a dash.\n"
    "  colport search '\"river ferry\" OR boat title:timetable since:2026'\n"
    "  colport search -- '-winter ferry'\n"
    "A search that would take too long is cut short, and says on stderr how it goes on:\n"
    "  colport search --before 81205 '\"to be or not\"'\n"
    "For scripts, --json has total, total_is_exact (false: at least so many), partial,\n"
    "next (for --before, or null), did_you_mean and hits:\n"
    "  colport search --sort date --limit 100 --json ferry | jq -r '.hits[].title'";

void add_filters(CLI::App* command, Options& options) {
    command->add_option("--feed", options.feed, "name or key of one feed");
    command->add_option("--language,--lang", options.language, "language of the articles, such as fa");
    command->add_option("--since", options.since, "first day, as 2026-03-14");
    command->add_option("--until", options.until, "last day");
    command->add_option("--limit", options.limit, "at most this many")->check(CLI::Range(1, 100))
        ->capture_default_str();
    command->add_option("--offset", options.offset, "leave out so many, to see those after them")
        ->capture_default_str();
}

}  // namespace

void declare_reader_commands(CLI::App& app, int& exit_code) {
    static Options options;
    app.add_option("--data", options.data, "data directory")->envname("COLPORT_DATA")
        ->capture_default_str();
    const auto add = [&](const char* name, const char* help, Status (*action)(const Options&)) {
        return add_reader_command(app, name, help, options, action, exit_code);
    };
    auto* follow = add("follow", "follow a feed by its link or directory", run_follow);
    follow->add_option("FEED", options.what, "subscription link or feed directory");
    follow->add_option("--list", options.list, "links, one a line, to keep in step with")
        ->option_text("FILE|URL");
    auto* unfollow = add("unfollow", "forget a feed; its files stay", run_unfollow);
    unfollow->add_option("FEED", options.what, "name or key of the feed");
    unfollow->add_option("--list", options.list, "forget a list; its feeds stay")
        ->option_text("FILE|URL");
    add("feeds", "list the feeds that are followed", run_feeds);
    add_filters(add("latest", "list the newest articles", run_latest), options);
    auto* search = add("search", "find articles", run_search);
    search->add_option("WORDS", options.words,
                       "all must occur; below is what else can be typed")->required();
    search->add_option("--sort", options.sort, "rank or date")
        ->check(CLI::IsMember({"rank", "date"}))->capture_default_str();
    search->add_option("--before", options.before,
                       "go on into older articles, from where a search was cut short")
        ->check(CLI::NonNegativeNumber);
    add_filters(search, options);
    search->footer(search_help);
    auto* read = add("read", "print an article", run_read);
    read->add_option("ID", options.what, "its id, or the beginning of it")->required();
    read->add_option("--format", options.format, "text, html, markdown, epub or json")
        ->check(CLI::IsMember({"text", "html", "markdown", "epub", "json"}))
        ->capture_default_str();
    read->footer("Example: colport read 3f9c --format epub > article.epub");
    add("open", "open the reading page in a browser, or say where it is", run_open);
    add("star", "keep an article among the starred", run_star)
        ->add_option("ID", options.what, "its id, or the beginning of it")->required();
    add("unstar", "take the star away", run_unstar)
        ->add_option("ID", options.what, "its id, or the beginning of it")->required();
    declare_network_commands(app, options.data, exit_code);
    declare_verify_command(app, options.data, exit_code);
    declare_purge_command(app, options.data, exit_code);
}

}  // namespace colport::cli
