#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "article/article.h"
#include "article/render.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"
#include "web/words.h"

namespace colport::web {
namespace {

std::string title_of(const pb::Article& article) {
    return article.title().empty() ? std::string(words::untitled) : article.title();
}

std::string authors_html(const pb::Article& article) {
    std::string out;
    for (const auto& author : article.authors()) {
        if (!out.empty()) out += ", ";
        out += bdi(author);
    }
    return out;
}

std::string byline_html(const StoredArticle& stored) {
    const auto& article = stored.article;
    const auto span = [](const std::string& html) {
        return html.empty() ? "" : "<span>" + html + "</span>";
    };
    std::string out = span(authors_html(article));
    out += span(fmt::format("<a href=\"/?feed={}\">{}</a>", stored.feed.hex(),
                            bdi(stored.feed_name)));
    if (!article.section().empty()) out += span(bdi(article.section()));
    out += span(time_html(article.published(), article.zone()));
    if (article.revision() == 1 && article.note().empty() && article.updated() != 0 &&
        article.updated() != article.published())
        out += span(fill(escape_html(words::updated_on), {time_html(article.updated(), article.zone())}));
    return "<p class=\"byline\">" + out + "</p>\n";
}

/// Corrections stand before the text: who reads no further has read them.
std::string correction_html(const pb::Article& article) {
    if (article.revision() == 1 && article.note().empty()) return "";
    const auto when = time_html(article.updated(), article.zone());
    const auto what = "<bdi>" + (when.empty() ? escape_html(words::corrected)
                                              : fill(escape_html(words::corrected_on), {when})) + "</bdi>";
    if (article.note().empty()) return "<p class=\"correction\">" + what + "</p>\n";
    return fmt::format("<p class=\"correction\">{}: {}</p>\n", what, bdi(article.note()));
}

std::string details_html(const StoredArticle& stored) {
    const auto& article = stored.article;
    std::string out = "<footer class=\"details\">\n";
    if (article.tags_size() != 0) {
        out += fmt::format("<p>{}: ", escape_html(words::tags));
        for (int i = 0; i < article.tags_size(); ++i)
            out += (i == 0 ? "" : ", ") + bdi(article.tags(i));
        out += "</p>\n";
    }
    // Text, not a link: a click would tell the network who reads.
    if (!article.url().empty())
        out += fmt::format("<p>{}: <span class=\"address\" dir=\"ltr\">{}</span></p>\n",
                           escape_html(words::source), escape_html(article.url()));
    const auto address = "/article/" + to_hex(article.id()) + "?format=";
    out += fmt::format("<p>{}: <a href=\"{}text\">{}</a>, <a href=\"{}markdown\">{}</a>, "
                       "<a href=\"{}json\">{}</a></p>\n",
                       escape_html(words::save_as), address, escape_html(words::form_text), address,
                       "Markdown", address, "JSON");
    return out + "</footer>\n";
}

std::string neighbour_html(const std::optional<Hit>& hit, Text direction, const char* rel) {
    if (!hit) return "<span></span>";
    return fmt::format(
        "<a rel=\"{}\" href=\"/article/{}\"><small>{}</small><span{}>{}</span></a>", rel,
        hit->id.hex(), escape_html(direction), language_attributes(hit->language),
        escape_html(hit->title.empty() ? words::untitled.view() : hit->title));
}

std::string neighbours_html(const Context& context, const StoredArticle& stored) {
    const auto id = ArticleId::from(stored.article.id());
    if (!id) return "";
    const auto found = context.archive->neighbours(stored.feed, *id);
    if (!found || (!found->newer && !found->older)) return "";
    return "<nav class=\"neighbours\">" +
           neighbour_html(found->newer, words::newer_article, "prev") +
           neighbour_html(found->older, words::older_article, "next") + "</nav>\n";
}

PictureUrl held_pictures(const Context& context) {
    return [&context](const pb::Figure& figure) -> std::string {
        const auto id = Sha256::from(figure.picture());
        if (!id) return "";
        const auto held = context.archive->has_picture(*id);
        if (!held || !*held) return "";
        return "/picture/" + id->hex();
    };
}

/// Any feed can give an article any id. The reader chooses whose she meant.
Response choice_page(const Context& context, const std::string& id, const Error& error) {
    std::string feeds;
    if (const auto views = feed_views(context))
        for (const auto& view : *views)
            if (stored_article(context, id, view.summary.feed))
                feeds += fmt::format("<li><a href=\"/article/{}?feed={}\">{}</a></li>\n",
                                     escape_html(id), view.summary.feed.hex(),
                                     bdi(view.summary.name));
    if (feeds.empty()) return error_page(error);
    const auto main = notice_html(words::which_feed, "") + "<ul>\n" + feeds + "</ul>\n";
    return html_reply(300, layout({std::string(words::which_feed), main, "", ""}));
}

Result<Response> make_article_page(const Context& context, const std::string& id_prefix) {
    const auto format = text_parameter(context.request, "format");
    const auto feed = COLPORT_TRY(feed_parameter(context));
    const auto found = stored_article(context, id_prefix, feed);
    if (!found && found.error().code == Errc::invalid && !feed)
        return choice_page(context, id_prefix, found.error());
    const auto stored = COLPORT_TRY(std::move(found));
    if (format == "html") return bad_parameter("format", "text, markdown or json");
    if (!format.empty()) return article_as(stored, format);
    opened(context, stored);
    const auto& article = stored.article;
    const auto main = fmt::format(
        "<article{}>\n<header>\n<h1>{}</h1>\n{}{}</header>\n<div class=\"body\">\n{}</div>\n"
        "</article>\n{}{}",
        language_attributes(article.language()), escape_html(title_of(article)),
        byline_html(stored), correction_html(article), to_html(article, held_pictures(context)),
        details_html(stored), neighbours_html(context, stored));
    return html_reply(200, layout({title_of(article), main, "", ""}));
}

std::string lone_page(const StoredArticle& stored) {
    const auto& article = stored.article;
    std::string about = authors_html(article);
    for (const auto& part : {bdi(stored.feed_name), time_html(article.published(), article.zone())})
        if (!part.empty()) about += (about.empty() ? "" : " · ") + part;
    return fmt::format(
        "<!DOCTYPE html>\n<html{}>\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n"
        "<title>{}</title>\n</head>\n<body>\n<article>\n<h1>{}</h1>\n<p>{}</p>\n{}{}</article>\n"
        "</body>\n</html>\n",
        language_attributes(article.language()), escape_html(title_of(article)),
        escape_html(title_of(article)), about, correction_html(article),
        to_html(article, [](const pb::Figure&) { return ""; }));
}

}  // namespace

Result<Response> article_as(const StoredArticle& stored, const std::string& format) {
    if (format == "text")
        return text_reply(200, stored.article.title() + "\n\n" + to_text(stored.article) + "\n");
    if (format == "markdown")
        return Response{200, "text/markdown; charset=utf-8", to_markdown(stored.article), {}};
    if (format == "html") return html_reply(200, lone_page(stored));
    if (format != "json") return bad_parameter("format", "json, text, markdown or html");
    auto body = to_json(stored.article);
    body["feed"] = stored.feed.hex();
    body["feed_name"] = stored.feed_name;
    return json_reply(200, body);
}

Response article_page(const Context& context, const std::string& id_prefix) {
    auto page = make_article_page(context, id_prefix);
    return page ? std::move(page).value() : error_page(page.error());
}

}  // namespace colport::web
