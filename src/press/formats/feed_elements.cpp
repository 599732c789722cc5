#include "press/formats/feed_elements.h"

#include <array>

#include "core/crypto.h"
#include "press/clean_text.h"
#include "press/formats/import_text.h"
#include "press/page/inline_text.h"
#include "press/urls.h"

namespace colport {
namespace {

constexpr int max_attachments = 20;

bool shows_picture(const pb::Article& article) {
    for (const auto& block : article.blocks())
        if (block.has_figure()) return true;
    return article.has_lead();
}

bool has_extension(const std::string& address, std::initializer_list<std::string_view> known) {
    const auto path = ascii_lower(address.substr(0, address.find_first_of("?#")));
    for (const auto extension : known)
        if (path.ends_with(extension)) return true;
    return false;
}

bool is_picture(const xmlNode* node) {
    const auto type = ascii_lower(attribute(node, "type"));
    if (!type.empty()) return type.starts_with("image/");
    if (ascii_lower(attribute(node, "medium")) == "image") return true;
    return has_extension(attribute(node, "url"), {".jpg", ".jpeg", ".png", ".webp", ".gif"});
}

/// Of an element of Media RSS, or of the group around it.
std::string media_text(const xmlNode* media, std::string_view name) {
    for (const auto* node : {media, static_cast<const xmlNode*>(media->parent)})
        if (const auto* found = child(node, name)) return clean_line(text_of(found));
    return {};
}

void describe(pb::Figure& figure, const xmlNode* media) {
    if (figure.alt().empty()) figure.set_alt(shorten(media_text(media, "media:title"), 1000));
    const auto caption = media_text(media, "media:description");
    if (!caption.empty() && figure.caption().empty())
        figure.add_caption()->set_text(shorten(title_text(caption), 1000));
    figure.set_credit(shorten(media_text(media, "media:credit"), 200));
}

}  // namespace

std::string qualified_name(const xmlNode* node) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> known{{
        {"http://purl.org/rss/1.0/modules/content/", "content:"},
        {"http://purl.org/dc/elements/1.1/", "dc:"},
        {"http://purl.org/dc/terms/", "dcterms:"},
        {"http://purl.org/rss/1.0/", ""},
        {"http://www.w3.org/2005/Atom", "atom:"},
        {"http://purl.org/atom/ns#", "atom:"},
        {"http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:"},
        {"http://my.netscape.com/rdf/simple/0.9/", ""},
        {"http://www.w3.org/1999/xhtml", "xhtml:"},
        {"http://www.w3.org/2007/app", "app:"},
        {"http://purl.org/atom/app#", "app:"},
        {"http://schemas.google.com/blogger/2018", "blogger:"},
        {"http://purl.org/syndication/thread/1.0", "thr:"},
        {"http://search.yahoo.com/mrss", "media:"},
        {"http://search.yahoo.com/mrss/", "media:"},
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
    if (!is_element(parent)) return nullptr;
    for (const xmlNode* node = parent->children; node; node = node->next)
        if (is_element(node) && qualified_name(node) == name) return node;
    return nullptr;
}

std::string child_text(const xmlNode* parent, std::initializer_list<std::string_view> names) {
    for (const auto name : names)
        if (const auto* node = child(parent, name)) {
            auto out = text_of(node);
            if (!clean_line(out).empty()) return out;
        }
    return {};
}

std::string language_attribute(const xmlNode* node) {
    const XmlString out(xmlNodeGetLang(node));
    return std::string(view(out.get()));
}

std::string base_address(const xmlNode* node, const std::string& otherwise) {
    const XmlString base(xmlNodeGetBase(node->doc, node));
    const auto address = resolve_web_address(view(base.get()), otherwise);
    return address.empty() ? otherwise : address;
}

std::string title_text(const std::string& title) {
    if (title.find_first_of("<&") == title.npos) return clean_line(title);
    Pictures none{{}};
    const auto fragment = html_blocks(title, {{}, none});
    auto out = clean_line(text_of_blocks(fragment.blocks, 4096));
    return out.empty() ? clean_line(title) : out;
}

HtmlFragment fragment_blocks(const std::string& text, const HtmlContext& context) {
    const auto open = text.find('<');
    if (open != text.npos && text.find('>', open) == text.npos)
        return {text_blocks(text), false};
    return html_blocks(text, context);
}

std::string summary_text(const std::string& html) {
    Pictures none{{}};
    std::string out;
    for (const auto& block : html_blocks(html, {{}, none}).blocks) {
        append_block_text(out, block);
        if (!out.empty()) break;
    }
    return out;
}

bool is_comment_address(const std::string& address) {
    constexpr std::string_view mark = "#comment-";
    const auto at = address.find(mark);
    if (at == address.npos || at + mark.size() == address.size()) return false;
    return address.find_first_not_of("0123456789", at + mark.size()) == address.npos;
}

std::string name_for(const ImportSink& sink, const pb::Article& article) {
    const auto hash = sha256(article.title() + "\n" + std::to_string(article.published()));
    return sink.stable_name() + "#" + hash.hex().substr(0, 16);
}

void set_blocks(FoundArticle& found, HtmlFragment fragment, ImportSink& sink) {
    for (auto& block : fragment.blocks) *found.article.add_blocks() = std::move(block);
    if (fragment.cut)
        sink.warn(found.article.title() + ": nested too deeply, its end is missing");
}

bool add_lead(pb::Article& article, const std::string& source, const std::string& base,
              ImportSink& sink) {
    pb::Figure figure;
    if (article.has_lead() || source.empty() || !sink.pictures().attach(source, base, figure))
        return false;
    *article.mutable_lead() = std::move(figure);
    return true;
}

void add_attachment(pb::Article& article, const std::string& address, std::string_view title) {
    int attachments = 0;
    for (const auto& block : article.blocks()) {
        if (block.has_embed() && block.embed().url() == address) return;
        attachments += block.has_embed();
    }
    if (address.empty() || attachments >= max_attachments) return;
    auto name = clean_line(title);
    if (name.empty()) {
        const auto path = address.substr(0, address.find_first_of("?#"));
        name = clean_line(path.substr(path.rfind('/') + 1));
    }
    auto* embed = article.add_blocks()->mutable_embed();
    embed->set_title(shorten(name.empty() ? host_of(address) : name, 300));
    embed->set_url(address);
}

void add_media(const xmlNode* item, FoundArticle& found, const std::string& base,
               ImportSink& sink) {
    auto& article = found.article;
    const bool pictured = shows_picture(article);
    std::vector<const xmlNode*> media;
    const auto gather = [&](const xmlNode* from) {
        each_child(from, "media:content", [&](const xmlNode* node) { media.push_back(node); });
    };
    gather(item);
    each_child(item, "media:group", gather);
    each_child(item, "enclosure", [&](const xmlNode* node) { media.push_back(node); });
    each_child(item, "media:thumbnail", [&](const xmlNode* node) { media.push_back(node); });
    bool linked = false;
    for (const auto* node : media) {
        const auto source = attribute(node, "url");
        const bool thumbnail = qualified_name(node) == "media:thumbnail";
        if (thumbnail || is_picture(node)) {
            if (!pictured && add_lead(article, source, base, sink))
                describe(*article.mutable_lead(), node);
            continue;
        }
        // The other qualities of one film, which a group lists, are left out.
        const bool grouped = name_of(node->parent) == "group";
        if (grouped && std::exchange(linked, true)) continue;
        add_attachment(article, resolve_web_address(source, base),
                       media_text(node, "media:title"));
    }
}

}  // namespace colport
