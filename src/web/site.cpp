#include <fmt/format.h>

#include "core/crypto.h"
#include "web/api.h"
#include "web/assets.h"
#include "web/host.h"
#include "web/language.h"
#include "web/metrics.h"
#include "web/pages.h"
#include "web/reply.h"
#include "web/web.h"
#include "web/words.h"

namespace colport::web {
namespace {

// For whoever came by a wrong name, in whatever language.
constexpr const char* wrong_host =
    "This address is not how the reading page is reached. Type the address that the daemon "
    "printed, for example http://127.0.0.1:8080/\n";

Response asset(const Request& request, const std::string& name, const char* type) {
    const auto* found = find_asset(name);
    if (found == nullptr) return no_such_page();
    const auto tag = "\"" + sha256(found->content).hex() + "\"";
    const std::map<std::string, std::string> headers{
        {"ETag", tag}, {"Cache-Control", "private, max-age=31536000, immutable"}};
    if (request.if_none_match == tag) return {304, "", "", headers};
    return {200, type, std::string(found->content), headers};
}

bool is_api(const Request& request) { return request.path.starts_with(api_root); }

const Language& language_of(const Request& request) {
    if (&spoken() == &test_language) return test_language;
    if (request.origin == Origin::control) return languages().front();
    return language_wanted(request.accept_language);
}

/// Nothing when the request may be answered.
std::optional<Response> refusal(const Request& request) {
    if (request.origin == Origin::control) return std::nullopt;
    if (!is_our_host(request)) return text_reply(421, wrong_host);
    if (is_foreign_request(request)) return text_reply(403, std::string("this page is not for other sites\n"));
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (reads || request.path == "/api/v1/follow" || request.path == "/api/v1/unfollow")
        return std::nullopt;
    auto out = is_api(request)
                   ? json_error(405, "method", "this address takes GET", "")
                   : error_page(405, words::error_405, {Errc::denied, "this address takes GET"});
    out.headers["Allow"] = "GET, HEAD";
    return out;
}

/// What needs no archive.
std::optional<Response> fixed_answer(const Request& request) {
    if (auto refused = refusal(request)) return refused;
    if (!is_text(request.path)) return error_page({Errc::invalid, "the address is not UTF-8"});
    if (request.path == "/style.css") return asset(request, "style.css", "text/css; charset=utf-8");
    if (request.path == "/icon.svg" || request.path == "/favicon.ico")
        return asset(request, "icon.svg", "image/svg+xml");
    return std::nullopt;
}

Response page(const Context& context) {
    const auto& path = context.request.path;
    if (path == "/") return front_page(context);
    if (path == "/search") return search_page(context);
    if (path == "/feeds") return feeds_page(context);
    constexpr std::string_view article_root = "/article/", picture_root = "/picture/";
    if (path.starts_with(article_root))
        return article_page(context, path.substr(article_root.size()));
    if (path.starts_with(picture_root)) return picture(context, path.substr(picture_root.size()));
    return no_such_page();
}

}  // namespace

struct Site::State {
    std::filesystem::path archive;
    Peer* peer;
    Clock clock;
    std::optional<ArchiveReader> reader;

    /// Opens the archive when there is one by now.
    Status open_reader() {
        if (reader) return done();
        auto opened = ArchiveReader::open(archive);
        if (opened) reader = std::move(opened).value();
        else if (opened.error().code != Errc::not_found) return std::move(opened).error();
        return done();
    }

    Response answer(const Request& request) {
        const Speaking speaking(language_of(request));
        if (auto fixed = fixed_answer(request)) return std::move(*fixed);
        // These answer whatever becomes of the archive.
        if (request.path == "/metrics") return metrics({request, nullptr, peer, clock()});
        if (request.path == "/healthz") return healthz({request, nullptr, peer, clock()});
        const auto opened = open_reader();
        const Context context{request, reader ? &*reader : nullptr, peer, clock()};
        if (!opened)
            return is_api(request) ? json_error(opened.error()) : error_page(opened.error());
        return is_api(request) ? api(context) : page(context);
    }
};

Site::Site(std::filesystem::path archive, Peer* peer, Clock clock)
    : state_(new State{std::move(archive), peer, std::move(clock), std::nullopt}) {}

Site::~Site() = default;

Response Site::render(const Request& request) {
    auto out = state_->answer(request);
    add_security_headers(out);
    return out;
}

}  // namespace colport::web
