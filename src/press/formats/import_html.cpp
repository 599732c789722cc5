#include "press/formats/import_html.h"

#include "press/clean_text.h"
#include "press/formats/import_text.h"
#include "press/formats/page_kind.h"
#include "press/page/bylines.h"
#include "press/page/html_blocks.h"
#include "press/page/inline_text.h"
#include "press/page/page_body.h"
#include "press/page/page_facts.h"
#include "press/page/prose_dates.h"
#include "press/page/trim_blocks.h"
#include "press/urls.h"

namespace colport {
namespace {

// Less is a teaser: then what only its name made suspect is looked at again.
constexpr std::size_t too_little = 250;
constexpr std::size_t max_alt = 2000;
// Of the text that the page shows, what search engines are told must be as much.
constexpr double rescue_share = 0.7;
// Of the text: boxes are named so by most pages, but are seldom as long.
constexpr double much_by_name = 0.4;
constexpr double much_beside = 0.25;
constexpr std::size_t whole_text = std::size_t{4} << 20;

std::string base_of(const xmlNode* root, const PageFacts& facts, const ImportOptions& options) {
    const auto& page = facts.url.empty() ? options.base_url : facts.url;
    for (const xmlNode* node = root; node; node = next_node(node, root))
        if (is_element(node) && name_of(node) == "base")
            if (auto base = resolve_web_address(attribute(node, "href"), page); !base.empty())
                return base;
    return page;
}

struct Body {
    std::vector<pb::Block> blocks;
    std::string text;
    std::size_t suspected = 0;   ///< as in PageBody
    std::size_t left = 0;        ///< as in PageBody
    std::size_t words_cut = 0;   ///< as trim_blocks() counts them
};

/// What the page says in so many words above its text, where nothing else does.
void read_above(const std::vector<pb::Block>& blocks, PageFacts& facts) {
    constexpr std::size_t above = 8;
    for (std::size_t i = 0; i < std::min(blocks.size(), above); ++i) {
        if (!blocks[i].has_paragraph()) continue;
        std::string line;
        append_text(line, blocks[i].paragraph().spans());
        if (facts.authors.empty()) facts.authors = read_byline(line).value_or(facts.authors);
        if (!facts.published && is_prose_date(line)) facts.published = parse_prose_date(line);
    }
}

Body read_body(xmlDoc* page, Pruning pruning, const HtmlContext& context,
               PageFacts& facts) {
    Body out;
    const auto body = find_page_body(page, pruning);
    out.suspected = body.suspected;
    out.left = body.left;
    out.blocks = html_blocks(body.node, context);
    read_above(out.blocks, facts);
    out.words_cut = trim_blocks(out.blocks, facts.title, facts.authors);
    out.text = text_of_blocks(out.blocks, whole_text);
    return out;
}

/// Pages that a script draws carry their text for search engines. Where much else
/// is `shown`, in bytes, it may be another article's.
void rescue(Body& body, const PageFacts& facts, double shown, const HtmlContext& context) {
    if (body.text.size() >= too_little || facts.body.size() <= 2 * body.text.size() ||
        static_cast<double>(facts.body.size()) < rescue_share * shown)
        return;
    const bool markup = facts.body.find("</") != facts.body.npos;
    body.blocks = markup ? html_blocks(Bytes(facts.body), context).blocks : text_blocks(facts.body);
    body.words_cut = trim_blocks(body.blocks, facts.title, facts.authors);
    body.suspected = body.left = 0;
}

/// Themes that are set up wrongly call every page of a site by its front page's address.
void drop_foreign_address(PageFacts& facts, const std::string& stable_name) {
    if (!is_front_page(facts.url) || is_front_name(stable_name)) return;
    facts.url = resolve_web_address(stable_name, {});
}

/// The picture that the page shows to others, where its text has none.
void add_lead(const PageFacts& facts, const std::vector<pb::Block>& blocks,
              const HtmlContext& context, pb::Article& article) {
    if (facts.picture.empty()) return;
    for (const auto& block : blocks)
        if (block.has_figure()) return;
    pb::Figure lead;
    if (!context.pictures.attach(facts.picture, context.base_url, lead)) return;
    lead.set_alt(shorten(clean_line(facts.picture_alt), max_alt));
    *article.mutable_lead() = std::move(lead);
}

/// About as many words as `bytes` without blanks make.
std::size_t words_of(std::size_t bytes) { return bytes / 6; }

}  // namespace

Status import_html(Bytes content, ImportSink& sink) {
    const auto page = COLPORT_TRY(parse_html(content, sink.options().charset));
    const auto* root = xmlDocGetRootElement(page.tree.get());
    auto facts = page_facts(root, sink.options().base_url);
    drop_foreign_address(facts, sink.stable_name());
    const auto& guid = facts.url.empty() ? sink.stable_name() : facts.url;
    const bool of_site = sink.options().is_of_site;
    const auto kind = of_site ? kind_of_page(root) : std::string();
    const bool is_article = kind.find("article") != kind.npos;
    if (of_site && !is_article && is_list_name(sink.stable_name())) {
        sink.pass_over_page(guid, facts.url);
        return done();
    }
    const HtmlContext context{root ? base_of(root, facts, sink.options()) : std::string(),
                              sink.pictures()};
    auto body = read_body(page.tree.get(), Pruning::strict, context, facts);
    // Words have blanks between them, which masses do not count.
    if (body.text.size() < std::max(too_little, body.suspected + body.suspected / 5)) {
        const auto again = COLPORT_TRY(parse_html(content, sink.options().charset));
        const auto shown = static_cast<double>(page_text_size(again.tree.get()));
        auto relaxed = read_body(again.tree.get(), Pruning::relaxed, context, facts);
        if (relaxed.text.size() > 2 * body.text.size()) body = std::move(relaxed);
        rescue(body, facts, shown, context);
    }

    // With nothing on it it leads elsewhere.
    if (of_site && (body.blocks.empty() || !may_be_article(kind, facts.published.has_value()))) {
        sink.pass_over_page(guid, facts.url);
        return done();
    }
    FoundArticle found{.guid = guid, .language_around = facts.language};
    auto& article = found.article;
    article.set_title(facts.title);
    article.set_url(facts.url);
    article.set_section(shorten(clean_line(facts.section), 200));
    for (const auto& name : facts.authors) add_author(article, name);
    for (const auto& name : facts.tags) add_tag(article, name);
    if (facts.published) {
        article.set_published(facts.published->seconds);
        article.set_zone(facts.published->zone);
    }
    if (facts.updated) article.set_updated(facts.updated->seconds);
    add_lead(facts, body.blocks, context, article);
    for (auto& block : body.blocks) *article.add_blocks() = std::move(block);
    found.words_cut = body.words_cut;
    const auto size = static_cast<double>(body.text.size());
    if (static_cast<double>(body.suspected) >= much_by_name * size)
        found.words_cut += words_of(body.suspected);
    if (static_cast<double>(body.left) >= much_beside * size)
        found.words_cut += words_of(body.left);
    set_summary(article, facts.summary);
    if (!page.lost.empty()) sink.warn(sink.name() + ": " + page.lost);
    if (page.cut) sink.warn(sink.name() + ": nested too deeply, its end is missing");
    sink.add(std::move(found));
    return done();
}

}  // namespace colport
