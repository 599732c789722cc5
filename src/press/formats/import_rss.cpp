#include "press/clean_text.h"
#include "press/dates.h"
#include "press/formats/feed_elements.h"
#include "press/formats/import_feed.h"
#include "press/urls.h"

namespace colport {
namespace {

struct Channel {
    std::string language;
    std::string base;      ///< where the items' relative links start from
};

std::string link_of(const xmlNode* item) {
    // FeedBurner's own links count clicks.
    auto link = child_text(item, {"feedburner:origLink", "link"});
    if (link.empty())
        each_child(item, "atom:link", [&](const xmlNode* node) {
            const auto relation = attribute(node, "rel");
            if (link.empty() && (relation.empty() || relation == "alternate"))
                link = attribute(node, "href");
        });
    const auto* guid = child(item, "guid");
    if (link.empty() && guid && ascii_lower(attribute(guid, "isPermaLink")) != "false")
        link = text_of(guid);
    return link;
}

void read_times(const xmlNode* item, pb::Article& article) {
    if (const auto at = parse_date(
            child_text(item, {"pubDate", "dc:date", "dcterms:issued", "dcterms:created"}))) {
        article.set_published(at->seconds);
        article.set_zone(at->zone);
    }
    if (const auto at = parse_date(child_text(item, {"atom:updated", "dcterms:modified"})))
        article.set_updated(at->seconds);
}

void read_names(const xmlNode* item, pb::Article& article) {
    each_child(item, "dc:creator",
               [&](const xmlNode* node) { add_author(article, text_of(node)); });
    const auto person = [&](const xmlNode* node) {
        // RSS wants "mail@host (Name)"; the address is nobody's business.
        auto name = clean_line(text_of(node));
        const auto open = name.find('(');
        if (open != name.npos && name.ends_with(')'))
            name = name.substr(open + 1, name.size() - open - 2);
        if (article.authors().empty() && name.find('@') == name.npos) add_author(article, name);
    };
    each_child(item, "author", person);
    each_child(item, "itunes:author", person);
    each_child(item, "atom:author", [&](const xmlNode* node) {
        if (article.authors().empty()) add_author(article, child_text(node, {"atom:name"}));
    });
    each_child(item, "category", [&](const xmlNode* node) { add_tag(article, text_of(node)); });
    each_child(item, "dc:subject", [&](const xmlNode* node) { add_tag(article, text_of(node)); });
}

void read_body(const xmlNode* item, FoundArticle& found, const std::string& base,
               ImportSink& sink) {
    const auto full = child_text(item, {"content:encoded", "atom:content", "fullitem"});
    const auto brief = child_text(item, {"description", "dc:description", "atom:summary",
                                         "itunes:summary"});
    const HtmlContext context{base, sink.pictures()};
    const xmlNode* markup = nullptr;
    for (const char* name : {"xhtml:body", "body", "xhtml:div"})
        if (!markup) markup = child(item, name);
    if (markup && full.empty())
        set_blocks(found, {html_blocks(markup, context), false}, sink);
    else
        set_blocks(found, fragment_blocks(full.empty() ? brief : full, context), sink);
    if (!full.empty() || markup) set_summary(found.article, summary_text(brief));
    add_media(item, found, base, sink);
}

void read_item(const xmlNode* item, const Channel& channel, ImportSink& sink) {
    FoundArticle found;
    found.bare_counts = true;
    auto& article = found.article;
    article.set_title(title_text(child_text(item, {"title", "dc:title", "media:title"})));
    const auto around = base_address(item, channel.base);
    const auto link = link_of(item);
    article.set_url(resolve_web_address(link, around));
    if (is_comment_address(link)) return sink.count_out(left_out_comment);
    read_times(item, article);
    const auto* guid = child(item, "guid");
    found.guid = guid ? clean_line(text_of(guid)) : std::string();
    if (found.guid.empty()) found.guid = article.url();
    if (found.guid.empty()) found.guid = clean_line(link);
    if (found.guid.empty()) found.guid = name_for(sink, article);
    found.language = clean_line(child_text(item, {"dc:language", "language"}));
    found.language_around = channel.language;
    read_names(item, article);
    const XmlString own(xmlNodeGetBase(item->doc, item));
    read_body(item, found, article.url().empty() || own ? around : article.url(), sink);
    sink.add(std::move(found));
}

void read_cdf_item(const xmlNode* item, ImportSink& sink) {
    const auto text = [&](std::string_view name) {
        for (const xmlNode* at = item->children; at; at = at->next)
            if (is_element(at) && ascii_lower(name_of(at)) == name) return text_of(at);
        return std::string();
    };
    const auto value = [&](const char* name, const char* capitals) {
        const auto out = attribute(item, name);
        return out.empty() ? attribute(item, capitals) : out;
    };
    FoundArticle found;
    found.bare_counts = true;
    auto& article = found.article;
    article.set_title(title_text(text("title")));
    article.set_url(resolve_web_address(value("href", "HREF"), sink.options().base_url));
    if (const auto at = parse_date(value("lastmod", "LASTMOD"))) {
        article.set_published(at->seconds);
        article.set_zone(at->zone);
    }
    found.guid = article.url().empty() ? name_for(sink, article) : article.url();
    set_blocks(found, html_blocks(text("abstract"), {article.url(), sink.pictures()}), sink);
    sink.add(std::move(found));
}

}  // namespace

VisitPart cdf_reader(ImportSink& sink) {
    return [&sink](const xmlNode* item) { read_cdf_item(item, sink); };
}

VisitPart rss_reader(const xmlNode* root, ImportSink& sink) {
    const auto* channel = child(root, "channel");
    Channel facts;
    if (channel) facts.language = clean_line(child_text(channel, {"language", "dc:language"}));
    if (facts.language.empty()) facts.language = language_attribute(channel ? channel : root);
    facts.base = sink.options().base_url;
    if (channel && facts.base.empty())
        facts.base = resolve_web_address(child_text(channel, {"link"}), {});
    return [facts, &sink](const xmlNode* item) {
        if (name_of(item) == "item") read_item(item, facts, sink);
    };
}

}  // namespace colport
