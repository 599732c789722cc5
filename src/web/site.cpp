#include <fmt/format.h>

#include <tuple>

#include "core/bytes.h"
#include "core/crypto.h"
#include "web/actions.h"
#include "web/api.h"
#include "web/books.h"
#include "web/assets.h"
#include "web/host.h"
#include "web/language.h"
#include "web/metrics.h"
#include "web/pages.h"
#include "web/range.h"
#include "web/reply.h"
#include "web/upload.h"
#include "web/web.h"
#include "web/words.h"

namespace colport::web {
namespace {

// For whoever came by a wrong name, in whatever language.
constexpr const char* wrong_host =
    "This address is not how the reading page is reached. Type the address that the daemon "
    "printed, for example http://127.0.0.1:8080/\n";

Response asset(const Context& context, const char* name, const char* type) {
    const auto* found = find_asset(name);
    if (found == nullptr) return no_such_page(context);
    const auto tag = "\"" + sha256(found->content).hex() + "\"";
    // An address that names the content can be kept; others are asked again.
    const bool named = context.request.query.contains("v");
    const std::map<std::string, std::string> headers{
        {"ETag", tag},
        {"Cache-Control", named ? "private, max-age=31536000, immutable" : "no-cache"}};
    if (names_tag(context.request.if_none_match, tag)) return {304, "", "", headers};
    return {200, type, std::string(found->content), headers};
}

bool is_api(const Request& request) { return request.path.starts_with(api_root); }
bool is_action(const Request& request) { return request.path.starts_with(action_root); }

const Language& language_of(const Request& request, const Settings& settings) {
    if (&spoken() == &test_language) return test_language;
    if (request.origin == Origin::control) return languages().front();
    const auto* chosen = language_named(settings.language);
    return chosen != nullptr ? *chosen : language_wanted(request.accept_language);
}

Response not_allowed(const Context& context, const char* methods) {
    auto out = is_api(context.request)
                   ? json_error(405, "method", fmt::format("this address takes {}", methods), "")
                   : error_page(context, 405, words::error_405,
                                {Errc::denied, fmt::format("this address takes {}", methods)});
    out.headers["Allow"] = methods;
    return out;
}

/// Nothing when the request may be answered.
std::optional<Response> refusal(const Context& context) {
    const auto& request = context.request;
    if (request.origin == Origin::control) return std::nullopt;
    if (!is_our_host(request)) return text_reply(421, wrong_host);
    if (is_foreign_request(request)) return text_reply(403, "this page is not for other sites\n");
    if (is_action(request)) {
        if (request.method != "POST") return not_allowed(context, "POST");
        if (is_our_form(request, context.desk.token)) return std::nullopt;
        return error_page(context, 403, words::old_form, {Errc::denied, ""});
    }
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (reads || request.path == "/api/v1/follow" || request.path == "/api/v1/unfollow")
        return std::nullopt;
    return not_allowed(context, "GET, HEAD");
}

/// What needs no archive.
std::optional<Response> fixed_answer(const Context& context) {
    constexpr std::tuple<std::string_view, const char*, const char*> assets[] = {
        {"/style.css", "style.css", "text/css; charset=utf-8"},
        {"/page.js", "page.js", "text/javascript; charset=utf-8"},
        {"/icon.svg", "icon.svg", "image/svg+xml"},
        {"/favicon.ico", "icon.svg", "image/svg+xml"},
        {"/plain.svg", "plain.svg", "image/svg+xml"},
        {"/api", "api.txt", "text/plain; charset=utf-8"},
    };
    if (auto refused = refusal(context)) return refused;
    const auto& path = context.request.path;
    if (!is_text(path)) return error_page(context, {Errc::invalid, "the address is not UTF-8"});
    for (const auto& [address, name, type] : assets)
        if (path == address) return asset(context, name, type);
    if (path == harmless_address) return harmless_page();
    return std::nullopt;
}

Response or_error(const Context& context, Result<Response> made) {
    return made ? std::move(made).value() : error_page(context, made.error());
}

std::string_view rest_of(const std::string& path, std::string_view root) {
    return std::string_view(path).substr(root.size());
}

Response page(const Context& context) {
    constexpr std::pair<std::string_view, Response (*)(const Context&)> pages[] = {
        {"/", front_page},           {"/search", search_page},     {"/feeds", feeds_page},
        {"/starred", starred_page},  {"/history", history_page},   {"/sections", sections_page},
        {"/tags", tags_page},        {"/authors", authors_page},
        {"/settings", settings_page}, {"/keys", keys_page},
        {"/follow", follow_page}};
    const auto& path = context.request.path;
    for (const auto& [address, make] : pages)
        if (path == address) return make(context);
    if (is_action(context.request)) return act(context);
    constexpr std::string_view article_root = "/article/", picture_root = "/picture/",
                               feed_root = "/feed/";
    if (path.starts_with(feed_root))
        return feed_page(context, rest_of(path, feed_root));
    if (path.starts_with(article_root))
        return article_page(context, path.substr(article_root.size()));
    constexpr std::string_view search_root = "/search/", book_root = "/epub/", opds = "/opds";
    if (path.starts_with(search_root))
        return or_error(context, search_syndication(context, rest_of(path, search_root)));
    if (path.starts_with(book_root))
        return or_error(context, book_of_days(context, rest_of(path, book_root)));
    if (path == opds || path.starts_with("/opds/"))
        return or_error(context, catalogue_page(context, rest_of(path, opds)));
    constexpr std::string_view fingerprint_root = "/fingerprint/";
    if (path.starts_with(fingerprint_root)) return fingerprint(context, rest_of(path, fingerprint_root));
    if (path.starts_with(picture_root)) return picture(context, path.substr(picture_root.size()));
    return no_such_page(context);
}

}  // namespace

struct Site::State {
    State(std::filesystem::path file, Peer* borrowed, Clock with_clock,
          std::shared_ptr<Desk> shared)
        : archive(std::move(file)), peer(borrowed), clock(std::move(with_clock)),
          desk(std::move(shared)), reading(reading_beside(archive), desk->openings) {}

