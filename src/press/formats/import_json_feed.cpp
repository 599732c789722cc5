#include "press/formats/import_json_feed.h"

#include "press/clean_text.h"
#include "press/dates.h"
#include "press/formats/feed_elements.h"
#include "press/formats/import_text.h"
#include "press/formats/json_fields.h"
#include "press/formats/read_json.h"
#include "press/urls.h"

namespace colport {
namespace {

using Json = nlohmann::json;

struct Feed {
    std::string language;
    std::string base;
    std::vector<std::string> authors;
};

/// 1.1 has a list of authors, 1.0 has one.
std::vector<std::string> authors_of(const Json& object) {
    auto out = strings_of(object, "authors");
    if (out.empty()) out = strings_of(object, "author");
    return out;
}

void read_times(const Json& item, pb::Article& article) {
    if (const auto at = parse_date(string_of(item, {"date_published"}))) {
        article.set_published(at->seconds);
        article.set_zone(at->zone);
    }
    if (const auto at = parse_date(string_of(item, {"date_modified"})))
        article.set_updated(at->seconds);
}

void read_attachments(const Json& item, const std::string& base, FoundArticle& found,
                      ImportSink& sink) {
    auto& article = found.article;
    bool pictured = article.has_lead();
    for (const auto& block : article.blocks()) pictured = pictured || block.has_figure();
    for (const char* key : {"image", "banner_image"})
        if (!pictured) add_lead(article, string_of(item, {key}), base, sink);
    const auto list = item.find("attachments");
    if (list == item.end() || !list->is_array()) return;
    for (const auto& file : *list) {
        if (!file.is_object()) continue;
        const auto source = string_of(file, {"url"});
        if (!string_of(file, {"mime_type"}).starts_with("image/"))
            add_attachment(article, resolve_web_address(source, base),
                           string_of(file, {"title"}));
        else if (!pictured)
            add_lead(article, source, base, sink);
    }
}

void read_item(const Json& item, const Feed& feed, ImportSink& sink) {
    FoundArticle found;
    found.bare_counts = true;
    auto& article = found.article;
    article.set_title(clean_line(string_of(item, {"title"})));
    article.set_url(resolve_web_address(string_of(item, {"url", "external_url"}), feed.base));
    read_times(item, article);
    found.guid = string_of(item, {"id"});
    if (found.guid.empty()) found.guid = article.url();
    if (found.guid.empty()) found.guid = name_for(sink, article);
    found.language = string_of(item, {"language"});
    found.language_around = feed.language;
    auto authors = authors_of(item);
    for (const auto& name : authors.empty() ? feed.authors : authors) add_author(article, name);
    for (const auto& name : strings_of(item, "tags")) add_tag(article, name);

    const auto base = article.url().empty() ? feed.base : article.url();
    HtmlFragment body;
    if (const auto html = string_of(item, {"content_html"}); !html.empty())
        body = html_blocks(html, {base, sink.pictures()});
    if (body.blocks.empty()) body.blocks = text_blocks(string_of(item, {"content_text"}));
    const auto summary = string_of(item, {"summary"});
    if (body.blocks.empty()) body.blocks = text_blocks(summary);
    set_blocks(found, std::move(body), sink);
    set_summary(article, summary);
    read_attachments(item, base, found, sink);
    sink.add(std::move(found));
}

}  // namespace

bool looks_like_json_feed(std::string_view beginning) {
    return beginning.find("jsonfeed.org/version/") != beginning.npos ||
           beginning.find("jsonfeed.org\\/version\\/") != beginning.npos;
}

Status import_json_feed(Bytes content, ImportSink& sink) {
    if (content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);
    const auto feed = read_json(content);
    if (!feed.is_object()) return Error{Errc::corrupt, "is not a JSON object in UTF-8"};
    const auto items = feed.find("items");
    if (items == feed.end() || !items->is_array())
        return Error{Errc::corrupt, "is JSON, but not a JSON Feed: it has no list of items"};
    Feed facts{string_of(feed, {"language"}), sink.options().base_url, authors_of(feed)};
    if (facts.base.empty())
        facts.base = resolve_web_address(string_of(feed, {"home_page_url"}), {});
    for (const auto& item : *items)
        if (item.is_object()) read_item(item, facts, sink);
        else sink.report_damage("an item that is no object, left out");
    return done();
}

}  // namespace colport
