#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "article/article.h"
#include "article/render.h"
#include "storage/text.h"
#include "web/reading_time.h"
#include "web/books.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"
#include "web/status_json.h"
#include "web/withdrawn.h"
#include "web/words.h"

namespace colport::web {
namespace {

/// As HTML, with one parameter so that more can follow.
std::string address_of(const StoredArticle& stored) {
    return fmt::format("/article/{}?feed={}", to_hex(stored.article.id()), stored.feed.hex());
}

std::string title_of(const pb::Article& article) {
    return article.title().empty() ? std::string(words::untitled) : article.title();
}

std::string authors_html(const pb::Article& article) {
    std::string out;
    for (const auto& author : article.authors()) {
        if (!out.empty()) out += ", ";
        out += fmt::format("<a href=\"{}\">{}</a>", search_address("author", author), bdi(author));
    }
    return out;
}

std::string authors_text(const pb::Article& article) {
    std::string out;
    for (const auto& author : article.authors()) out += (out.empty() ? "" : ", ") + bdi(author);
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
    // By the same name as its articles stand in lists.
    if (const auto section = listed(article.section()); !section.empty())
        out += span(fmt::format("<a href=\"/?feed={}&amp;section={}\">{}</a>", stored.feed.hex(),
                                escape_query(section), bdi(section)));
    out += span(time_html(article.published(), article.zone()));
    if (const auto minutes = minutes_to_read(article); minutes != 0)
        out += span(escape_html(count_text(words::reading_time, minutes)));
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

/// Text, not a link, unless asked: a click would tell the network who reads.
std::string source_html(const Context& context, const StoredArticle& stored) {
    const auto& url = stored.article.url();
    if (url.empty()) return "";
    const auto shown = escape_html(url);
    const auto begin = fmt::format("<p id=\"source\">{}: ", escape_html(words::source));
    if (text_parameter(context.request, "link") == "1" && is_safe_link(url))
        return begin + fmt::format("<a class=\"address\" dir=\"ltr\" rel=\"noreferrer noopener\" "
                                   "href=\"{0}\">{0}</a></p>\n",
                                   shown);
    return begin + fmt::format("<span class=\"address\" dir=\"ltr\">{}</span><br><small>{} "
                               "<a href=\"{}&amp;link=1#source\">{}</a></small></p>\n",
                               shown, escape_html(words::source_hint), address_of(stored),
                               escape_html(words::source_ask));
}

std::string details_html(const Context& context, const StoredArticle& stored) {
    const auto& article = stored.article;
    std::string out = "<footer class=\"details\">\n";
    if (article.tags_size() != 0) {
        out += fmt::format("<p>{}: ", escape_html(words::tags));
        for (int i = 0; i < article.tags_size(); ++i)
            out += fmt::format("{}<a href=\"{}\">{}</a>", i == 0 ? "" : ", ",
                               search_address("tag", article.tags(i)), bdi(article.tags(i)));
        out += "</p>\n";
    }
    out += source_html(context, stored);
    const auto address = address_of(stored) + "&amp;format=";
    out += fmt::format("<p>{}: <a href=\"{}epub\">EPUB</a>, <a href=\"{}text\">{}</a>, <a href=\"{}markdown\">{}</a>, "
                       "<a href=\"{}json\">{}</a>, <a href=\"{}package\">{}</a><br><small>{}</small></p>\n",
                       escape_html(words::save_as), address, address,
                       escape_html(words::form_text), address,
                       "Markdown", address, "JSON", address, escape_html(words::form_package),
                       escape_html(words::form_package_hint));
    return out + "</footer>\n";
}

std::string neighbour_html(const std::optional<Hit>& hit, Text direction, const char* rel) {
    if (!hit) return "<span></span>";
    return fmt::format(
        "<a rel=\"{}\" href=\"/article/{}\"><small>{}</small><span><bdi{}>{}</bdi></span>{}</a>",
        rel, hit->id.hex(), escape_html(direction), language_attributes(hit->language),
        escape_html(hit->title.empty() ? words::untitled.view() : hit->title), doubt_html(*hit));
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

Fields fields_of(const StoredArticle& stored, std::string back) {
    return {{"article", to_hex(stored.article.id())},
            {"feed", stored.feed.hex()},
            {"back", std::move(back)}};
}

/// What can be done with the article.
std::string actions_html(const Context& context, const StoredArticle& stored) {
    const auto id = ArticleId::from(stored.article.id());
    if (!id) return "";
    const auto marks = context.reading.marks(stored.feed, *id);
    const auto here = address_of(stored);
    auto out = marks.starred ? action_html(context, "unstar", fields_of(stored, here),
                                           "★ " + std::string(words::unstar), "quiet")
                             : action_html(context, "star", fields_of(stored, here),
                                           "☆ " + std::string(words::star), "quiet");
    // Coming back here would mark it as read.
    if (marks.opened)
        out += action_html(context, "unread", fields_of(stored, "/"), words::mark_unread, "quiet");
    return "<div class=\"actions\">" + out + "</div>\n";
}

struct MissingPictures {
    std::size_t number = 0;
    std::int64_t bytes = 0;
};

MissingPictures missing_pictures(const Context& context, const pb::Article& article) {
    MissingPictures out;
    const auto look = [&](const pb::Figure& figure) {
        const auto id = Sha256::from(figure.picture());
        if (!id) return;
        const auto held = context.archive->has_picture(*id);
        if (!held || *held) return;
        ++out.number;
        out.bytes += figure.size();
    };
    if (article.has_lead()) look(article.lead());
    for (const auto& block : article.blocks())
        if (block.has_figure()) look(block.figure());
    return out;
}

/// A button that says what it costs.
std::string pictures_html(const Context& context, const StoredArticle& stored) {
    if (context.peer == nullptr) return "";
    const auto missing = missing_pictures(context, stored.article);
    if (missing.number == 0) return "";
    if (text_parameter(context.request, "pictures") == "1")
        return fmt::format("<p class=\"done\" role=\"status\">{}</p>\n",
                           escape_html(words::pictures_coming));
    return "<div class=\"actions\">" +
           action_html(context, "pictures", fields_of(stored, address_of(stored) + "&pictures=1"),
                       fmt::format("{} ({})", words::fetch_pictures.view(),
                                   size_text(missing.bytes)),
                       "quiet") +
           "</div>\n";
}

std::string missing_text(const pb::Figure& figure) {
    return figure.size() == 0 ? "" : fill(words::picture_not_here, {size_text(figure.size())});
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

std::string attributes_of_page() {
    return fmt::format(" lang=\"{}\" dir=\"{}\"", spoken().tag, direction_of(spoken().tag));
}

Response retraction_page(const Context& context, const ArchiveReader::Retraction& retracted) {
    auto main = notice_html(words::retracted, "");
    if (!retracted.note.empty())
        main += fmt::format("<p>{}</p>\n",
                            fill(escape_html(words::retracted_why), {bdi(retracted.note)}));
    main += fmt::format("<p class=\"hint\"><a href=\"/?feed={}\">{}</a></p>\n",
                        retracted.feed.hex(), bdi(retracted.feed_name));
    return html_reply(410, layout(context, {std::string(words::retracted), main, "", ""}));
}

Response no_such_article(const Context& context) {
    return html_reply(404, layout(context, {std::string(words::error_404),
                                            notice_html(words::error_404, words::no_such_article) +
                                                back_html(),
                                            "", ""}));
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
    if (feeds.empty()) return error_page(context, error);
    const auto main = notice_html(words::which_feed, "") + "<ul>\n" + feeds + "</ul>\n";
    return html_reply(300, layout(context, {std::string(words::which_feed), main, "", ""}));
}

Result<Response> make_article_page(const Context& context, const std::string& id_prefix) {
    const auto format = text_parameter(context.request, "format");
    const auto feed = COLPORT_TRY(feed_parameter(context));
    std::optional<Transaction> snapshot;
    if (context.archive != nullptr) snapshot.emplace(COLPORT_TRY(context.archive->snapshot()));
    const auto found = stored_article(context, id_prefix, feed);
    if (!found && found.error().code == Errc::invalid && !feed)
        return choice_page(context, id_prefix, found.error());
    if (!found && found.error().code == Errc::not_found && context.archive != nullptr)
        if (const auto retracted = COLPORT_TRY(context.archive->retraction(id_prefix, feed)))
            return retraction_page(context, *retracted);
    if (!found && found.error().code == Errc::not_found) return no_such_article(context);
    const auto stored = COLPORT_TRY(std::move(found));
    if (format == "html") return bad_parameter("format", "text, markdown or json");
    if (format == "epub") return book_of_article(context, stored);
    if (format == "package") return package_of_article(context, stored);
    if (!format.empty()) return article_as(stored, format);
    opened(context, stored);
    const auto& article = stored.article;
    const auto id = to_hex(article.id());
    // The sentences around the text are in the page's language, not the article's.
    const auto page = attributes_of_page();
    const auto main = fmt::format(
        "<article{} data-article=\"{}\" data-feed=\"{}\"{}>\n<header>\n<h1>{}</h1>\n"
        "<div{}>{}{}{}{}{}</div></header>\n<div class=\"body\"{}>\n{}</div>\n</article>\n{}{}",
        language_attributes(article.language()), id, stored.feed.hex(),
        context.reading.marks(stored.feed, *ArticleId::from(article.id())).starred
            ? " data-starred"
            : "",
        escape_html(title_of(article)), page, byline_html(stored), actions_html(context, stored),
        withdrawn_html(stored), correction_html(article), pictures_html(context, stored),
        language_attributes(article.language()),
        to_html(article, held_pictures(context), missing_text), details_html(context, stored),
        neighbours_html(context, stored));
    return html_reply(200, layout(context, {title_of(article), main, "", ""}));
}

std::string lone_page(const StoredArticle& stored) {
    const auto& article = stored.article;
    std::string about = authors_text(article);
    for (const auto& part : {bdi(stored.feed_name), time_html(article.published(), article.zone())})
        if (!part.empty()) about += (about.empty() ? "" : " · ") + part;
    return fmt::format(
        "<!DOCTYPE html>\n<html{}>\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n"
        "<title>{}</title>\n</head>\n<body>\n<article>\n<h1>{}</h1>\n<p>{}</p>\n{}{}</article>\n"
        "</body>\n</html>\n",
        language_attributes(article.language()), escape_html(title_of(article)),
        escape_html(title_of(article)), about, withdrawn_html(stored) + correction_html(article),
        to_html(article, [](const pb::Figure&) { return ""; }));
}

}  // namespace

Result<Response> article_as(const StoredArticle& stored, const std::string& format) {
    if (format == "text")
        return text_reply(200, stored.article.title() + "\n\n" + withdrawn_text(stored) +
                                   to_text(stored.article) + "\n");
    if (format == "markdown")
        return Response{200, "text/markdown; charset=utf-8", withdrawn_text(stored) + to_markdown(stored.article),
                        {}};
    if (format == "html") return html_reply(200, lone_page(stored));
    if (format != "json") return bad_parameter("format", "json, text, markdown or html");
    auto body = to_json(stored.article);
    body["feed"] = stored.feed.hex();
    body["feed_name"] = stored.feed_name;
    body["withdrawn_key"] = withdrawn_json(stored.withdrawn);
    return json_reply(200, body);
}

Response article_page(const Context& context, const std::string& id_prefix) {
    auto page = make_article_page(context, id_prefix);
    return page ? std::move(page).value() : error_page(context, page.error());
}

}  // namespace colport::web
