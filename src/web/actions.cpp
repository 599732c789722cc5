#include "web/actions.h"

#include "web/form.h"
#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"

namespace colport::web {
namespace {

struct Named {
    PublicKey feed;
    ArticleId article;
};

Result<Named> named_article(const Context& context) {
    const auto feed = PublicKey::from_hex_text(field(context, "feed"));
    const auto article = ArticleId::from_hex_text(field(context, "article"));
    if (!feed || !article) return Error{Errc::invalid, "the form names no article"};
    return Named{*feed, *article};
}

Result<Response> star(const Context& context) {
    const auto [feed, article] = COLPORT_TRY(named_article(context));
    auto* reading = COLPORT_TRY(context.reading.make());
    COLPORT_TRY(reading->mark_starred(feed, article, context.now));
    return see(way_back(context, "/starred"));
}

Result<Response> unstar(const Context& context) {
    const auto [feed, article] = COLPORT_TRY(named_article(context));
    if (auto* reading = context.reading.if_there())
        COLPORT_TRY(reading->mark_starred(feed, article, std::nullopt));
    return see(way_back(context, "/starred"));
}

Result<Response> mark_read(const Context& context) {
    const auto [feed, article] = COLPORT_TRY(named_article(context));
    if (!context.settings.keeps_history())
        return Error{Errc::denied, "the history is turned off", "turn it on in the settings"};
    COLPORT_TRY(context.reading.mark_opened(context.settings, feed, article, context.now));
    return see(way_back(context, "/"));
}

Result<Response> mark_unread(const Context& context) {
    const auto [feed, article] = COLPORT_TRY(named_article(context));
    COLPORT_TRY(context.reading.mark_unread(feed, article));
    return see(way_back(context, "/"));
}

Result<Response> clear_history(const Context& context) {
    COLPORT_TRY(context.reading.clear_history());
    return see("/history");
}

Result<Response> change_settings(const Context& context) {
    auto* reading = COLPORT_TRY(context.reading.make());
    const auto settings = settings_from(context.request.form);
    COLPORT_TRY(reading->set(to_map(settings)));
    // What she does not want to be kept goes now, and not only from here on.
    if (!settings.keeps_history()) COLPORT_TRY(context.reading.clear_history());
    else if (settings.history != "on") COLPORT_TRY(reading->clear_history());
    return see("/settings?saved=1");
}

Result<Response> save_search(const Context& context) {
    auto* reading = COLPORT_TRY(context.reading.make());
    const auto query = field(context, "query");
    if (query.find_first_not_of(' ') == query.npos)
        return Error{Errc::invalid, "there is no search to keep"};
    COLPORT_TRY(reading->save_search(query, context.now));
    return see("/search?q=" + escape_query(query));
}

Result<Response> forget_search(const Context& context) {
    if (auto* reading = context.reading.if_there())
        COLPORT_TRY(reading->forget_search(field(context, "query")));
    return see("/search");
}

Result<Response> fetch_pictures(const Context& context) {
    const auto [feed, article] = COLPORT_TRY(named_article(context));
    const auto stored = COLPORT_TRY(stored_article(context, article.hex(), feed));
    if (context.peer == nullptr) return no_daemon();
    context.peer->want_pictures(stored.feed, stored.volume, stored.bundle, true);
    return see(way_back(context, "/"));
}

Result<Response> leave(const Context& context) {
    // Whatever comes of it, she leaves.
    const auto& panic = context.settings.panic;
    if (panic == "purge" && context.desk.purge) {
        // Whoever comes back before the erasing has begun sees nothing either.
        context.desk.closed = true;
        context.desk.purge();
    }
    if (panic == "purge" || panic == "forget")
        static_cast<void>(context.reading.forget_everything().ok());
    auto out = see(harmless_address);
    // A navigation would wait until the browser has done it.
    if (context.request.fetch_mode != "navigate")
        out.headers["Clear-Site-Data"] = "\"cache\"";
    return out;
}

constexpr std::pair<std::string_view, Action> all[] = {
    {"star", star},
    {"unstar", unstar},
    {"read", mark_read},
    {"unread", mark_unread},
    {"clear-history", clear_history},
    {"settings", change_settings},
    {"save-search", save_search},
    {"forget-search", forget_search},
    {"pictures", fetch_pictures},
    {"leave", leave},
    {"look-at", action::look_at},
    {"follow", action::follow},
    {"take-in", action::take_in},
    {"unfollow", action::unfollow},
    {"mode", action::change_mode},
    {"pause", action::pause},
    {"resume", action::resume},
    {"look", action::look},
    {"carry", action::carry},
};

/// In a time that says nothing of where they differ.
bool same(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    unsigned char different = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        different |= static_cast<unsigned char>(a[i] ^ b[i]);
    return different == 0;
}

}  // namespace

bool is_our_form(const Request& request, const std::string& token) {
    const auto& site = request.fetch_site;
    if (!site.empty() && site != "same-origin") return false;
    // A page that sends no referrer sends no origin with a form either.
    const auto& from = request.sent_from;
    if (!from.empty() && from != "null" && from != "http://" + request.host) return false;
    const auto sent = request.form.find("token");
    return sent != request.form.end() && !token.empty() && same(sent->second, token);
}

Response act(const Context& context) {
    const auto name = std::string_view(context.request.path).substr(action_root.size());
    for (const auto& [known, action] : all) {
        if (name != known) continue;
        auto answer = action(context);
        return answer ? std::move(answer).value() : error_page(context, answer.error());
    }
    return no_such_page(context);
}

}  // namespace colport::web
