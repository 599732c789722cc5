#include "press/page/page_facts.h"

#include <map>

#include <nlohmann/json.hpp>

#include "core/limits.h"
#include "press/clean_text.h"
#include "press/page/bylines.h"
#include "press/page/class_words.h"
#include "press/page/pleas.h"
#include "press/page/prose_dates.h"
#include "press/urls.h"

namespace colport {
namespace {

using Json = nlohmann::json;

constexpr std::size_t max_script = 2 * limits::mib;
constexpr std::size_t max_field = 4096;
constexpr std::size_t max_short = 100;
constexpr std::size_t max_name = 80;
constexpr int max_json_depth = 8;
constexpr std::size_t max_names = 64;

/// What the page's head and its marked elements hold, gathered in one walk.
struct Raw {
    std::multimap<std::string, std::string> meta;  ///< by name, property or itemprop
    std::string canonical;
    std::string page_title;
    std::string heading;                           ///< the first h1 with text
    int headings = 0;
    std::vector<std::string> bylines;
    std::vector<std::string> times;
    std::vector<std::string> dates;                ///< as people read them
    std::vector<std::string> tags;
    std::vector<std::string> scripts;

    [[nodiscard]] std::string first(std::initializer_list<const char*> names) const {
        for (const char* name : names)
            if (const auto at = meta.find(name); at != meta.end()) return at->second;
        return {};
    }
};

void read_meta(const xmlNode* node, Raw& out) {
    auto content = clean_line(attribute(node, "content"));
    if (content.empty() || content.size() > max_field) return;
    for (const std::string_view key : {"property", "name", "itemprop"})
        if (const auto name = ascii_lower(clean_line(attribute(node, key))); !name.empty())
            out.meta.emplace(name, content);
}

void add_text(std::string text, std::vector<std::string>& out) {
    if (!text.empty() && text.size() < max_short && out.size() < max_names)
        out.push_back(std::move(text));
}

/// What the class or the relation of an element says of its words.
void read_names(const xmlNode* node, std::string_view item, Raw& out) {
    static const WordSet writers{"byline", "author", "authors"};
    static const WordSet days{"date", "published", "pubdate", "dateline", "timestamp", "posted",
                              "datetime"};
    const auto relation = ascii_lower(attribute(node, "rel"));
    if (relation == "tag") add_text(clean_line(text_of(node, max_short)), out.tags);
    if (relation == "author" || item == "author" || has_name_word(node, writers))
        add_text(clean_line(text_of(node, max_short)), out.bylines);
    else if (has_name_word(node, days))
        add_text(clean_line(text_of(node, max_short)), out.dates);
}

void read_element(const xmlNode* node, Raw& out) {
    const auto name = name_of(node);
    const auto item = attribute(node, "itemprop");
    if (name == "meta") {
        read_meta(node, out);
    } else if (name == "link" && ascii_lower(attribute(node, "rel")) == "canonical") {
        if (out.canonical.empty()) out.canonical = attribute(node, "href");
    } else if (name == "title" && out.page_title.empty()) {
        out.page_title = shorten(clean_line(text_of(node)), 500);
    } else if (name == "h1") {
        auto text = shorten(clean_line(text_of(node)), 500);
        if (!text.empty() && out.headings++ == 0) out.heading = std::move(text);
    } else if (name == "script" && attribute(node, "type") == "application/ld+json") {
        if (out.scripts.size() < max_names) out.scripts.push_back(text_of(node));
    } else if (name == "time" || item == "datePublished" || item == "dateModified") {
        auto time = clean_line(attribute(node, "datetime"));
        if (time.empty()) time = clean_line(attribute(node, "content"));
        if (!time.empty() && item != "")
            out.meta.emplace(ascii_lower(item), time);
        else if (!time.empty())
            add_text(std::move(time), out.times);
        else
            add_text(clean_line(text_of(node, max_short)), out.dates);
    }
    read_names(node, item, out);
}

Raw gather(const xmlNode* root) {
    Raw out;
    for (const xmlNode* node = root; node; node = next_node(node, root))
        if (is_element(node)) read_element(node, out);
    return out;
}

std::string json_text(const Json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

bool is_article(const Json& object) {
    const auto matches = [](const Json& type) {
        if (!type.is_string()) return false;
        const auto name = type.get<std::string>();
        return name.ends_with("Article") || name == "BlogPosting" || name == "Report" ||
               name == "LiveBlogPosting";
    };
    const auto at = object.find("@type");
    if (at == object.end()) return false;
    if (!at->is_array()) return matches(*at);
    return std::any_of(at->begin(), at->end(), matches);
}

/// The first description of an article in `value`.
const Json* find_article(const Json& value, int depth) {
    if (depth > max_json_depth) return nullptr;
    if (value.is_array()) {
        for (const auto& part : value)
            if (const auto* found = find_article(part, depth + 1)) return found;
    } else if (value.is_object()) {
        if (is_article(value)) return &value;
        for (const char* key : {"@graph", "mainEntity", "mainEntityOfPage"})
            if (const auto at = value.find(key); at != value.end())
                if (const auto* found = find_article(*at, depth + 1)) return found;
    }
    return nullptr;
}

/// Strings, or the names of objects, in `value`.
void json_names(const Json& value, std::vector<std::string>& out, int depth = 0) {
    if (out.size() >= max_names || depth > 2) return;
    if (value.is_string()) out.push_back(clean_line(value.get<std::string>()));
    if (value.is_object()) out.push_back(clean_line(json_text(value, "name")));
    if (value.is_array())
        for (const auto& part : value) json_names(part, out, depth + 1);
}

/// Descriptions are often HTML-escaped once too often.
std::string html_text(const std::string& text) {
    if (text.find('&') == text.npos && text.find('<') == text.npos) return clean_line(text);
    const auto document = parse_html(text, "UTF-8");
    const auto* root = document ? xmlDocGetRootElement(document->tree.get()) : nullptr;
    return root ? clean_line(text_of(root)) : clean_line(text);
}

std::vector<std::string> split_list(const std::string& list) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin < list.size() && out.size() <= max_names;) {
        const auto end = std::min(list.find_first_of(",;", begin), list.size());
        if (auto word = clean_line(list.substr(begin, end - begin)); !word.empty())
            out.push_back(std::move(word));
        begin = end + 1;
    }
    return out;
}

/// The first address in an `image`: a text, an object, or a list of either.
std::string json_picture(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_object()) return json_text(value, "url");
    if (value.is_array() && !value.empty() && !value.front().is_array())
        return json_picture(value.front());
    return {};
}

