#include <fmt/format.h>

#include <array>

#include "article/article.h"
#include "article/render.h"

namespace colport {
namespace {

struct StyleElement {
    std::uint32_t style;
    const char* element;
};
constexpr StyleElement style_elements[] = {
    {pb::Span::BOLD, "strong"},   {pb::Span::ITALIC, "em"},     {pb::Span::MONOSPACE, "code"},
    {pb::Span::STRIKE, "s"},      {pb::Span::SUBSCRIPT, "sub"}, {pb::Span::SUPERSCRIPT, "sup"},
};

constexpr auto escapes = [] {
    std::array<const char*, 256> out{};
    out['&'] = "&amp;";
    out['<'] = "&lt;";
    out['>'] = "&gt;";
    out['"'] = "&quot;";
    out['\''] = "&#39;";
    return out;
}();

template <class Spans>
std::string inline_html(const Spans& spans) {
    std::string out;
    for (const pb::Span& span : spans) {
        std::string close;
        // The address is shown, not linked: a click would tell the network who reads.
        const bool link = !span.href().empty();
        if (link) out += "<span class=\"link\">", close = "</span>";
        for (const auto& [style, element] : style_elements) {
            if ((span.style() & style) == 0) continue;
            out += fmt::format("<{}>", element);
            close = fmt::format("</{}>", element) + close;
        }
        std::string_view text = span.text();
        for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
            out += escape_html(text.substr(0, end)) + "<br/>";
            text.remove_prefix(end + 1);
        }
        out += escape_html(text);
        out += close;
        if (link && span.href() != span.text())
            out += fmt::format(" <span class=\"address\" dir=\"ltr\">{}</span>",
                               escape_html(span.href()));
    }
    return out;
}

std::string figure_html(const pb::Figure& figure, const PictureUrl& picture_url,
                        const MissingText& missing) {
    std::string out = "<figure>";
    const auto url = figure.picture().empty() ? "" : picture_url(figure);
    if (!url.empty()) {
        out += fmt::format("<img src=\"{}\" alt=\"{}\"", escape_html(url),
                           escape_html(figure.alt()));
        if (figure.width() != 0 && figure.height() != 0)
            out += fmt::format(" width=\"{}\" height=\"{}\"", figure.width(), figure.height());
        out += "/>";
    } else {
        const auto about = missing && !figure.picture().empty() ? missing(figure) : "";
        if (!figure.alt().empty() || !about.empty())
            out += fmt::format("<p class=\"missing\">{}{}{}</p>", escape_html(figure.alt()),
                               figure.alt().empty() || about.empty() ? "" : "<br/>",
                               escape_html(about));
    }
    const auto caption = inline_html(figure.caption());
    const auto credit = escape_html(figure.credit());
    if (!caption.empty() || !credit.empty()) {
        out += "<figcaption>" + caption;
        if (!credit.empty())
            out += fmt::format("{}<span class=\"credit\">{}</span>", caption.empty() ? "" : " ",
                               credit);
        out += "</figcaption>";
    }
    return out + "</figure>\n";
}

std::string list_html(const pb::List& list) {
    const std::string name = list.ordered() ? "ol" : "ul";
    const std::string open = "<" + name + ">";
    const std::string close = "</li></" + name + ">";
    std::string out = list.ordered() && list.start() > 1
                          ? fmt::format("<ol start=\"{}\">", list.start())
                          : open;
    std::uint32_t depth = 0;
    bool first = true;
    for (const auto& item : list.items()) {
        if (!first && item.depth() <= depth) out += "</li>";
        for (; !first && depth < item.depth() && depth < 8; ++depth) {
            out += open;
            if (depth + 1 < item.depth()) out += "<li>";
        }
        if (!first)
            for (; depth > item.depth(); --depth) out += "</" + name + "></li>";
        out += "<li>" + inline_html(item.spans());
        if (first) depth = 0;
        first = false;
    }
    for (; depth > 0; --depth) out += close;
    return out + (first ? "</" + name + ">" : close) + "\n";
}

std::string quote_html(const pb::Quote& quote) {
    std::string out = "<blockquote>";
    for (const auto& paragraph : quote.paragraphs())
        out += "<p>" + inline_html(paragraph.spans()) + "</p>";
    if (!quote.source().empty())
        out += "<p class=\"credit\">— " + escape_html(quote.source()) + "</p>";
    return out + "</blockquote>\n";
}

std::string table_html(const pb::Table& table) {
    std::string out = "<div class=\"table\"><table>";
    if (table.caption_size() != 0)
        out += "<caption>" + inline_html(table.caption()) + "</caption>";
    for (const auto& row : table.rows()) {
        const char* cell_name = row.header() ? "th" : "td";
        out += "<tr>";
        for (const auto& cell : row.cells())
            out += fmt::format("<{0}>{1}</{0}>", cell_name, inline_html(cell.spans()));
        out += "</tr>";
    }
    return out + "</table></div>\n";
}

std::string block_html(const pb::Block& block, const PictureUrl& picture_url,
                       const MissingText& missing) {
    switch (block.kind_case()) {
        case pb::Block::kParagraph:
            return "<p>" + inline_html(block.paragraph().spans()) + "</p>\n";
        case pb::Block::kHeading:
            return fmt::format("<h{0}>{1}</h{0}>\n", block.heading().level(),
                               inline_html(block.heading().spans()));
        case pb::Block::kList: return list_html(block.list());
        case pb::Block::kQuote: return quote_html(block.quote());
        case pb::Block::kTable: return table_html(block.table());
        case pb::Block::kCode:
            return "<pre><code>" + escape_html(block.code().text()) + "</code></pre>\n";
        case pb::Block::kFigure: return figure_html(block.figure(), picture_url, missing);
        case pb::Block::kEmbed:
            return fmt::format(
                "<p class=\"embed\">{} <span class=\"address\" dir=\"ltr\">{}</span></p>\n",
                escape_html(block.embed().title()), escape_html(block.embed().url()));
        case pb::Block::kRule: return "<hr/>\n";
        case pb::Block::KIND_NOT_SET: return "";
    }
    return "";
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char* escape = escapes[static_cast<unsigned char>(text[at])];
        if (escape == nullptr) continue;
        out.append(text, begin, at - begin).append(escape);
        begin = at + 1;
    }
    return out.append(text, begin);
}

std::string to_html(const pb::Article& article, const PictureUrl& picture_url,
                    const MissingText& missing) {
    std::string out;
    if (!article.summary().empty())
        out += "<p class=\"summary\">" + escape_html(article.summary()) + "</p>\n";
    if (article.has_lead()) out += figure_html(article.lead(), picture_url, missing);
    for (const auto& block : article.blocks()) out += block_html(block, picture_url, missing);
    return out;
}

}  // namespace colport
