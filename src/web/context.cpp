#include "web/context.h"

#include <fmt/format.h>

#include "feed/head.h"
#include "peer/purge.h"
#include "web/upload.h"

namespace colport::web {
namespace {

constexpr std::size_t shortest_prefix = 4;

FeedView view_of(FeedSummary summary, std::int64_t now) {
    FeedView out;
    out.state = state_of(summary.head, summary.fetching, summary.forked, now);
    if (!summary.head.empty()) {
        if (const auto head = read_trusted_head(summary.head)) {
            out.seq = head->seq();
            out.released = head->message.time();
        }
    }
    out.summary = std::move(summary);
    return out;
}

void add_live(std::vector<FeedView>& views, FeedStatus status) {
    const auto known = std::find_if(views.begin(), views.end(), [&](const FeedView& view) {
        return view.summary.feed == status.feed;
    });
    if (known == views.end()) {
        FeedView fresh;
        fresh.summary.feed = status.feed;
        fresh.summary.name = status.name;
        views.push_back(std::move(fresh));
    }
    auto& view = known == views.end() ? views.back() : *known;
    view.state = status.state;
    view.live = std::move(status);
}

bool is_prefix(const std::string& typed, const PublicKey& feed) {
    return typed.size() >= shortest_prefix && feed.hex().starts_with(typed);
}

}  // namespace

Result<std::vector<FeedView>> feed_views(const Context& context) {
    std::vector<FeedView> out;
    if (context.archive != nullptr)
        for (auto& summary : COLPORT_TRY(context.archive->feeds()))
            out.push_back(view_of(std::move(summary), context.now));
    if (context.peer != nullptr)
        for (auto& status : context.peer->status().feeds) add_live(out, std::move(status));
    return out;
}

Result<PublicKey> find_feed(const Context& context, const std::string& typed) {
    if (const auto whole = PublicKey::from_hex_text(typed)) return *whole;
    const auto views = COLPORT_TRY(feed_views(context));
    std::vector<PublicKey> named, begun;
    for (const auto& view : views) {
        if (view.summary.name == typed) named.push_back(view.summary.feed);
        if (is_prefix(typed, view.summary.feed)) begun.push_back(view.summary.feed);
    }
    const auto& found = named.empty() ? begun : named;
    if (found.size() == 1) return found.front();
    if (found.empty())
        return Error{Errc::not_found, fmt::format("no feed is called \"{}\"", typed),
                     "`colport feeds` lists names and keys"};
    return Error{Errc::invalid, fmt::format("more than one feed is called \"{}\"", typed),
                 "give more digits of its key; `colport feeds` lists them"};
}

Result<Page> search(const Context& context, const Query& query) {
    if (context.archive == nullptr) return Page{};
    return context.archive->search(query);
}

Result<StoredArticle> stored_article(const Context& context, const std::string& id_prefix,
                                     const std::optional<PublicKey>& feed) {
    if (context.archive == nullptr) return Error{Errc::not_found, "this article is not in the archive"};
    return context.archive->article(id_prefix, feed);
}

std::vector<std::string> saved_searches(const Context& context) {
    auto* reading = context.reading.if_there();
    if (reading == nullptr) return {};
    auto found = reading->searches();
    return found ? std::move(found).value() : std::vector<std::string>{};
}

IndexStatus index_progress(const Context& context) {
    return context.peer == nullptr ? IndexStatus{} : context.peer->status().index;
}

bool has_pictures(const pb::Article& article) {
    const auto shows = [](const pb::Figure& figure) { return !figure.picture().empty(); };
    return (article.has_lead() && shows(article.lead())) ||
           std::any_of(article.blocks().begin(), article.blocks().end(), [&](const auto& block) {
               return block.has_figure() && shows(block.figure());
           });
}

Status erase_all_of(const Context& context, const PublicKey& feed) {
    COLPORT_TRY(context.reading.forget_feed(feed));
    forget_uploads_of(feed, context.data);
    COLPORT_TRY(context.peer->erase(feed));
    COLPORT_TRY(erase_feed({context.data}, feed));
    // It may have been opened meanwhile.
    return context.reading.forget_feed(feed);
}

void opened(const Context& context, const StoredArticle& article) {
    // Another site led here: what it knows of is not to show in the swarm, or on the disk.
    const auto& site = context.request.fetch_site;
    if (site == "cross-site" || site == "same-site") return;
    const auto id = ArticleId::from(article.article.id());
    if (id && context.request.origin == Origin::page && context.request.method == "GET")
        // A full disk must not keep her from reading.
        static_cast<void>(
            context.reading.mark_opened(context.settings, article.feed, *id, context.now).ok());
    if (context.peer != nullptr && has_pictures(article.article))
        context.peer->want_pictures(article.feed, article.volume, article.bundle);
}

}  // namespace colport::web
