#include "press/formats/import_jsonl.h"

#include <fmt/format.h>

#include "core/crypto.h"
#include "core/limits.h"
#include "press/clean_text.h"
#include "press/dates.h"
#include "press/formats/feed_elements.h"
#include "press/formats/import_text.h"
#include "press/formats/json_fields.h"
#include "press/formats/read_json.h"
#include "press/page/html_blocks.h"
#include "press/page/inline_text.h"
#include "press/urls.h"

namespace colport {
namespace {

using Json = nlohmann::json;

// An article in four spellings, with every letter escaped.
constexpr std::size_t max_line = 64 * limits::mib;

void read_times(const Json& line, pb::Article& article) {
    if (const auto at = parse_date(string_of(line, {"published"}))) {
        article.set_published(at->seconds);
        article.set_zone(at->zone);
    }
    if (const auto at = parse_date(string_of(line, {"updated"}))) article.set_updated(at->seconds);
}

/// Names for articles that have none, which stay when lines are put between them.
class LineNames {
public:
    std::string name(const ImportSink& sink, const pb::Article& article) {
        auto out = name_for(sink, article);
        if (article.title().empty())
            out += sha256(text_of_blocks(article.blocks(), max_line)).hex().substr(0, 16);
        const auto number = ++used_[out];
        return number == 1 ? out : fmt::format("{}-{}", out, number);
    }

private:
    std::map<std::string, std::size_t> used_;
};

/// What a newsroom's own export says of a draft.
bool is_draft(const Json& line) {
    const auto is = [&](const char* key, bool value) {
        const auto at = line.find(key);
        return at != line.end() && at->is_boolean() && at->get<bool>() == value;
    };
    const auto status = ascii_lower(string_of(line, {"status"}));
    return is("draft", true) || is("published", false) || status == "draft" ||
           status == "private" || status == "pending";
}

void read_article(const Json& line, const std::string& where, LineNames& names, ImportSink& sink) {
    FoundArticle found;
    auto& article = found.article;
    article.set_url(resolve_web_address(string_of(line, {"url"}), sink.options().base_url));
    found.guid = string_of(line, {"id", "guid"});
    if (found.guid.empty()) found.guid = article.url();
    found.language = string_of(line, {"lang", "language"});
    article.set_title(clean_line(string_of(line, {"title"})));
    article.set_section(shorten(clean_line(string_of(line, {"section"})), 200));
    read_times(line, article);
    for (const auto& name : strings_of(line, "authors")) add_author(article, name);
    for (const auto& name : strings_of(line, "tags")) add_tag(article, name);

    HtmlFragment body;
    if (const auto html = string_of(line, {"html"}); !html.empty()) {
        const auto base = article.url().empty() ? sink.options().base_url : article.url();
        body = html_blocks(html, {base, sink.pictures()});
        if (body.cut) sink.warn(where + ": nested too deeply, its end is missing");
    }
    if (body.blocks.empty()) body.blocks = text_blocks(string_of(line, {"text"}));
    for (auto& block : body.blocks) *article.add_blocks() = std::move(block);
    set_summary(article, string_of(line, {"summary"}));
    if (found.guid.empty()) found.guid = names.name(sink, article);
    sink.add(std::move(found));
}

/// One value that its lines share: a site's settings or its index for searching.
bool is_one_value(Bytes content) {
    if (content.size() > max_source) return false;
    const auto line = content.substr(0, content.find('\n'));
    return !read_json(line).is_object() && !read_json(content).is_discarded();
}

}  // namespace

Status import_jsonl(Bytes content, ImportSink& sink) {
    if (content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);
    if (sink.options().is_of_site && is_one_value(content)) {
        sink.pass_over_page(sink.stable_name(), {});
        return done();
    }
    LineNames names;
    std::size_t number = 0;
    std::size_t good = 0;
    while (!content.empty()) {
        const auto end = content.find('\n');
        const auto text = content.substr(0, end);
        content.remove_prefix(end == content.npos ? content.size() : end + 1);
        ++number;
        if (text.find_first_not_of(" \t\r") == text.npos) continue;
        const auto where = fmt::format("{}:{}", sink.name(), number);
        if (text.size() > max_line) {
            sink.report_damage(where, "a line of more than 64 MiB, left out");
            continue;
        }
        const auto line = read_json(text);
        if (!line.is_object()) {
            sink.report_damage(where, "not a JSON object in UTF-8, left out");
            continue;
        }
        ++good;
        if (is_draft(line)) {
            sink.count_out(left_out_draft);
            continue;
        }
        read_article(line, where, names, sink);
    }
    if (good == 0 && number > 0) return Error{Errc::corrupt, "holds no article as a JSON line"};
    return done();
}

}  // namespace colport
