#include "press/formats/epub_book.h"

#include <libxml/uri.h>

#include <filesystem>
#include <set>

#include "core/limits.h"
#include "press/clean_text.h"
#include "press/formats/xml_tree.h"
#include "press/formats/zip_file.h"
#include "press/pictures/picture_file.h"

namespace colport {
namespace {

constexpr std::size_t max_text = 64 * limits::mib;
constexpr std::size_t max_pictures = 256 * limits::mib;

bool ends_in(const std::string& name, std::initializer_list<std::string_view> endings) {
    const auto lower = ascii_lower(name);
    for (const auto ending : endings)
        if (lower.ends_with(ending)) return true;
    return false;
}

Result<std::map<std::string, std::string>> unpack(Bytes content) {
    std::map<std::string, std::string> out;
    std::size_t text = 0;
    std::size_t pictures = 0;
    COLPORT_TRY(visit_zip(content, [&](ZipEntry& entry) -> Status {
        if (ends_in(entry.name, {".xhtml", ".html", ".htm", ".xml", ".opf", ".ncx"})) {
            auto file = COLPORT_TRY(read_all(entry.content, max_text - text));
            text += file.size();
            out.emplace(entry.name, std::move(file));
        } else if (ends_in(entry.name, {".jpg", ".jpeg", ".png", ".gif", ".webp"})) {
            auto file = read_all(entry.content,
                                 std::min(max_picture_file, max_pictures - pictures));
            if (!file && file.error().code != Errc::too_large) return file.error();
            if (!file) return done();
            pictures += file->size();
            out.emplace(entry.name, std::move(*file));
        }
        return done();
    }));
    return out;
}

template <class Visit>
void each_element(const xmlNode* root, std::string_view name, const Visit& visit) {
    for (const xmlNode* node = root; node; node = next_node(node, root))
        if (is_element(node) && name_of(node) == name) visit(node);
}

std::string first_text(const xmlNode* root, std::string_view name) {
    std::string out;
    each_element(root, name, [&](const xmlNode* node) {
        if (out.empty()) out = clean_line(text_of(node));
    });
    return out;
}

Result<XmlFile> parse_file(const EpubBook& book, const std::string& path) {
    const auto file = book.files.find(path);
    if (file == book.files.end())
        return Error{Errc::corrupt, "is damaged: " + shorten(path, 200) + " is missing in it"};
    auto out = parse_xml(file->second);
    if (!out) return std::move(out).error().in(shorten(path, 200));
    return out;
}

Status refuse_encrypted(const EpubBook& book) {
    const auto file = book.files.find("META-INF/encryption.xml");
    if (file == book.files.end()) return done();
    const auto xml = COLPORT_TRY(parse_xml(file->second));
    bool encrypted = false;
    each_element(xmlDocGetRootElement(xml.tree.get()), "CipherReference", [&](const xmlNode* node) {
        encrypted = encrypted || ends_in(attribute(node, "URI"), {"html", ".htm", ".xml", ".opf"});
    });
    if (encrypted)
        return Error{Errc::unsupported, "is encrypted", "take the book from before it was locked"};
    return done();
}

struct Manifest {
    std::map<std::string, std::string> paths;        // by id
    std::map<std::string, std::string> properties;   // by path
    std::string contents;                            // path of the NCX
};

Manifest read_manifest(const xmlNode* package, const std::string& path) {
    Manifest out;
    each_element(package, "item", [&](const xmlNode* node) {
        const auto file = epub_path(attribute(node, "href"), path);
        out.paths[attribute(node, "id")] = file;
        out.properties[file] = " " + attribute(node, "properties") + " ";
        if (attribute(node, "media-type") == "application/x-dtbncx+xml") out.contents = file;
    });
    return out;
}

void read_metadata(const xmlNode* package, EpubBook& book) {
    book.title = first_text(package, "title");
    book.language = first_text(package, "language");
    book.date = first_text(package, "date");
    const auto wanted = attribute(package, "unique-identifier");
    each_element(package, "identifier", [&](const xmlNode* node) {
        if (book.identifier.empty() || attribute(node, "id") == wanted)
            book.identifier = clean_line(text_of(node));
    });
    each_element(package, "creator",
                 [&](const xmlNode* node) { book.authors.push_back(clean_line(text_of(node))); });
    each_element(package, "subject",
                 [&](const xmlNode* node) { book.subjects.push_back(clean_line(text_of(node))); });
}

/// Titles by path: the first of each, as the table of contents has it.
std::map<std::string, std::string> read_contents(const EpubBook& book, const Manifest& manifest) {
    std::map<std::string, std::string> out;
    for (const auto& [path, properties] : manifest.properties) {
        if (properties.find(" nav ") == properties.npos) continue;
        const auto nav = parse_file(book, path);
        if (!nav) continue;
        each_element(xmlDocGetRootElement(nav->tree.get()), "nav", [&](const xmlNode* list) {
            const auto type = attribute(list, "type");
            if (!type.empty() && type != "toc") return;
            each_element(list, "a", [&](const xmlNode* link) {
                out.try_emplace(epub_path(attribute(link, "href"), path),
                                clean_line(text_of(link)));
            });
        });
    }
    if (!out.empty() || manifest.contents.empty()) return out;
    const auto ncx = parse_file(book, manifest.contents);
    if (!ncx) return out;
    each_element(xmlDocGetRootElement(ncx->tree.get()), "navPoint", [&](const xmlNode* point) {
        std::string target;
        each_element(point, "content", [&](const xmlNode* node) {
            if (target.empty()) target = epub_path(attribute(node, "src"), manifest.contents);
        });
        out.try_emplace(target, first_text(point, "text"));
    });
    return out;
}

/// Covers, title pages and tables of contents, as the guide of EPUB 2 names them.
std::set<std::string> read_guide(const xmlNode* package, const std::string& path) {
    std::set<std::string> out;
    each_element(package, "reference", [&](const xmlNode* node) {
        const auto type = ascii_lower(attribute(node, "type"));
        for (const char* known : {"cover", "title-page", "toc", "copyright-page"})
            if (type == known) out.insert(epub_path(attribute(node, "href"), path));
    });
    return out;
}

void read_spine(const xmlNode* package, const std::string& path, EpubBook& book) {
    const auto manifest = read_manifest(package, path);
    const auto titles = read_contents(book, manifest);
    const auto apart = read_guide(package, path);
    each_element(package, "itemref", [&](const xmlNode* node) {
        const auto item = manifest.paths.find(attribute(node, "idref"));
        if (item == manifest.paths.end() || attribute(node, "linear") == "no") return;
        const auto& file = item->second;
        const auto& properties = manifest.properties.at(file);
        if (properties.find(" nav ") != properties.npos || apart.contains(file)) return;
        if (!book.files.contains(file)) return;
        const auto title = titles.find(file);
        const bool named = title != titles.end();
        book.documents.push_back({file, named ? title->second : "", named || titles.empty()});
    });
}

}  // namespace

std::string epub_path(const std::string& reference, const std::string& from) {
    const auto name = reference.substr(0, reference.find_first_of("#?"));
    if (name.empty()) return from;
    const XmlString plain(reinterpret_cast<xmlChar*>(
        xmlURIUnescapeString(name.data(), static_cast<int>(name.size()), nullptr)));
    const auto folder = std::filesystem::path(from).parent_path();
    return (folder / std::string(view(plain.get()))).lexically_normal().string();
}

Result<EpubBook> read_epub(Bytes content) {
    EpubBook out;
    out.files = COLPORT_TRY(unpack(content));
    COLPORT_TRY(refuse_encrypted(out));
    const auto container = COLPORT_TRY(parse_file(out, "META-INF/container.xml"));
    std::string path;
    each_element(xmlDocGetRootElement(container.tree.get()), "rootfile", [&](const xmlNode* node) {
        if (path.empty()) path = attribute(node, "full-path");
    });
    const auto package = COLPORT_TRY(parse_file(out, path));
    const auto* root = xmlDocGetRootElement(package.tree.get());
    read_metadata(root, out);
    read_spine(root, path, out);
    if (out.documents.empty()) return Error{Errc::corrupt, "is an EPUB without a text in it"};
    return out;
}

}  // namespace colport
