#include "article/epub.h"

#include <fmt/format.h>

#include <map>

#include "article/article.h"
#include "article/render.h"
#include "article/xml.h"
#include "article/zip_writer.h"
#include "core/bytes.h"

namespace colport {
namespace {

constexpr const char* container =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    "<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">"
    "<rootfiles><rootfile full-path=\"EPUB/package.opf\" "
    "media-type=\"application/oebps-package+xml\"/></rootfiles></container>\n";

constexpr const char* style =
    "body { line-height: 1.5; }\n.byline, figcaption, .credit { font-size: .85em; }\n"
    "img { max-width: 100%; height: auto; }\n.missing { border: 1px dashed; padding: .5em; }\n"
    "figure { margin: 1em 0; }\n";

const char* extension_of(std::string_view type) {
    if (type == "image/jpeg") return "jpg";
    if (type == "image/png") return "png";
    if (type == "image/gif") return "gif";
    if (type == "image/webp") return "webp";
    return nullptr;
}

std::string language_of(std::string_view language) {
    return language.empty() ? "und" : escape_xml(language);
}

std::string page(std::string_view language, std::string_view title, const std::string& body) {
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n"
        "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" "
        "lang=\"{0}\" xml:lang=\"{0}\" dir=\"{1}\">\n<head>\n<title>{2}</title>\n"
        "<link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/>\n</head>\n<body>\n{3}</body>\n"
        "</html>\n",
        language_of(language), is_right_to_left(language) ? "rtl" : "ltr", escape_xml(title),
        xml_text(body));
}

std::string title_of(const pb::Article& article) {
    return article.title().empty() ? "…" : article.title();
}

class Binder {
public:
    Binder(const Book& book, const BookPicture& picture) : book_(book), picture_(picture) {}

    Result<std::string> run() {
        members_.push_back({"mimetype", "application/epub+zip", false});
        members_.push_back({"META-INF/container.xml", container});
        add("style", "style.css", "text/css", style, "");
        std::string contents, spine;
        for (std::size_t i = 0; i < book_.chapters.size(); ++i) {
            const auto& article = book_.chapters[i].article;
            const auto name = fmt::format("article-{}", i + 1);
            add(name, name + ".xhtml", "application/xhtml+xml", chapter(book_.chapters[i]), "");
            spine += fmt::format("<itemref idref=\"{}\"/>\n", name);
            contents += fmt::format("<li><a href=\"{}.xhtml\">{}</a></li>\n", name,
                                    escape_xml(title_of(article)));
        }
        add("nav", "nav.xhtml", "application/xhtml+xml",
            page(book_.language, book_.title,
                 fmt::format("<nav epub:type=\"toc\"><h1>{}</h1>\n<ol>\n{}</ol></nav>\n",
                             escape_xml(book_.title), contents)),
            " properties=\"nav\"");
        members_.push_back({"EPUB/package.opf", package(spine)});
        return to_zip(members_, book_.modified);
    }

private:
    void add(const std::string& id, const std::string& name, const std::string& type,
             std::string content, const std::string& properties, bool compressed = true) {
        manifest_ += fmt::format("<item id=\"{}\" href=\"{}\" media-type=\"{}\"{}/>\n", id, name,
                                 type, properties);
        members_.push_back({"EPUB/" + name, std::move(content), compressed});
    }

    /// The name of its file; "" where it is not to be had.
    std::string picture_name(const pb::Figure& figure) {
        const auto id = Sha256::from(figure.picture());
        if (!id) return "";
        if (const auto known = pictures_.find(*id); known != pictures_.end()) return known->second;
        auto& name = pictures_[*id];
        auto found = picture_(*id);
        if (!found) return "";
        const char* extension = extension_of(found->media_type());
        if (extension == nullptr || bytes_ + found->data().size() > most_book_pictures) return "";
        bytes_ += found->data().size();
        name = fmt::format("picture-{}.{}", id->hex().substr(0, 16), extension);
        add("p" + id->hex().substr(0, 16), name, found->media_type(),
            std::move(*found->mutable_data()), "", false);
        return name;
    }

    std::string chapter(const BookChapter& chapter) {
        const auto& article = chapter.article;
        std::string about;
        for (const auto& author : article.authors())
            about += (about.empty() ? "" : ", ") + author;
        for (const auto& part : {chapter.feed_name, format_time(article.published(), article.zone())})
            if (!part.empty()) about += (about.empty() ? "" : " · ") + part;
        return page(article.language(), title_of(article),
                    fmt::format("<h1>{}</h1>\n<p class=\"byline\">{}</p>\n{}{}",
                                escape_xml(title_of(article)), escape_xml(about),
                                article.note().empty()
                                    ? ""
                                    : "<p><em>" + escape_xml(article.note()) + "</em></p>\n",
                                to_html(article, [this](const pb::Figure& figure) {
                                    return picture_name(figure);
                                })));
    }

    std::string package(const std::string& spine) const {
        return fmt::format(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
            "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" "
            "unique-identifier=\"id\">\n<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
            "<dc:identifier id=\"id\">{}</dc:identifier>\n<dc:title>{}</dc:title>\n"
            "<dc:language>{}</dc:language>\n<meta property=\"dcterms:modified\">{}</meta>\n"
            "</metadata>\n<manifest>\n{}</manifest>\n<spine{}>\n{}</spine>\n</package>\n",
            escape_xml(book_.id), escape_xml(book_.title), language_of(book_.language),
            format_timestamp(std::max<std::int64_t>(book_.modified, 1)), manifest_,
            is_right_to_left(book_.language) ? " page-progression-direction=\"rtl\"" : "", spine);
    }

    const Book& book_;
    const BookPicture& picture_;
    std::vector<ZipMember> members_;
    std::string manifest_;
    std::map<Sha256, std::string> pictures_;
    std::size_t bytes_ = 0;
};

}  // namespace

Result<std::string> to_epub(const Book& book, const BookPicture& picture) {
    if (book.chapters.empty()) return Error{Errc::invalid, "a book of no articles"};
    return Binder(book, picture).run();
}

}  // namespace colport
