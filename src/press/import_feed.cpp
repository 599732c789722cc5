#include "press/import_feed.h"

#include <fmt/format.h>

#include <array>

#include "core/crypto.h"
#include "press/clean_text.h"
#include "press/dates.h"
#include "press/html_blocks.h"
#include "press/inline_text.h"
#include "press/urls.h"

namespace colport {
namespace {

/// An element's name with the usual prefix of its namespace, whatever the feed
/// calls it. RSS and Atom have none here; a foreign namespace keeps its own.
std::string qualified_name(const xmlNode* node) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> known{{
        {"http://purl.org/rss/1.0/modules/content/", "content:"},
        {"http://purl.org/dc/elements/1.1/", "dc:"},
        {"http://purl.org/dc/terms/", "dcterms:"},
        {"http://purl.org/rss/1.0/", ""},
        {"http://www.w3.org/2005/Atom", "atom:"},
        {"http://purl.org/atom/ns#", "atom:"},
        {"http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:"},
        {"http://my.netscape.com/rdf/simple/0.9/", ""},
    }};
    const std::string name(name_of(node));
    if (!node->ns) return name;
    const auto href = view(node->ns->href);
    for (const auto& [space, prefix] : known)
        if (href == space) return std::string(prefix) + name;
    // WordPress changes its namespaces' addresses with each version.
    if (node->ns->prefix) return std::string(view(node->ns->prefix)) + ":" + name;
    return name;
}

const xmlNode* child(const xmlNode* parent, std::string_view name) {
    for (const xmlNode* node = parent->children; node; node = node->next)
        if (is_element(node) && qualified_name(node) == name) return node;
    return nullptr;
}

/// Text of the first child that is there and not blank.
std::string child_text(const xmlNode* parent, std::initializer_list<std::string_view> names) {
    for (const auto name : names)
        if (const auto* node = child(parent, name)) {
            auto out = text_of(node);
            if (!clean_line(out).empty()) return out;
        }
    return {};
}

template <class Visit>
void each_child(const xmlNode* parent, std::string_view name, const Visit& visit) {
    for (const xmlNode* node = parent->children; node; node = node->next)
        if (is_element(node) && qualified_name(node) == name) visit(node);
}

std::string language_attribute(const xmlNode* node) {
    const XmlString out(xmlNodeGetLang(node));
    return std::string(view(out.get()));
}

/// A title is text, but most feeds write HTML into it.
std::string title_text(const std::string& title, Pictures& pictures) {
    if (title.find_first_of("<&") == title.npos) return clean_line(title);
    const auto fragment = html_blocks(title, {{}, pictures});
    auto out = clean_line(text_of_blocks(fragment.blocks, 4096));
    return out.empty() ? clean_line(title) : out;
}

/// A name that stays the same as the feed goes on, for an item without any.
std::string name_for(const ImportSink& sink, const pb::Article& article) {
    const auto hash = sha256(article.title() + "\n" + std::to_string(article.published()));
    return sink.name() + "#" + hash.hex().substr(0, 16);
}

void set_blocks(FoundArticle& found, HtmlFragment fragment, ImportSink& sink) {
    for (auto& block : fragment.blocks) *found.article.add_blocks() = std::move(block);
    if (fragment.cut)
        sink.warn(found.article.title() + ": nested too deeply, its end is missing");
}

/// The first paragraph: what follows in a summary tells where it is from.
std::string summary_text(const std::string& html) {
    Pictures none{{}};
    std::string out;
    for (const auto& block : html_blocks(html, {{}, none}).blocks) {
        append_block_text(out, block);
        if (!out.empty()) break;
    }
    return out;
}

class FeedReader {
public:
    FeedReader(ImportSink& sink, const xmlNode* root) : sink_(sink), root_(root) {}

    void rss() {
        const auto* channel = child(root_, "channel");
        if (channel) language_ = clean_line(child_text(channel, {"language", "dc:language"}));
        if (language_.empty()) language_ = language_attribute(root_);
        if (channel) each_child(channel, "item", [&](const xmlNode* item) { rss_item(item); });
        // RSS 1.0 has its items beside the channel.
        each_child(root_, "item", [&](const xmlNode* item) { rss_item(item); });
        if (unpublished_ > 0)
            sink_.warn(fmt::format("{}: {} entries are not published, left out", sink_.name(),
                                   unpublished_));
    }

