#include "press/intake/sources.h"

#include <fmt/format.h>
#include <libxml/uri.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "feed/files.h"
#include "press/clean_text.h"
#include "press/formats/xml_tree.h"
#include "press/pictures/off_limits.h"
#include "press/pictures/picture_file.h"
#include "press/urls.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 19> article_endings{
    ".html", ".htm",  ".xhtml", ".xml",  ".rss",      ".rdf",   ".atom", ".wxr",  ".json", ".jsonl",
    ".ndjson", ".md", ".markdown", ".mdown", ".txt", ".epub", ".warc", ".wacz", ".warc.gz"};

constexpr const char* looked_for =
    "it looks for .html, .xml, .rss, .atom, .wxr, .json, .jsonl, .md, .txt, .epub, .warc and .wacz";

constexpr const char* drafts_stay =
    ": a draft, left out; what is to go out is moved out of _drafts";

bool is_within(const fs::path& path, const fs::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
           folder.end();
}

Error cannot_read(const fs::path& path, const std::error_code& error) {
    if (error == std::errc::no_such_file_or_directory)
        return {Errc::not_found, fmt::format("no such file: {}", path.string())};
    return {error == std::errc::permission_denied ? Errc::denied : Errc::io,
            fmt::format("cannot read {}: {}", path.string(), error.message())};
}

/// What a site has for machines and visitors, and no newsroom calls an article.
bool is_site_file(const std::string& name) {
    static constexpr std::array<std::string_view, 22> known{
        "robots.txt", "ads.txt", "app-ads.txt", "sellers.json", "humans.txt", "security.txt",
        "llms.txt", "llms-full.txt", "404.html", "404.htm", "404.md", "manifest.json",
        "site.webmanifest", "package.json", "package-lock.json", "tsconfig.json",
        "composer.json", "browserconfig.xml", "opensearch.xml", "crossdomain.xml", "license.txt",
        "requirements.txt"};
    if (std::find(known.begin(), known.end(), name) != known.end()) return true;
    return name.find("sitemap") != name.npos && name.ends_with(".xml");
}

bool has_article_ending(const std::string& name) {
    return std::any_of(article_endings.begin(), article_endings.end(),
                       [&](auto ending) { return name.ends_with(ending); });
}

bool is_article_name(const std::string& name) {
    return !name.starts_with('.') && has_article_ending(name) && !is_site_file(name);
}

bool may_be_feed(const fs::path& path) {
    const auto ending = ascii_lower(path.extension().string());
    for (const char* known : {".xml", ".rss", ".rdf", ".atom", ".json"})
        if (ending == known) return true;
    return false;
}

bool is_underscored(const fs::path& path) {
    return path.filename().string().starts_with('_') && path.filename() != "_posts";
}

/// Folders and files of a site's machinery: nobody takes them for articles.
bool is_machinery(const fs::path& path) {
    const auto name = path.filename().string();
    // Hugo's text for a list of articles.
    if (name.starts_with("_index.")) return true;
    for (const std::string_view known : {"_layouts", "_includes", "_data", "_sass", "_site",
                                         "_plugins", "_cache", "node_modules"})
        if (name == known) return true;
    return false;
}

/// `_drafts` and what lies in it, wherever that is named from.
bool is_draft(const fs::path& path) {
    return std::find(path.begin(), path.end(), "_drafts") != path.end();
}

/// `page_files` beside `page.html`: what a browser saved with a page, frames included.
bool belongs_to_page(const fs::path& folder) {
    const auto name = folder.filename().string();
    for (const std::string_view ending : {"_files", ".files", "-files", "_Dateien", "_fichiers"}) {
        if (!name.ends_with(ending)) continue;
        const auto stem = name.substr(0, name.size() - ending.size());
        std::error_code ignored;
        for (const char* page : {".html", ".htm", ".xhtml"})
            if (fs::exists(folder.parent_path() / (stem + page), ignored)) return true;
    }
    return false;
}

class Walk {
public:
    explicit Walk(const fs::path& named, const fs::path& root) : named_(named), root_(root) {}

    Result<SourceList> run() {
        std::error_code error;
        fs::path at = named_;
        fs::recursive_directory_iterator entry(named_, error);
        while (!error && entry != fs::recursive_directory_iterator()) {
            at = entry->path();
            take(*entry, entry);
            entry.increment(error);
        }
        if (error) return cannot_read(at, error);
        for (const auto& [place, count] : passed_over_)
            out_.warnings.push_back(
                fmt::format("{}: begins with _, {} left out; name it to add it", place.string(),
                            count == 1 ? "one file is" : fmt::format("{} files are", count)));
        for (const auto& place : drafts_)
            out_.warnings.push_back(place.string() + drafts_stay);
        if (out_.files.empty())
            return Error{Errc::not_found, fmt::format("no article file in {}", named_.string()),
                         out_.warnings.empty() ? looked_for : out_.warnings[0]};
        std::sort(out_.files.begin(), out_.files.end(),
                  [](const auto& a, const auto& b) {
                      return std::pair(may_be_feed(a.path), a.path) <
                             std::pair(may_be_feed(b.path), b.path);
                  });
        out_.folder = root_;
        out_.is_whole = out_.is_whole && passed_over_.empty();
        return std::move(out_);
    }

private:
    void take(const fs::directory_entry& found, fs::recursive_directory_iterator& walk) {
        std::error_code ignored;
        const auto& path = found.path();
        const auto file_name = path.filename().string();
        if (found.is_directory(ignored) && !found.is_symlink(ignored)) {
            if (file_name.starts_with('.') || belongs_to_page(path) || is_machinery(path))
                walk.disable_recursion_pending();
            else if (is_underscored(path) && !is_passed_over(path))
                enclosing_ = path;
            return;
        }
        if (!is_article_name(ascii_lower(file_name)) || !found.is_regular_file(ignored)) return;
        if (is_machinery(path)) return;
        if (is_passed_over(path)) return pass_over(enclosing_);
        if (is_underscored(path)) return pass_over(path);
        if (found.is_symlink(ignored) && !is_within(fs::canonical(path, ignored), root_)) {
            out_.warnings.push_back(path.string() + ": leads out of the folder, left out");
            out_.is_whole = false;
            return;
        }
        // Under the name that it has as a part of its site.
        auto name = root_.filename() / path.lexically_relative(named_);
        if (is_underscored(root_)) name = root_.parent_path().filename() / name;
        out_.files.push_back({path, name.string(), root_});
    }

