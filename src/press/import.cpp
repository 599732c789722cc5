#include "press/import.h"

#include <algorithm>
#include <array>

#include "core/limits.h"
#include "press/clean_text.h"
#include "press/dates.h"
#include "press/formats/byte_source.h"
#include "press/formats/front_matter.h"
#include "press/formats/import_epub.h"
#include "press/formats/import_feed.h"
#include "press/formats/import_html.h"
#include "press/formats/import_json_feed.h"
#include "press/formats/import_jsonl.h"
#include "press/formats/import_markdown.h"
#include "press/formats/import_text.h"
#include "press/formats/import_warc.h"
#include "press/formats/zip_file.h"

namespace colport {
namespace {

constexpr std::size_t probe_bytes = 8192;

struct Format {
    std::string_view name;
    SourceFormat format;
    Status (*import)(Bytes, ImportSink&);
    std::size_t limit;
};

// Lines, records and archives are read one by one, each bounded by itself.
constexpr std::size_t max_by_parts = 1024 * limits::mib;
constexpr std::size_t max_crawl = 64 * 1024 * limits::mib;

constexpr std::array<Format, 11> formats{{
    {"rss", SourceFormat::rss, import_feed, max_by_parts},
    {"atom", SourceFormat::atom, import_feed, max_by_parts},
    {"jsonfeed", SourceFormat::json_feed, import_json_feed, max_source},
    {"wxr", SourceFormat::wxr, import_feed, max_by_parts},
    {"html", SourceFormat::html, import_html, max_source},
    {"markdown", SourceFormat::markdown, import_markdown, max_source},
    {"epub", SourceFormat::epub, import_epub, max_by_parts},
    {"warc", SourceFormat::warc, import_warc, max_crawl},
    {"wacz", SourceFormat::wacz, import_wacz, max_crawl},
    {"text", SourceFormat::text, import_text, max_source},
    {"jsonl", SourceFormat::jsonl, import_jsonl, max_by_parts},
}};

const Format& entry_of(SourceFormat format) {
    for (const auto& entry : formats)
        if (entry.format == format) return entry;
    return entry_of(SourceFormat::text);
}

/// The beginning in lower case and without the NULs of UTF-16.
std::string probe(Bytes content) {
    auto out = ascii_lower(content.substr(0, probe_bytes));
    std::erase(out, '\0');
    const auto begin = out.find_first_of("<{\"abcdefghijklmnopqrstuvwxyz0123456789#");
    return begin == out.npos ? out : out.substr(begin);
}

/// What the name ends in, as a last resort.
SourceFormat format_of_name(const std::string& name) {
    static constexpr std::array<std::pair<std::string_view, SourceFormat>, 14> endings{{
        {".jsonl", SourceFormat::jsonl},
        {".ndjson", SourceFormat::jsonl},
        {".json", SourceFormat::json_feed},
        {".html", SourceFormat::html},
        {".htm", SourceFormat::html},
        {".xhtml", SourceFormat::html},
        {".xml", SourceFormat::rss},
        {".rss", SourceFormat::rss},
        {".rdf", SourceFormat::rss},
        {".wxr", SourceFormat::wxr},
        {".atom", SourceFormat::atom},
        {".md", SourceFormat::markdown},
        {".markdown", SourceFormat::markdown},
        {".mdown", SourceFormat::markdown},
    }};
    const auto lower = ascii_lower(name);
    for (const auto& [ending, format] : endings)
        if (lower.ends_with(ending)) return format;
    return SourceFormat::text;
}

SourceFormat format_of_zip(Bytes content) {
    // EPUB wants its type uncompressed in the first file.
    if (content.substr(0, 128).find("application/epub+zip") != content.npos)
        return SourceFormat::epub;
    auto out = SourceFormat::detect;
    const Status stop = Error{Errc::exists, {}};
    const auto seen = visit_zip(content, [&](ZipEntry& entry) -> Status {
        if (entry.name == "META-INF/container.xml") out = SourceFormat::epub;
        if (entry.name == "datapackage.json" || entry.name.ends_with(".warc.gz"))
            out = SourceFormat::wacz;
        return out == SourceFormat::detect ? done() : stop;
    });
    return out;
}

SourceFormat format_of_json(const std::string& begin, const std::string& name) {
    if (looks_like_json_feed(begin)) return SourceFormat::json_feed;
    // Hugo's front matter, and the text behind it.
    return format_of_name(name) == SourceFormat::markdown ? SourceFormat::markdown
                                                          : SourceFormat::jsonl;
}

SourceFormat format_of_markup(const std::string& begin) {
    struct Sign {
        const char* text;
        SourceFormat format;
    };
    static constexpr std::array<Sign, 8> signs{{{"<rss", SourceFormat::rss},
                                               {"<channel", SourceFormat::rss},
                                               {"<rdf:rdf", SourceFormat::rss},
                                               {"<feed", SourceFormat::atom},
                                               {"<entry", SourceFormat::atom},
                                               {"<html", SourceFormat::html},
                                               {"<!doctype html", SourceFormat::html},
                                               {"<head", SourceFormat::html}}};
    auto best = begin.npos;
    auto out = SourceFormat::detect;
    for (const auto& sign : signs)
        if (const auto at = begin.find(sign.text); at < best) {
            best = at;
            out = sign.format;
        }
    if (out != SourceFormat::detect) return out;
    return begin.starts_with("<?xml") ? SourceFormat::rss : SourceFormat::html;
}

/// Neither text nor one of the containers.
bool is_binary(Bytes content) {
    const auto begin = content.substr(0, probe_bytes);
    if (begin.starts_with("\xff\xfe") || begin.starts_with("\xfe\xff")) return false;
    return begin.find('\0') != begin.npos &&
           format_of_markup(probe(content)) == SourceFormat::html &&
           probe(content).find("<html") == std::string::npos;
}

Error unknown_format() {
    return {Errc::invalid, "is none of the formats that can be read",
            "formats are " + source_format_names() + "; --format names one"};
}

/// A post of Jekyll's that is not due yet.
bool waits_by_name(const std::filesystem::path& name, std::int64_t now) {
    if (std::find(name.begin(), name.end(), "_posts") == name.end()) return false;
    const auto due = date_in_name(name.stem().string());
    return due && due->seconds > now;
}

}  // namespace

SourceFormat detect_format(Bytes content, const std::string& name) {
    if (looks_like_zip(content)) return format_of_zip(content);
    if (content.starts_with("WARC/")) return SourceFormat::warc;
    if (content.starts_with("\x1f\x8b")) {
        const auto source = gunzip_source(memory_source(content));
        const auto begin = source->next();
        return begin && begin->starts_with("WARC/") ? SourceFormat::warc : SourceFormat::detect;
    }
    const auto begin = probe(content);
    if (is_binary(content)) return SourceFormat::detect;
    if (looks_like_front_matter(content.substr(0, probe_bytes))) return SourceFormat::markdown;
    if (begins_json_object(begin)) return format_of_json(begin, name);
    // Markdown may begin with a line of HTML.
    const auto named = format_of_name(name);
    if (!begin.starts_with('<') || named == SourceFormat::markdown) return named;
    return format_of_markup(begin);
}

Result<Imported> import_source(Bytes content, const std::string& name,
                               const ImportOptions& options) {
    const auto format = options.format == SourceFormat::detect ? detect_format(content, name)
                                                               : options.format;
    if (format == SourceFormat::detect) return unknown_format().in(name);
    const auto& entry = entry_of(format);
    if (content.size() > entry.limit)
        return Error{Errc::too_large, name + ": larger than " +
                                          std::to_string(entry.limit / limits::mib) + " MiB"};
    ImportSink sink(name, options);
    // Markdown looks at more than its name.
    if (format != SourceFormat::markdown && options.now > 0 && waits_by_name(name, options.now)) {
        sink.warn(name + ": dated later than now, left out");
        return sink.finish();
    }
    if (auto read = entry.import(content, sink); !read) return std::move(read).error().in(name);
    return sink.finish();
}

Result<SourceFormat> parse_source_format(std::string_view name) {
    for (const auto& entry : formats)
        if (name == entry.name) return entry.format;
    return Error{Errc::invalid, "unknown format '" + std::string(name) + "'",
                 "formats are " + source_format_names()};
}

std::string source_format_names() {
    std::string out;
    for (const auto& entry : formats)
        out += (out.empty() ? "" : ", ") + std::string(entry.name);
    return out;
}

}  // namespace colport