    void atom() {
        language_ = language_attribute(root_);
        each_child(root_, "atom:entry", [&](const xmlNode* entry) { atom_entry(entry); });
        each_child(root_, "entry", [&](const xmlNode* entry) { atom_entry(entry); });
        if (name_of(root_) == "entry") atom_entry(root_);
    }

private:
    void rss_item(const xmlNode* item);
    void rss_names(const xmlNode* item, pb::Article& article);
    void rss_body(const xmlNode* item, FoundArticle& found);
    void atom_entry(const xmlNode* entry);
    void atom_body(const xmlNode* entry, FoundArticle& found);
    void atom_times(const xmlNode* entry, pb::Article& article);
    bool is_published(const xmlNode* item);
    [[nodiscard]] std::string base(const pb::Article& article) const {
        return article.url().empty() ? sink_.options().base_url : article.url();
    }

    ImportSink& sink_;
    const xmlNode* root_;
    std::string language_;
    std::size_t unpublished_ = 0;
};

/// WordPress exports drafts, private posts, menus and attachments as well.
bool FeedReader::is_published(const xmlNode* item) {
    const auto type = clean_line(child_text(item, {"wp:post_type"}));
    const auto status = clean_line(child_text(item, {"wp:status"}));
    const auto password = clean_line(child_text(item, {"wp:post_password"}));
    return (type.empty() || type == "post" || type == "page") &&
           (status.empty() || status == "publish") && password.empty();
}

void FeedReader::rss_item(const xmlNode* item) {
    if (!is_published(item)) {
        ++unpublished_;
        return;
    }
    FoundArticle found;
    auto& article = found.article;
    article.set_title(title_text(child_text(item, {"title", "dc:title"}), sink_.pictures()));
    const auto* guid = child(item, "guid");
    auto link = child_text(item, {"link"});
    if (link.empty() && guid && ascii_lower(attribute(guid, "isPermaLink")) != "false")
        link = text_of(guid);
    article.set_url(resolve_web_address(link, sink_.options().base_url));
    if (const auto at = parse_date(
            child_text(item, {"pubDate", "dc:date", "dcterms:issued", "dcterms:created"}))) {
        article.set_published(at->seconds);
        article.set_zone(at->zone);
    }
    if (const auto at = parse_date(child_text(item, {"atom:updated", "dcterms:modified"})))
        article.set_updated(at->seconds);
    found.guid = guid ? clean_line(text_of(guid)) : std::string();
    if (found.guid.empty()) found.guid = article.url();
    if (found.guid.empty()) found.guid = clean_line(link);
    if (found.guid.empty()) found.guid = name_for(sink_, article);
    found.language = clean_line(child_text(item, {"dc:language", "language"}));
    found.language_around = language_;
    rss_names(item, article);
    rss_body(item, found);
    sink_.add(std::move(found));
}

void FeedReader::rss_names(const xmlNode* item, pb::Article& article) {
    each_child(item, "dc:creator",
               [&](const xmlNode* node) { add_author(article, text_of(node)); });
    each_child(item, "author", [&](const xmlNode* node) {
        // RSS wants "mail@host (Name)"; the address is nobody's business.
        auto name = clean_line(text_of(node));
        const auto open = name.find('(');
        if (open != name.npos && name.ends_with(')'))
            name = name.substr(open + 1, name.size() - open - 2);
        if (article.authors().empty() && name.find('@') == name.npos) add_author(article, name);
    });
    each_child(item, "category", [&](const xmlNode* node) { add_tag(article, text_of(node)); });
    each_child(item, "dc:subject", [&](const xmlNode* node) { add_tag(article, text_of(node)); });
}

void FeedReader::rss_body(const xmlNode* item, FoundArticle& found) {
    auto& article = found.article;
    const auto full = child_text(item, {"content:encoded", "xhtml:body", "atom:content"});
    const auto brief = child_text(item, {"description", "excerpt:encoded", "atom:summary"});
    const auto& html = full.empty() ? brief : full;
    HtmlContext context{base(article), sink_.pictures()};
    context.blank_lines_split =
        child(item, "wp:post_type") && ascii_lower(html).find("<p") == html.npos;
    set_blocks(found, html_blocks(html, context), sink_);
    if (!full.empty()) set_summary(article, summary_text(brief));
    each_child(item, "enclosure", [&](const xmlNode* node) {
        const auto source = attribute(node, "url");
        if (article.has_lead() || !attribute(node, "type").starts_with("image/")) return;
        for (const auto& block : article.blocks())
            if (block.has_figure()) return;
        pb::Figure figure;
        if (sink_.pictures().attach(source, figure)) *article.mutable_lead() = std::move(figure);
    });
}

void FeedReader::atom_entry(const xmlNode* entry) {
    FoundArticle found;
    auto& article = found.article;
    const auto text = [&](std::string_view name) {
        const auto qualified = "atom:" + std::string(name);
        return child_text(entry, {qualified, name});
    };
    article.set_title(title_text(text("title"), sink_.pictures()));
    std::string link;
    for (const std::string_view name : {"atom:link", "link"})
        each_child(entry, name, [&](const xmlNode* node) {
            const auto relation = attribute(node, "rel");
            if (link.empty() && (relation.empty() || relation == "alternate"))
                link = attribute(node, "href");
        });
    article.set_url(resolve_web_address(link, sink_.options().base_url));
    atom_times(entry, article);
    found.guid = clean_line(text("id"));
    if (found.guid.empty()) found.guid = article.url();
    if (found.guid.empty()) found.guid = name_for(sink_, article);
    // What an entry says itself; xmlNodeGetLang also asks its parents.
    const auto* own = xmlHasNsProp(entry, reinterpret_cast<const xmlChar*>("lang"),
                                   XML_XML_NAMESPACE);
    found.language = own ? language_attribute(entry) : std::string();
    found.language_around = language_;
    const auto names = [&](const xmlNode* from) {
        for (const std::string_view name : {"atom:author", "author"})
            each_child(from, name, [&](const xmlNode* node) {
                add_author(article, child_text(node, {"atom:name", "name"}));
            });
    };
    names(entry);
    if (article.authors().empty() && entry != root_) names(root_);
    for (const std::string_view name : {"atom:category", "category"})
        each_child(entry, name, [&](const xmlNode* node) {
            const auto label = attribute(node, "label");
            add_tag(article, label.empty() ? attribute(node, "term") : label);
        });
    atom_body(entry, found);
    sink_.add(std::move(found));
}

void FeedReader::atom_times(const xmlNode* entry, pb::Article& article) {
    const auto published = parse_date(
        child_text(entry, {"atom:published", "published", "atom:issued", "atom:created"}));
    const auto updated =
        parse_date(child_text(entry, {"atom:updated", "updated", "atom:modified"}));
    if (const auto at = published ? published : updated) {
        article.set_published(at->seconds);
        article.set_zone(at->zone);
    }
    if (updated) article.set_updated(updated->seconds);
}

/// Atom's text constructs: `text` means what it says, `html` is escaped markup,
/// `xhtml` is markup.
HtmlFragment atom_blocks(const xmlNode* node, const HtmlContext& context) {
    const auto type = ascii_lower(attribute(node, "type"));
    if (type == "xhtml" || type == "application/xhtml+xml")
        return {html_blocks(node, context), false};
    const auto text = text_of(node);
    if (type == "html" || type == "text/html") return html_blocks(text, context);
    HtmlFragment out;
    InlineText line;
    line.add(text, {});
    if (line.empty()) return out;
    auto* spans = out.blocks.emplace_back().mutable_paragraph()->mutable_spans();
    for (auto& span : line.take()) *spans->Add() = std::move(span);
    return out;
}

void FeedReader::atom_body(const xmlNode* entry, FoundArticle& found) {
    const auto first = [&](const char* name, const char* bare) {
        const auto* node = child(entry, name);
        return node ? node : child(entry, bare);
    };
    const HtmlContext context{base(found.article), sink_.pictures()};
    const auto* content = first("atom:content", "content");
    const auto* summary = first("atom:summary", "summary");
    HtmlFragment body;
    if (content) body = atom_blocks(content, context);
    const bool whole = !body.blocks.empty();
    if (!whole && summary) body = atom_blocks(summary, context);
    set_blocks(found, std::move(body), sink_);
    if (!whole || !summary) return;
    Pictures none{{}};
    const auto brief = atom_blocks(summary, {{}, none});
    set_summary(found.article, text_of_blocks(brief.blocks, 1));
}

}  // namespace

Status import_feed(Bytes content, ImportSink& sink) {
    const auto file = COLPORT_TRY(parse_xml(content));
    const auto* root = xmlDocGetRootElement(file.tree.get());
    if (file.damaged)
        sink.warn(sink.name() + ": not well-formed XML, something may be missing");
    FeedReader reader(sink, root);
    const auto name = name_of(root);
    if (name == "feed" || name == "entry") {
        reader.atom();
    } else if ((name == "rss" && child(root, "channel")) || name == "RDF") {
        reader.rss();
    } else {
        return Error{Errc::corrupt, "is XML, but neither RSS nor Atom"};
    }
    return done();
}

}  // namespace colport
