#include "article/syndication.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "article/article.h"
#include "article/render.h"
#include "article/xml.h"

namespace colport {
namespace {

std::string body_of(const pb::Article& article) {
    return to_html(article, [](const pb::Figure&) { return std::string(); });
}

/// Readers want a time, and some articles have none.
std::int64_t time_of(const pb::Article& article) {
    return std::max<std::int64_t>({article.updated(), article.published(), 1});
}

std::string text_element(const char* name, std::string_view text) {
    return text.empty() ? "" : fmt::format("<{0}>{1}</{0}>\n", name, escape_xml(text));
}

std::string entry(const SyndicatedArticle& item) {
    const auto& article = item.article;
    std::string out = article.language().empty()
                          ? "<entry>\n"
                          : fmt::format("<entry xml:lang=\"{}\">\n", escape_xml(article.language()));
    out += "<title>" + escape_xml(article.title()) + "</title>\n";
    out += text_element("id", item.id);
    out += fmt::format("<link href=\"{}\"/>\n", escape_xml(item.address));
    out += text_element("updated", format_timestamp(time_of(article), article.zone()));
    out += text_element("published", format_timestamp(article.published(), article.zone()));
    for (const auto& author : article.authors())
        out += "<author>" + text_element("name", author) + "</author>\n";
    if (article.authors_size() == 0)
        out += "<author>" + text_element("name", item.feed_name) + "</author>\n";
    for (const auto& tag : article.tags())
        out += fmt::format("<category term=\"{}\"/>\n", escape_xml(tag));
    out += text_element("summary", article.summary());
    return out + fmt::format("<content type=\"html\">{}</content>\n</entry>\n",
                             escape_xml(body_of(article)));
}

}  // namespace

std::string to_atom(const Syndication& feed) {
    auto updated = std::max<std::int64_t>(feed.updated, 1);
    std::string entries;
    for (const auto& item : feed.articles) {
        updated = std::max(updated, time_of(item.article));
        entries += entry(item);
    }
    return fmt::format("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                       "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n{}{}{}"
                       "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n"
                       "<link href=\"{}\"/>\n{}</feed>\n",
                       text_element("id", feed.id), "<title>" + escape_xml(feed.title) + "</title>\n",
                       text_element("updated", format_timestamp(updated)),
                       escape_xml(feed.address), escape_xml(feed.home), entries);
}

nlohmann::json to_json_feed(const Syndication& feed) {
    using nlohmann::json;
    json items = json::array();
    for (const auto& [article, id, address, feed_name] : feed.articles) {
        json item{{"id", id},
                  {"url", address},
                  {"title", article.title()},
                  {"content_html", body_of(article)}};
        if (!article.summary().empty()) item["summary"] = article.summary();
        if (article.published() != 0)
            item["date_published"] = format_timestamp(article.published(), article.zone());
        if (article.updated() != 0)
            item["date_modified"] = format_timestamp(article.updated(), article.zone());
        if (!article.language().empty()) item["language"] = article.language();
        json authors = json::array();
        for (const auto& author : article.authors()) authors.push_back({{"name", author}});
        if (authors.empty()) authors.push_back({{"name", feed_name}});
        item["authors"] = std::move(authors);
        if (article.tags_size() != 0)
            item["tags"] = std::vector<std::string>(article.tags().begin(), article.tags().end());
        items.push_back(std::move(item));
    }
    return {{"version", "https://jsonfeed.org/version/1.1"},
            {"title", feed.title},
            {"home_page_url", feed.home},
            {"feed_url", feed.address},
            {"items", std::move(items)}};
}

}  // namespace colport
