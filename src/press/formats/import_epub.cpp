#include "press/formats/import_epub.h"

#include "press/clean_text.h"
#include "press/dates.h"
#include "press/formats/epub_book.h"
#include "press/formats/feed_elements.h"
#include "press/page/inline_text.h"

namespace colport {
namespace {

/// Most books are well-formed XML; the others are read as browsers read them.
struct Document {
    XmlDocument tree;
    bool cut = false;
    std::string lost;
};

Result<Document> parse_document(Bytes file) {
    if (auto xml = parse_xml(file); xml && !xml->damaged)
        return Document{std::move(xml->tree), false, xml->lost};
    auto html = COLPORT_TRY(parse_html(file));
    return Document{std::move(html.tree), html.cut, html.lost};
}

const xmlNode* find_element(const xmlNode* root, std::string_view name) {
    for (const xmlNode* node = root; node; node = next_node(node, root))
        if (is_element(node) && name_of(node) == name) return node;
    return nullptr;
}

/// The first heading of a text whose title nothing else tells.
std::string heading_of(const HtmlFragment& text) {
    for (const auto& block : text.blocks) {
        if (!block.has_heading()) continue;
        std::string out;
        for (const auto& span : block.heading().spans()) out += span.text();
        return clean_line(out);
    }
    return {};
}

class EpubReader {
public:
    EpubReader(const EpubBook& book, ImportSink& sink)
        : book_(book),
          sink_(sink),
          pictures_(
              {},
              [this](const std::string& source, const std::string&) { return picture(source); },
              picture_rules(sink.options())) {}

    void read() {
        for (const auto& document : book_.documents) read_document(document);
        flush();
        sink_.take(pictures_);
    }

private:
    void read_document(const EpubDocument& document);
    void begin(const EpubDocument& document, const xmlNode* root);
    void flush();

    std::optional<std::string> picture(const std::string& source) const {
        const auto file = book_.files.find(epub_path(source, path_));
        return file == book_.files.end() ? std::nullopt : std::optional(file->second);
    }

    const EpubBook& book_;
    ImportSink& sink_;
    Pictures pictures_;
    std::string path_;      ///< of the document that is being read
    bool open_ = false;
    FoundArticle chapter_;
};

void EpubReader::begin(const EpubDocument& document, const xmlNode* root) {
    flush();
    open_ = true;
    chapter_ = {};
    chapter_.guid = (book_.identifier.empty() ? sink_.stable_name() : book_.identifier) + "#" +
                    document.path;
    chapter_.language = language_attribute(root);
    chapter_.language_around = book_.language;
    auto& article = chapter_.article;
    article.set_title(document.title);
    article.set_section(shorten(book_.title, 200));
    if (const auto at = parse_date(book_.date)) {
        article.set_published(at->seconds);
        article.set_zone(at->zone);
    }
    for (const auto& name : book_.authors) add_author(article, name);
    for (const auto& subject : book_.subjects) add_tag(article, subject);
}

void EpubReader::read_document(const EpubDocument& document) {
    path_ = document.path;
    const auto page = parse_document(book_.files.at(document.path));
    if (!page) {
        sink_.report_damage(document.path, page.error().message);
        return;
    }
    if (!page->lost.empty()) sink_.warn(document.path + ": " + page->lost);
    const auto* root = xmlDocGetRootElement(page->tree.get());
    const auto* body = root ? find_element(root, "body") : nullptr;
    HtmlFragment text{html_blocks(body ? body : root, {{}, pictures_}), page->cut};
    // A cover: pictures and no word.
    std::string words;
    for (const auto& block : text.blocks) append_block_text(words, block);
    if (clean_line(words).empty() && !open_) return;
    if (document.begins || !open_) begin(document, root);
    if (chapter_.article.title().empty()) {
        auto title = heading_of(text);
        if (const auto* named = root ? find_element(root, "title") : nullptr;
            title.empty() && named)
            title = clean_line(text_of(named));
        chapter_.article.set_title(title);
    }
    set_blocks(chapter_, std::move(text), sink_);
}

void EpubReader::flush() {
    if (std::exchange(open_, false)) sink_.add(std::move(chapter_));
}

}  // namespace

Status import_epub(Bytes content, ImportSink& sink) {
    const auto book = COLPORT_TRY(read_epub(content));
    EpubReader(book, sink).read();
    return done();
}

}  // namespace colport