void read_json(const Json& article, PageFacts& out) {
    out.title = html_text(json_text(article, "headline"));
    out.body = json_text(article, "articleBody");
    if (const auto at = article.find("image"); at != article.end()) out.picture = json_picture(*at);
    out.published = parse_date(json_text(article, "datePublished"));
    out.updated = parse_date(json_text(article, "dateModified"));
    out.language = json_text(article, "inLanguage");
    for (const char* key : {"author", "creator"})
        if (const auto at = article.find(key); at != article.end() && out.authors.empty())
            json_names(*at, out.authors);
    std::vector<std::string> sections;
    if (const auto at = article.find("articleSection"); at != article.end())
        json_names(*at, sections);
    if (!sections.empty()) out.section = sections.front();
    const auto words = article.find("keywords");
    if (words != article.end() && words->is_array()) json_names(*words, out.tags);
    if (words == article.end() || !words->is_string()) return;
    out.tags = split_list(words->get<std::string>());
    if (out.tags.size() > max_names) out.tags.resize(max_names);
}

/// `title` without the site's name that pages add to it.
std::string without_site(const std::string& title, const Raw& raw) {
    if (raw.headings == 1 && raw.heading.size() >= 4 && title.starts_with(raw.heading))
        return raw.heading;
    const auto site = raw.first({"og:site_name", "application-name"});
    for (const std::string_view separator : {" | ", " - ", " – ", " — ", " :: ", " » ", " · "}) {
        const auto at = title.rfind(separator);
        if (at == title.npos || at == 0) continue;
        const auto tail = title.substr(at + separator.size());
        if (tail == site || separator == " | ") return clean_line(title.substr(0, at));
    }
    return title;
}

void add_names(std::string_view line, std::vector<std::string>& out) {
    auto names = read_byline(line).value_or(split_names(line));
    for (auto& name : names)
        if (name.find("://") == name.npos && name.size() <= max_name && !is_label(name) &&
            !is_prose_date(name))
            out.push_back(std::move(name));
}