    std::filesystem::path archive;
    Peer* peer;
    Clock clock;
    std::optional<ArchiveReader> reader;

    std::shared_ptr<Desk> desk;
    ReadingFile reading;

    /// Opens the archive when there is one by now.
    Status open_reader() {
        if (reader) return done();
        auto opened = ArchiveReader::open(archive);
        if (opened) reader = std::move(opened).value();
        else if (opened.error().code != Errc::not_found) return std::move(opened).error();
        return done();
    }

    /// What nobody came back to must not wait for the next start.
    void sweep(const Context& context) {
        constexpr std::int64_t often = 60;
        if (context.request.origin != Origin::page) return;
        const auto last = desk->swept_at.load();
        if (context.request.path != "/feeds" && context.now - last < often) return;
        desk->swept_at = context.now;
        sweep_uploads(context.data, peer);
    }

    Response answer(const Request& request) {
        if (desk->closed) {
            const Speaking speaking(language_of(request, {}));
            return harmless_page();
        }
        Context context{request, nullptr, peer, clock(), reading, reading.settings(), *desk,
                        archive.parent_path()};
        const Speaking speaking(language_of(request, context.settings));
        if (auto fixed = fixed_answer(context)) return std::move(*fixed);
        sweep(context);
        // These answer whatever becomes of the archive.
        if (request.path == "/metrics") return metrics(context);
        if (request.path == "/healthz") return healthz(context);
        const auto opened = open_reader();
        if (reader) context.archive = &*reader;
        if (!opened)
            return is_api(request) ? json_error(opened.error())
                                   : error_page(context, opened.error());
        return is_api(request) ? api(context) : page(context);
    }
};

std::string new_token() { return to_hex(random_bytes(16)); }

Site::Site(std::filesystem::path archive, Peer* peer, Clock clock, std::shared_ptr<Desk> desk)
    : state_(new State(std::move(archive), peer, std::move(clock),
                       desk ? std::move(desk) : std::make_shared<Desk>())) {}
Site::~Site() = default;

Response Site::render(const Request& request) {
    auto out = state_->answer(request);
    add_security_headers(out);
    return out;
}

}  // namespace colport::web
