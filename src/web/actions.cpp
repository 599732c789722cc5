#include "web/actions.h"

#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"

namespace colport::web {
namespace {

std::string field(const Context& context, const char* name) {
    const auto found = context.request.form.find(name);
    return found == context.request.form.end() ? "" : typed_text(found->second);
}

/// Where to go then. Only ever a page of ours.
std::string way_back(const Context& context, const std::string& otherwise) {
    const auto back = field(context, "back");
    const bool ours = back.starts_with('/') && !back.starts_with("//") &&
                      back.find_first_of("\\\r\n\t") == back.npos;
    return ours ? back : otherwise;
}

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

using Address = Result<std::string>;

Address star(const Context& context) {
    const auto [feed, article] = COLPORT_TRY(named_article(context));
    auto* reading = COLPORT_TRY(context.reading.make());
    COLPORT_TRY(reading->mark_starred(feed, article, context.now));
    return way_back(context, "/starred");
}

Address unstar(const Context& context) {
    const auto [feed, article] = COLPORT_TRY(named_article(context));
    if (auto* reading = context.reading.if_there())
        COLPORT_TRY(reading->mark_starred(feed, article, std::nullopt));
    return way_back(context, "/starred");
}

Address mark_read(const Context& context) {
    const auto [feed, article] = COLPORT_TRY(named_article(context));
    if (!context.settings.keeps_history())
        return Error{Errc::denied, "the history is turned off", "turn it on in the settings"};
    auto* reading = COLPORT_TRY(context.reading.make());
    COLPORT_TRY(reading->mark_opened(feed, article, context.now));
    return way_back(context, "/");
}

Address mark_unread(const Context& context) {
    const auto [feed, article] = COLPORT_TRY(named_article(context));
    if (auto* reading = context.reading.if_there())
        COLPORT_TRY(reading->mark_opened(feed, article, std::nullopt));
    return way_back(context, "/");
}

Address clear_history(const Context& context) {
    if (auto* reading = context.reading.if_there()) COLPORT_TRY(reading->clear_history());
    return std::string("/history");
}

Address change_settings(const Context& context) {
    auto* reading = COLPORT_TRY(context.reading.make());
    auto wanted = context.request.form;
    // A box that is not ticked is not sent.
    wanted.try_emplace("history", "off");
    const auto settings = settings_from(wanted);
    COLPORT_TRY(reading->set(to_map(settings)));
    if (!settings.keeps_history()) COLPORT_TRY(reading->clear_history());
    return std::string("/settings?saved=1");
}

Address save_search(const Context& context) {
    auto* reading = COLPORT_TRY(context.reading.make());
    const auto query = field(context, "query");
    if (query.find_first_not_of(' ') == query.npos)
        return Error{Errc::invalid, "there is no search to keep"};
    COLPORT_TRY(reading->save_search(query, context.now));
    return "/search?q=" + escape_query(query);
}

Address forget_search(const Context& context) {
    if (auto* reading = context.reading.if_there())
        COLPORT_TRY(reading->forget_search(field(context, "query")));
    return std::string("/search");
}

Address fetch_pictures(const Context& context) {
    const auto [feed, article] = COLPORT_TRY(named_article(context));
    const auto stored = COLPORT_TRY(stored_article(context, article.hex(), feed));
    if (context.peer == nullptr)
        return Error{Errc::network, "no daemon is running", "start it with `colportd`"};
    context.peer->want_pictures(stored.feed, stored.volume, stored.bundle, true);
    return way_back(context, "/");
}

Address leave(const Context& context) {
    // Whatever comes of it, she leaves.
    if (context.settings.panic == "forget")
        if (auto* reading = context.reading.if_there())
            static_cast<void>(reading->forget_everything().ok());
    return std::string(harmless_address);
}

constexpr std::pair<std::string_view, Address (*)(const Context&)> all[] = {
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
    if (!request.sent_from.empty() && request.sent_from != "http://" + request.host) return false;
    const auto sent = request.form.find("token");
    return sent != request.form.end() && !token.empty() && same(sent->second, token);
}

Response act(const Context& context) {
    const auto name = std::string_view(context.request.path).substr(action_root.size());
    for (const auto& [known, action] : all) {
        if (name != known) continue;
        const auto address = action(context);
        if (!address) return error_page(context, address.error());
        return {303, "", "", {{"Location", *address}}};
    }
    return no_such_page(context);
}

}  // namespace colport::web
