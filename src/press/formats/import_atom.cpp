#include "press/clean_text.h"
#include "press/dates.h"
#include "press/formats/feed_elements.h"
#include "press/formats/import_feed.h"
#include "press/page/inline_text.h"
#include "press/urls.h"

namespace colport {
namespace {

/// Many feeds forget Atom's namespace.
const xmlNode* atom_child(const xmlNode* parent, const std::string& name) {
    const auto* out = child(parent, "atom:" + name);
    return out ? out : child(parent, name);
}

std::string atom_text(const xmlNode* parent, const std::string& name) {
    return child_text(parent, {"atom:" + name, name});
}

template <class Visit>
void each_atom_child(const xmlNode* parent, const std::string& name, const Visit& visit) {
    each_child(parent, "atom:" + name, visit);
    each_child(parent, name, visit);
}

bool has_markup(const xmlNode* node) {
    for (const xmlNode* at = node->children; at; at = at->next)
        if (is_element(at)) return true;
    return false;
}

HtmlFragment plain_blocks(const std::string& text) {
    HtmlFragment out;
    InlineText line;
    line.add(text, {});
    if (line.empty()) return out;
    auto* spans = out.blocks.emplace_back().mutable_paragraph()->mutable_spans();
    *spans = line.take();
    return out;
}

/// Atom's text constructs: `text` means what it says, `html` is escaped markup,
/// `xhtml` is markup. Atom 0.3 has media types and a mode instead.
HtmlFragment atom_blocks(const xmlNode* node, const HtmlContext& context) {
    const auto type = ascii_lower(attribute(node, "type"));
    const auto mode = ascii_lower(attribute(node, "mode"));
    if (mode == "base64" || type == "application/octet-stream") {
        auto packed = text_of(node);
        std::erase_if(packed, [](unsigned char c) { return c <= ' '; });
        const auto text = from_base64(packed);
        return text && is_text(*text) ? html_blocks(*text, context) : HtmlFragment();
    }
    if (mode != "escaped" && (type.ends_with("xhtml") || type.ends_with("xhtml+xml")))
        return {html_blocks(node, context), false};
    const auto text = text_of(node);
    if (type.find("html") != type.npos) return html_blocks(text, context);
    if (type.empty() || type.starts_with("text") || has_markup(node)) {
        if (has_markup(node)) return {html_blocks(node, context), false};
        // Atom 0.3's escaped text is HTML but for its name.
        return mode == "escaped" ? html_blocks(text, context) : plain_blocks(text);
    }
    return {};
}

struct Feed {
    const xmlNode* root = nullptr;
    std::string language;
};

void read_links(const xmlNode* entry, const std::string& base, pb::Article& article) {
    std::string link;
    each_atom_child(entry, "link", [&](const xmlNode* node) {
        const auto relation = attribute(node, "rel");
        if (link.empty() && (relation.empty() || relation == "alternate"))
            link = resolve_web_address(attribute(node, "href"), base_address(node, base));
    });
    if (const auto origin = child_text(entry, {"feedburner:origLink"}); !origin.empty())
        if (const auto address = resolve_web_address(origin, base); !address.empty())
            link = address;
    article.set_url(link);
}

void read_times(const xmlNode* entry, pb::Article& article) {
    const auto published = parse_date(
        child_text(entry, {"atom:published", "published", "atom:issued", "issued", "atom:created",
                           "created"}));
    const auto updated =
        parse_date(child_text(entry, {"atom:updated", "updated", "atom:modified", "modified"}));
    if (const auto at = published ? published : updated) {
        article.set_published(at->seconds);
        article.set_zone(at->zone);
    }
    if (updated) article.set_updated(updated->seconds);
}

/// How Blogger says what an entry is.
bool is_kind(const xmlNode* category) {
    return attribute(category, "scheme").ends_with("#kind");
}

const LeftOutKind left_out_setting{"template or setting of the site",
                                   "templates and settings of the site"};

/// What an entry is, if it is not to go out: a draft as RFC 5023 and Blogger's
/// backups have them, a reader's comment, a part of the site.
std::optional<LeftOutKind> kept_back(const xmlNode* entry, std::int64_t now) {
    if (const auto* control = child(entry, "app:control"))
        if (ascii_lower(clean_line(child_text(control, {"app:draft"}))) == "yes")
            return left_out_draft;
    if (child(entry, "thr:in-reply-to")) return left_out_comment;
    auto type = ascii_lower(clean_line(child_text(entry, {"blogger:type"})));
    const auto status = ascii_lower(clean_line(child_text(entry, {"blogger:status"})));
    each_atom_child(entry, "category", [&](const xmlNode* node) {
        if (!is_kind(node)) return;
        const auto term = attribute(node, "term");
        type = ascii_lower(term.substr(term.find('#') + 1));
    });
    if (type == "comment") return left_out_comment;
    if (!status.empty() && status != "live") return left_out_draft;
    if (!child_text(entry, {"blogger:trashed"}).empty()) return left_out_draft;
    if (type.empty()) return std::nullopt;
    if (type != "post" && type != "page") return left_out_setting;
    // A backup holds what is to go out later as well; a feed does not.
    const auto due = parse_date(atom_text(entry, "published"));
    if (now > 0 && due && due->seconds > now) return left_out_draft;
    return std::nullopt;
}

void read_names(const xmlNode* entry, const Feed& feed, pb::Article& article) {
    const auto names = [&](const xmlNode* from) {
        each_atom_child(from, "author", [&](const xmlNode* node) {
            add_author(article, atom_text(node, "name"));
        });
    };
    names(entry);
    each_child(entry, "dc:creator",
               [&](const xmlNode* node) { add_author(article, text_of(node)); });
    if (const auto* source = atom_child(entry, "source"); source && article.authors().empty())
        names(source);
    if (article.authors().empty() && entry != feed.root) names(feed.root);
    each_atom_child(entry, "category", [&](const xmlNode* node) {
        if (is_kind(node)) return;
        const auto label = attribute(node, "label");
        add_tag(article, label.empty() ? attribute(node, "term") : label);
    });
    each_child(entry, "dc:subject", [&](const xmlNode* node) { add_tag(article, text_of(node)); });
}

/// Where links in the text start from: xml:base where there is one, else the article.
std::string text_base(const xmlNode* node, const pb::Article& article, const std::string& around) {
    const XmlString own(xmlNodeGetBase(node->doc, node));
    return own || article.url().empty() ? base_address(node, around) : article.url();
}

void read_body(const xmlNode* entry, const std::string& around, FoundArticle& found,
               ImportSink& sink) {
    auto& article = found.article;
    const auto blocks_of = [&](const xmlNode* node) {
        const auto base = text_base(node, article, around);
        return atom_blocks(node, {base, sink.pictures()});
    };
    HtmlFragment body;
    each_atom_child(entry, "content", [&](const xmlNode* node) {
        if (body.blocks.empty()) body = blocks_of(node);
    });
    const bool whole = !body.blocks.empty();
    const auto* summary = atom_child(entry, "summary");
    if (!whole && summary) body = blocks_of(summary);
    set_blocks(found, std::move(body), sink);
    if (whole && summary) {
        Pictures none{{}};
        const auto brief = atom_blocks(summary, {{}, none});
        set_summary(article, text_of_blocks(brief.blocks, 1));
    }
    add_media(entry, found, text_base(entry, article, around), sink);
    each_atom_child(entry, "link", [&](const xmlNode* node) {
        if (attribute(node, "rel") != "enclosure") return;
        const auto source = attribute(node, "href");
        const auto base = base_address(node, around);
        if (!attribute(node, "type").starts_with("image/"))
            add_attachment(article, resolve_web_address(source, base), attribute(node, "title"));
        else
            add_lead(article, source, base, sink);
    });
}

/// The text of a title, whatever construct it is written in.
std::string read_title(const xmlNode* entry) {
    const auto* node = atom_child(entry, "title");
    if (!node) return clean_line(child_text(entry, {"dc:title", "media:title"}));
    Pictures none{{}};
    const auto title = atom_blocks(node, {{}, none});
    auto out = clean_line(text_of_blocks(title.blocks, 4096));
    return out.empty() ? title_text(text_of(node)) : out;
}

void read_entry(const xmlNode* entry, const Feed& feed, ImportSink& sink) {
    if (const auto kind = kept_back(entry, sink.options().now)) return sink.count_out(*kind);
    FoundArticle found;
    found.bare_counts = true;
    auto& article = found.article;
    const auto base = base_address(entry, sink.options().base_url);
    article.set_title(read_title(entry));
    read_links(entry, base, article);
    if (is_comment_address(article.url())) return sink.count_out(left_out_comment);
    read_times(entry, article);
    found.guid = clean_line(atom_text(entry, "id"));
    if (found.guid.empty()) found.guid = clean_line(child_text(entry, {"guid"}));
    if (found.guid.empty()) found.guid = article.url();
    if (found.guid.empty()) found.guid = name_for(sink, article);
    // What an entry says itself; xmlNodeGetLang also asks its parents.
    const auto* own = xmlHasNsProp(entry, reinterpret_cast<const xmlChar*>("lang"),
                                   XML_XML_NAMESPACE);
    found.language = own ? language_attribute(entry) : std::string();
    if (const auto* content = atom_child(entry, "content"); content && found.language.empty())
        if (xmlHasNsProp(content, reinterpret_cast<const xmlChar*>("lang"), XML_XML_NAMESPACE))
            found.language = language_attribute(content);
    found.language_around = feed.language;
    read_names(entry, feed, article);
    read_body(entry, base, found, sink);
    sink.add(std::move(found));
}

}  // namespace

VisitPart atom_reader(const xmlNode* root, ImportSink& sink) {
    const Feed feed{root, language_attribute(root)};
    return [feed, &sink](const xmlNode* entry) {
        if (name_of(entry) == "entry") read_entry(entry, feed, sink);
    };
}

}  // namespace colport
