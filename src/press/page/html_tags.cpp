#include "press/page/html_tags.h"

#include <unordered_map>

#include "article.pb.h"
#include "press/clean_text.h"

namespace colport {
namespace {

using Tags = std::unordered_map<std::string_view, Tag>;

const Tags& tags() {
    static const Tags known = [] {
        Tags out;
        const auto add = [&](Tag tag, std::initializer_list<std::string_view> names) {
            for (const auto name : names) out.emplace(name, tag);
        };
        add(Tag::dropped,
            {"script", "style", "noscript", "template", "form", "nav", "button", "select", "input",
             "textarea", "option", "svg", "canvas", "dialog", "head", "title", "meta", "link",
             "base", "map", "rp", "fieldset", "datalist",
             "amp-ad", "amp-analytics", "frameset", "noframes", "applet"});
        add(Tag::block,
            {"p", "div", "section", "article", "main", "header", "footer", "aside", "address",
             "center", "body", "html", "details", "hgroup", "dl", "dd", "figcaption", "tr", "td",
             "th", "tbody", "thead", "tfoot", "caption", "menu", "picture-group"});
        add(Tag::heading, {"h1", "h2", "h3", "h4", "h5", "h6"});
        add(Tag::list, {"ul", "ol", "dir"});
        add(Tag::item, {"li"});
        add(Tag::term, {"dt", "summary"});
        add(Tag::quote, {"blockquote"});
        add(Tag::preformatted, {"pre", "xmp", "listing"});
        add(Tag::table, {"table"});
        add(Tag::figure, {"figure", "amp-story"});
        add(Tag::gallery, {gallery_element});
        add(Tag::image, {"img", "amp-img", "image"});
        add(Tag::frame, {"iframe", "embed", "object", "amp-iframe"});
        add(Tag::player, {"video", "audio", "amp-video", "amp-audio"});
        add(Tag::rule, {"hr"});
        add(Tag::line_break, {"br"});
        add(Tag::ruby_text, {"rt"});
        return out;
    }();
    return known;
}

using Styles = std::unordered_map<std::string_view, std::uint32_t>;

const Styles& styles() {
    static const Styles known{
        {"b", pb::Span::BOLD},       {"strong", pb::Span::BOLD},    {"i", pb::Span::ITALIC},
        {"em", pb::Span::ITALIC},    {"cite", pb::Span::ITALIC},    {"dfn", pb::Span::ITALIC},
        {"var", pb::Span::ITALIC},   {"code", pb::Span::MONOSPACE}, {"kbd", pb::Span::MONOSPACE},
        {"samp", pb::Span::MONOSPACE}, {"tt", pb::Span::MONOSPACE}, {"s", pb::Span::STRIKE},
        {"del", pb::Span::STRIKE},   {"strike", pb::Span::STRIKE},  {"sub", pb::Span::SUBSCRIPT},
        {"sup", pb::Span::SUPERSCRIPT}, {"dt", pb::Span::BOLD},     {"summary", pb::Span::BOLD},
    };
    return known;
}

/// The `style` attribute, lower case and without blanks.
std::string css_of(const xmlNode* node) {
    auto css = ascii_lower(attribute(node, "style"));
    std::erase_if(css, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
    return css;
}

}  // namespace

Tag tag_of(std::string_view name) {
    const auto at = tags().find(name);
    return at == tags().end() ? Tag::text : at->second;
}

std::uint32_t style_of(const xmlNode* node, std::uint32_t around) {
    const auto at = styles().find(name_of(node));
    const auto out = around | (at == styles().end() ? 0 : at->second);
    const auto css = css_of(node);
    if (css.empty()) return out;
    // Editors paste whole documents inside <b style="font-weight:normal">.
    if (css.find("font-weight:normal") != css.npos || css.find("font-weight:400") != css.npos)
        return out & ~std::uint32_t{pb::Span::BOLD};
    std::uint32_t more = 0;
    if (css.find("font-weight:bold") != css.npos || css.find("font-weight:700") != css.npos)
        more |= pb::Span::BOLD;
    if (css.find("font-style:italic") != css.npos) more |= pb::Span::ITALIC;
    return out | more;
}

bool is_hidden(const xmlNode* node) {
    if (!node->properties) return false;
    for (const xmlAttr* attr = node->properties; attr; attr = attr->next)
        if (view(attr->name) == "hidden") return attribute(node, "hidden") != "until-found";
    const auto css = css_of(node);
    return css.find("display:none") != css.npos || css.find("visibility:hidden") != css.npos;
}

bool is_heading_button(const xmlNode* node) {
    return name_of(node) == "button" && is_element(node->parent) &&
           tag_of(name_of(node->parent)) == Tag::heading;
}

bool has_class_word(const xmlNode* node, std::initializer_list<std::string_view> words) {
    const auto names = ascii_lower(attribute(node, "class"));
    for (std::size_t begin = 0; begin < names.size();) {
        const auto end = std::min(names.find_first_of(" \t\n-_", begin), names.size());
        const auto word = std::string_view(names).substr(begin, end - begin);
        if (std::find(words.begin(), words.end(), word) != words.end()) return true;
        begin = end + 1;
    }
    return false;
}

int number_attribute(const xmlNode* node, std::string_view name) {
    const auto text = attribute(node, name);
    int out = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 6 && text[digits] >= '0' && text[digits] <= '9')
        out = out * 10 + (text[digits++] - '0');
    const bool relative = digits < text.size() && text[digits] == '%';
    return digits == 0 || relative ? -1 : out;
}

}  // namespace colport
