#include "press/formats/import_markdown.h"

#include <fmt/format.h>

#include "core/limits.h"
#include "press/clean_text.h"
#include "press/dates.h"
#include "press/formats/feed_elements.h"
#include "press/formats/front_matter.h"
#include "press/formats/json_fields.h"
#include "press/formats/markdown_html.h"
#include "press/page/inline_text.h"
#include "press/page/prose_dates.h"
#include "press/urls.h"

namespace colport {
namespace {

using Json = nlohmann::json;

// Markdown can make its parser take time that grows with the square of its size;
// a very long read is 200 KiB.
constexpr std::size_t max_markdown = 512 * limits::kib;

bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

std::optional<Moment> moment_of(const std::string& text) {
    const auto out = parse_date(text);
    return out ? out : parse_prose_date(text);
}

std::optional<Moment> date_of(const Json& fields, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
        if (const auto at = moment_of(string_of(fields, {key}))) return at;
    return std::nullopt;
}

/// When it goes out, under the names that Hugo and Jekyll have for that.
std::optional<Moment> due_date(const Json& fields, const std::filesystem::path& name) {
    const auto said = date_of(fields, {"publishdate", "pubdate", "published", "date",
                                       "published_at", "created"});
    return said ? said : date_in_name(name.stem().string());
}

/// What alone says when it goes out, and cannot be read: it may say next year.
std::string unreadable_due_date(const Json& fields, const std::filesystem::path& name) {
    if (due_date(fields, name)) return {};
    for (const char* key : {"publishdate", "pubdate", "published", "date", "published_at"}) {
        const auto text = string_of(fields, {key});
        if (!text.empty() && !flag_of(fields, key)) return text;
    }
    return {};
}

/// `letter.fa.md`, as Hugo has it; the middle of `release-1.10.md` is none.
std::string language_in_name(const std::filesystem::path& name) {
    const auto middle = name.stem().extension().string();
    const bool is_tag = middle.size() >= 3 && is_letter(middle[1]) && is_letter(middle[2]) &&
                        (middle.size() == 3 || middle[3] == '-');
    return is_tag ? middle.substr(1) : std::string();
}

/// A string, a list of them, or an object as themes have it.
std::string picture_of(const Json& fields) {
    for (const char* key : {"image", "cover", "featured_image", "featureimage", "thumbnail",
                            "images", "header"}) {
        const auto at = fields.find(key);
        if (at == fields.end()) continue;
        if (at->is_string()) return at->get<std::string>();
        if (at->is_array() && !at->empty() && at->front().is_string())
            return at->front().get<std::string>();
        if (at->is_object())
            if (auto out = string_of(*at, {"image", "src", "path", "url", "feature"}); !out.empty())
                return out;
    }
    return {};
}

/// Why an article does not go out; empty when it does.
std::string hold_back(const Json& fields, const std::filesystem::path& name, std::int64_t now) {
    if (flag_of(fields, "draft").value_or(false)) return "a draft";
    // Jekyll and Eleventy; in Hugo `published` is a date.
    for (const char* key : {"published", "permalink"})
        if (!flag_of(fields, key).value_or(true)) return "not published";
    if (flag_of(fields, "headless").value_or(false)) return "not published";
    const auto status = ascii_lower(string_of(fields, {"status"}));
    for (const char* kept : {"draft", "private", "pending", "hidden", "future", "trash"})
        if (status == kept) return "not published";
    for (const auto& part : name)
        if (part == "_drafts") return "a draft";
    if (now == 0) return {};
    const auto due = due_date(fields, name);
    if (due && due->seconds > now) return "dated later than now";
    const auto end = date_of(fields, {"expirydate", "unpublishdate"});
    if (end && end->seconds < now) return "expired";
    return {};
}

void read_facts(const Json& fields, const std::filesystem::path& name, FoundArticle& found,
                ImportSink& sink) {
    auto& article = found.article;
    article.set_title(clean_line(string_of(fields, {"title", "linktitle"})));
    article.set_url(resolve_web_address(
        string_of(fields, {"canonicalurl", "canonical_url", "canonical", "permalink", "url"}),
        sink.options().base_url));
    const auto date = date_of(fields, {"date"});
    if (const auto published = date ? date : due_date(fields, name)) {
        article.set_published(published->seconds);
        article.set_zone(published->zone);
    }
    if (const auto at = date_of(fields, {"lastmod", "last_modified_at", "updated", "modified"}))
        article.set_updated(at->seconds);
    for (const char* key : {"authors", "author"})
        for (const auto& author : strings_of(fields, key)) add_author(article, author);
    for (const char* key : {"categories", "category", "tags"})
        for (const auto& tag : strings_of(fields, key)) add_tag(article, tag);
    article.set_section(shorten(clean_line(string_of(fields, {"section"})), 200));
    found.language = string_of(fields, {"lang", "language", "locale"});
    if (found.language.empty()) found.language = language_in_name(name);
    found.guid = string_of(fields, {"guid", "id"});
    if (found.guid.empty()) found.guid = article.url();
    if (found.guid.empty()) found.guid = sink.stable_name();
}

/// The heading that a text without a title begins with.
void take_title(pb::Article& article) {
    if (!article.title().empty() || article.blocks().empty() || !article.blocks(0).has_heading())
        return;
    std::string title;
    append_text(title, article.blocks(0).heading().spans());
    article.set_title(clean_line(title));
}

}  // namespace

bool looks_like_front_matter(std::string_view beginning) {
    if (beginning.starts_with("\xef\xbb\xbf")) beginning.remove_prefix(3);
    for (const std::string_view mark : {"---", "+++"}) {
        if (!beginning.starts_with(mark)) continue;
        const auto after = beginning.find_first_not_of(" \t\r", mark.size());
        if (after == beginning.npos || beginning[after] != '\n') continue;
        const auto rest = beginning.substr(after + 1);
        const auto line = clean_line(rest.substr(0, rest.find('\n')));
        // A key, a comment or the end at once: else a rule stands above prose.
        if (line.find(mark == "---" ? ':' : '=') != line.npos || line.starts_with('#') ||
            line == mark)
            return true;
    }
    return false;
}

Status import_markdown(Bytes content, ImportSink& sink) {
    if (content.size() > max_markdown) return Error{Errc::too_large, "larger than 512 KiB"};
    if (content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);
    if (!is_text(content))
        return Error{Errc::corrupt, "is not text in UTF-8", "save it as UTF-8"};
    const auto front = COLPORT_TRY(read_front_matter(content));
    const std::filesystem::path name = sink.name();
    if (const auto why = hold_back(front.fields, name, sink.options().now); !why.empty()) {
        sink.warn(fmt::format("{}: {}, left out", sink.name(), why));
        return done();
    }
    FoundArticle found;
    read_facts(front.fields, name, found, sink);
    if (const auto date = unreadable_due_date(front.fields, name); !date.empty()) {
        sink.leave_standing(found.guid, found.article.url(),
                            fmt::format("{}: its date '{}' cannot be read, left out", sink.name(),
                                        shorten(clean_line(date), 40)));
        return done();
    }
    auto& article = found.article;
    const auto base = article.url().empty() ? sink.options().base_url : article.url();
    const auto html = COLPORT_TRY(markdown_html(front.text));
    set_blocks(found, html_blocks(html, {base, sink.pictures()}), sink);
    take_title(article);
    add_lead(article, picture_of(front.fields), base, sink);
    set_summary(article, string_of(front.fields, {"summary", "description", "excerpt"}));
    sink.add(std::move(found));
    return done();
}

}  // namespace colport