    bool is_passed_over(const fs::path& path) const {
        return !enclosing_.empty() && is_within(path, enclosing_);
    }

    /// Jekyll publishes nothing whose name begins so, but for posts and what its
    /// settings name.
    void pass_over(const fs::path& place) {
        if (place.filename() == "_drafts") drafts_.insert(place);
        else ++passed_over_[place];
    }

    const fs::path& named_;
    const fs::path& root_;
    fs::path enclosing_;      ///< the last folder that is passed over
    std::map<fs::path, std::size_t> passed_over_;
    std::set<fs::path> drafts_;
    SourceList out_;
};

/// The file when it is one, within `folder`, links followed.
std::optional<std::string> read_within(const fs::path& folder, const fs::path& name) {
    std::error_code failed;
    const auto home = fs::canonical(folder, failed);
    if (failed) return std::nullopt;
    const auto path = fs::canonical(home / name, failed);
    if (failed || !is_within(path, home) || is_off_limits(name, path) ||
        !fs::is_regular_file(path, failed))
        return std::nullopt;
    auto file = read_file(path, max_picture_file);
    return file ? std::optional(std::move(*file)) : std::nullopt;
}

/// The path of an address, or of a reference as written.
std::string path_of(const std::string& source) {
    auto path = source.substr(0, source.find_first_of("?#"));
    if (const auto host = path.find("://"); host != path.npos) {
        const auto slash = path.find('/', host + 3);
        path = slash == path.npos ? "" : path.substr(slash);
    }
    const XmlString plain(reinterpret_cast<xmlChar*>(
        xmlURIUnescapeString(path.data(), static_cast<int>(path.size()), nullptr)));
    return std::string(view(plain.get()));
}

/// In a copy of a media library: the longest end of the path that is there. A
/// name alone is not enough where the address has folders: it could be another's.
std::optional<std::string> find_in_library(const fs::path& library, const fs::path& path) {
    const auto relative = path.relative_path().lexically_normal();
    std::vector<fs::path> parts(relative.begin(), relative.end());
    for (std::size_t from = 0; from < parts.size(); ++from) {
        if (from + 2 > parts.size() && parts.size() > 1) break;
        fs::path name;
        for (std::size_t i = from; i < parts.size(); ++i) name /= parts[i];
        if (auto file = read_within(library, name)) return file;
    }
    return std::nullopt;
}

}  // namespace

bool is_web_source(const std::string& argument) {
    return ascii_lower(argument.substr(0, 8)).starts_with("http://") ||
           ascii_lower(argument.substr(0, 8)).starts_with("https://");
}

Result<SourceList> find_sources(const fs::path& argument) {
    std::error_code error;
    const auto status = fs::status(argument, error);
    if (!fs::exists(status))
        return cannot_read(argument, error ? error
                                           : make_error_code(std::errc::no_such_file_or_directory));
    const auto path = fs::canonical(argument, error);
    if (error) return cannot_read(argument, error);
    SourceList out;
    if (is_draft(path) || is_draft(argument)) {
        out.warnings.push_back(argument.string() + drafts_stay);
        return out;
    }
    if (fs::is_directory(status)) return Walk(argument, path).run();
    const auto folder = path.parent_path();
    out.files.push_back({argument, (folder.filename() / path.filename()).string(), folder});
    return out;
}

PictureLookup find_pictures(const fs::path& page, const fs::path& root,
                            const std::vector<fs::path>& media) {
    return [page, root, media](const std::string& source,
                               const std::string&) -> std::optional<std::string> {
        const bool remote = is_web_source(source) || source.starts_with("//");
        const fs::path path = path_of(source);
        if (path.empty() || source.find('\0') != source.npos) return std::nullopt;
        if (!remote && path.is_relative()) {
            std::error_code failed;
            const auto beside = fs::canonical(page.parent_path(), failed) / path;
            const auto inside = beside.lexically_normal().lexically_relative(root);
            if (!failed && !inside.empty() && *inside.begin() != "..")
                if (auto file = read_within(root, inside)) return file;
        }
        if (!remote)
            for (const char* folder : {".", "static", "assets", "public"})
                if (auto file = read_within(root, folder / path.relative_path())) return file;
        for (const auto& library : media)
            if (auto file = find_in_library(library, path)) return file;
        return std::nullopt;
    };
}

}  // namespace colport
