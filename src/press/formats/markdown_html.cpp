#include "press/formats/markdown_html.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <fmt/format.h>

#include <memory>

#include "press/clean_text.h"
#include "press/formats/shortcodes.h"

namespace colport {
namespace {

std::string attribute_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '"') out += "&quot;";
        else if (c == '<') out += "&lt;";
        else if (c != '\n') out += c;
    }
    return out;
}

std::string frame(const std::string& address) {
    return fmt::format("\n\n<iframe src=\"{}\"></iframe>\n\n", attribute_text(address));
}

/// A line as long as the longest that the code holds, and longer.
std::string fenced(const std::string& language, const std::string& code) {
    std::string fence = "````";
    while (code.find(fence) != code.npos) fence += '`';
    return fmt::format("\n{}{}\n{}\n{}\n", fence, attribute_text(language), code, fence);
}

std::string figure(const Shortcode& code) {
    auto text = code.value("caption");
    if (text.empty()) text = code.value("title");
    return fmt::format(
        "\n\n<figure><img src=\"{}\" alt=\"{}\"><figcaption>{} {}</figcaption></figure>\n\n",
        attribute_text(code.value("src").empty() ? code.value("0") : code.value("src")),
        attribute_text(code.value("alt")), attribute_text(text), attribute_text(code.value("attr")));
}

std::optional<std::string> expand_hugo(const Shortcode& code, const std::string& inner, bool) {
    const auto id = code.value("id").empty() ? code.value("0") : code.value("id");
    if (code.name == "figure" || code.name == "img" || code.name == "image") return figure(code);
    if (code.name == "youtube") return frame("https://www.youtube.com/watch?v=" + id);
    if (code.name == "vimeo") return frame("https://vimeo.com/" + id);
    if (code.name == "highlight") return fenced(code.value("0"), inner);
    return inner;
}

std::optional<std::string> expand_jekyll(const Shortcode& code, const std::string& inner, bool) {
    if (code.name == "highlight") return fenced(code.value("0"), inner);
    if (code.name == "youtube") return frame("https://www.youtube.com/watch?v=" + code.value("0"));
    return inner;
}

/// `{{ site.baseurl }}` and its like, and kramdown's `{: .class}`.
std::string without_liquid(const std::string& text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto open = text.find('{', at);
        out.append(text, at, open == text.npos ? text.npos : open - at);
        if (open == text.npos) break;
        at = open + 1;
        const bool value = text.compare(open, 2, "{{") == 0;
        const bool style = text.compare(open, 2, "{:") == 0;
        const auto line = text.substr(open, std::min(text.find('\n', open), text.size()) - open);
        const auto close = value ? line.find("}}") : style ? line.find('}') : line.npos;
        if (close == line.npos) out += '{';
        else at = open + close + (value ? 2 : 1);
    }
    return out;
}

std::size_t count(std::string_view text, std::string_view mark) {
    std::size_t out = 0;
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + mark.size())) ++out;
    return out;
}

/// Cells that the table parser could make of the text: short rows are filled up to
/// the width of the first.
std::size_t possible_cells(std::string_view text) {
    std::size_t lines = 0;
    std::size_t widest = 0;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        widest = std::max(widest, count(line, "|"));
        ++lines;
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return lines * widest;
}

// Beyond these, more than any article has, extensions take minutes: the text is
// then read without them.
constexpr std::size_t max_cells = 1'000'000;
constexpr std::size_t max_footnotes = 2000;
constexpr std::size_t max_addresses = 5000;
// No extension: beyond these there is no text.
constexpr std::size_t max_pictures = 10'000;

struct FreeCmark {
    void operator()(cmark_parser* parser) const noexcept { cmark_parser_free(parser); }
    void operator()(cmark_node* node) const noexcept { cmark_node_free(node); }
    void operator()(char* text) const noexcept { cmark_get_default_mem_allocator()->free(text); }
};

}  // namespace

Result<std::string> markdown_html(std::string_view text) {
    static const bool ready = (cmark_gfm_core_extensions_ensure_registered(), true);
    (void)ready;
    std::string source(text);
    if (source.find("{{") != source.npos) {
        source = expand_shortcodes(source, {"{{<", ">}}"}, expand_hugo);
        source = expand_shortcodes(source, {"{{%", "%}}"}, expand_hugo);
    }
    if (source.find("{%") != source.npos)
        source = expand_shortcodes(source, {"{%", "%}"}, expand_jekyll);
    source = without_liquid(source);
    if (count(source, "![") > max_pictures)
        return Error{Errc::too_large, "names more pictures than an article has"};

    int options = CMARK_OPT_UNSAFE | CMARK_OPT_VALIDATE_UTF8;
    if (count(source, "[^") <= max_footnotes) options |= CMARK_OPT_FOOTNOTES;
    std::vector<const char*> extensions{"strikethrough", "tasklist"};
    if (possible_cells(source) <= max_cells) extensions.push_back("table");
    if (count(source, "@") + count(source, "www.") + count(source, "://") <= max_addresses)
        extensions.push_back("autolink");
    const std::unique_ptr<cmark_parser, FreeCmark> parser(cmark_parser_new(options));
    for (const char* name : extensions)
        if (auto* extension = cmark_find_syntax_extension(name))
            cmark_parser_attach_syntax_extension(parser.get(), extension);
    cmark_parser_feed(parser.get(), source.data(), source.size());
    const std::unique_ptr<cmark_node, FreeCmark> document(cmark_parser_finish(parser.get()));
    const std::unique_ptr<char, FreeCmark> html(cmark_render_html(
        document.get(), options, cmark_parser_get_syntax_extensions(parser.get())));
    return std::string(html.get());
}

}  // namespace colport