void fill_authors(const Raw& raw, PageFacts& out) {
    for (const char* key : {"author", "article:author", "dc.creator", "byl", "sailthru.author",
                            "parsely-author", "twitter:creator:name"}) {
        const auto [begin, end] = raw.meta.equal_range(key);
        for (auto at = begin; at != end; ++at) add_names(at->second, out.authors);
        if (!out.authors.empty()) return;
    }
    if (!raw.bylines.empty()) add_names(raw.bylines.front(), out.authors);
}

/// Tags that the page shows, else those that it tells search engines, unless
/// they are a heap of words.
void fill_tags(const Raw& raw, PageFacts& out) {
    const auto [begin, end] = raw.meta.equal_range("article:tag");
    for (auto at = begin; at != end; ++at) out.tags.push_back(at->second);
    if (out.tags.empty()) out.tags = raw.tags;
    if (!out.tags.empty()) return;
    constexpr std::size_t heap = 15;
    auto words = split_list(raw.first({"news_keywords", "keywords"}));
    if (words.size() <= heap) out.tags = std::move(words);
}

void fill_from_page(const Raw& raw, PageFacts& out) {
    const auto meta_title = raw.first({"og:title", "twitter:title", "dc.title"});
    if (out.title.empty() && !meta_title.empty()) out.title = without_site(meta_title, raw);
    if (out.title.empty() && raw.headings == 1) out.title = raw.heading;
    if (out.title.empty()) out.title = without_site(raw.page_title, raw);
    if (out.title.empty()) out.title = raw.heading;
    if (!out.published)
        out.published = parse_date(raw.first(
            {"article:published_time", "datepublished", "og:published_time", "dc.date.issued",
             "dcterms.created", "dc.date", "pubdate", "publishdate", "date", "sailthru.date"}));
    for (const auto& time : raw.times)
        if (!out.published) out.published = parse_date(time);
    if (!out.updated)
        out.updated = parse_date(raw.first({"article:modified_time", "datemodified",
                                            "og:updated_time", "last-modified"}));
    for (const auto& date : raw.dates)
        if (!out.published) out.published = parse_prose_date(date);
    if (out.authors.empty()) fill_authors(raw, out);
    if (out.tags.empty()) fill_tags(raw, out);
    if (out.picture.empty())
        out.picture = raw.first({"og:image", "og:image:url", "og:image:secure_url",
                                 "twitter:image", "twitter:image:src"});
    out.picture_alt = raw.first({"og:image:alt", "twitter:image:alt"});
    if (out.section.empty()) out.section = raw.first({"article:section", "articlesection", "section"});
    out.summary = html_text(raw.first({"og:description", "description", "twitter:description"}));
}

/// What stands in so many words below the headline, on pages that mark nothing.
void read_below_heading(const xmlNode* root, PageFacts& out) {
    constexpr std::size_t reach = 300;
    const xmlNode* node = root;
    while (node && !(is_element(node) && name_of(node) == "h1")) node = next_node(node, root);
    for (std::size_t seen = 0; node && seen < reach; ++seen, node = next_node(node, root)) {
        if (!out.authors.empty() && out.published) return;
        if (!is_text_node(node) || view(node->content).size() > 2 * max_short) continue;
        const auto line = clean_line(view(node->content));
        if (line.size() < 4) continue;
        if (out.authors.empty()) out.authors = read_byline(line).value_or(out.authors);
        if (!out.published && is_prose_date(line)) out.published = parse_prose_date(line);
    }
}

}  // namespace

PageFacts page_facts(const xmlNode* root, const std::string& base_url) {
    PageFacts out;
    if (!root) return out;
    const auto raw = gather(root);
    for (const auto& script : raw.scripts) {
        if (script.size() > max_script) continue;
        const auto json = Json::parse(script, nullptr, false, true);
        if (const auto* article = find_article(json, 0)) {
            read_json(*article, out);
            break;
        }
    }
    fill_from_page(raw, out);
    read_below_heading(root, out);
    out.url = resolve_web_address(raw.canonical, base_url);
    if (out.url.empty()) out.url = resolve_web_address(raw.first({"og:url"}), base_url);
    if (const auto own = attribute(root, "lang"); !own.empty()) out.language = own;
    if (out.language.empty()) out.language = attribute(root, "xml:lang");
    if (out.language.empty())
        out.language = raw.first({"og:locale", "content-language", "language"});
    return out;
}

}  // namespace colport
