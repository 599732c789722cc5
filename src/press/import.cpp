#include "press/import.h"

#include <array>

#include "core/limits.h"
#include "press/clean_text.h"
#include "press/import_feed.h"
#include "press/import_html.h"
#include "press/import_jsonl.h"
#include "press/import_text.h"

namespace colport {
namespace {

constexpr std::size_t probe_bytes = 8192;
// Read line by line, each bounded by itself.
constexpr std::size_t max_jsonl = 1024 * limits::mib;

constexpr std::array<std::pair<std::string_view, SourceFormat>, 5> names{{
    {"rss", SourceFormat::rss},
    {"atom", SourceFormat::atom},
    {"html", SourceFormat::html},
    {"text", SourceFormat::text},
    {"jsonl", SourceFormat::jsonl},
}};

/// The beginning in lower case and without the NULs of UTF-16.
std::string probe(Bytes content) {
    auto out = ascii_lower(content.substr(0, probe_bytes));
    std::erase(out, '\0');
    const auto begin = out.find_first_of("<{\"abcdefghijklmnopqrstuvwxyz0123456789#");
    return begin == out.npos ? out : out.substr(begin);
}

/// What the name ends in, as a last resort.
SourceFormat format_of_name(const std::string& name) {
    const auto lower = ascii_lower(name);
    for (const auto end : {".jsonl", ".ndjson"})
        if (lower.ends_with(end)) return SourceFormat::jsonl;
    for (const auto end : {".html", ".htm", ".xhtml"})
        if (lower.ends_with(end)) return SourceFormat::html;
    for (const auto end : {".xml", ".rss", ".rdf", ".wxr"})
        if (lower.ends_with(end)) return SourceFormat::rss;
    return lower.ends_with(".atom") ? SourceFormat::atom : SourceFormat::text;
}

SourceFormat detect_format(Bytes content, const std::string& name) {
    const auto begin = probe(content);
    if (begin.starts_with('{')) return SourceFormat::jsonl;
    if (!begin.starts_with('<')) return format_of_name(name);
    struct Sign {
        const char* text;
        SourceFormat format;
    };
    static constexpr std::array<Sign, 7> signs{{{"<rss", SourceFormat::rss},
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

Status import_format(SourceFormat format, Bytes content, ImportSink& sink) {
    switch (format) {
        case SourceFormat::rss:
        case SourceFormat::atom: return import_feed(content, sink);
        case SourceFormat::html: return import_html(content, sink);
        case SourceFormat::jsonl: return import_jsonl(content, sink);
        default: return import_text(content, sink);
    }
}

}  // namespace

Result<Imported> import_source(Bytes content, const std::string& name,
                               const ImportOptions& options) {
    const auto format = options.format == SourceFormat::detect ? detect_format(content, name)
                                                               : options.format;
    const bool jsonl = format == SourceFormat::jsonl;
    if (content.size() > (jsonl ? max_jsonl : max_source))
        return Error{Errc::too_large, name + ": larger than " + (jsonl ? "1 GiB" : "64 MiB")};
    ImportSink sink(name, options);
    if (auto read = import_format(format, content, sink); !read)
        return std::move(read).error().in(name);
    return sink.finish();
}

Result<SourceFormat> parse_source_format(std::string_view name) {
    for (const auto& [known, format] : names)
        if (name == known) return format;
    return Error{Errc::invalid, "unknown format '" + std::string(name) + "'",
                 "formats are rss, atom, html, text and jsonl"};
}

}  // namespace colport
