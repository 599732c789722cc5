#include "web/search_words.h"

#include <fmt/format.h>

#include "article/render.h"
#include "query/days.h"
#include "query/query.h"
#include "web/words.h"

namespace colport::web {
namespace {

constexpr std::size_t shown_digits = 8;  // of a key

std::string day_of(std::int64_t seconds) {
    return typed::day_text(std::chrono::floor<std::chrono::days>(
        std::chrono::sys_seconds{std::chrono::seconds{seconds}}));
}

/// Its name, or the beginning of its key where another feed has that name.
std::string feed_words(const Context& context, const std::vector<FeedView>& feeds,
                       const PublicKey& feed) {
    for (const auto& view : feeds) {
        if (view.summary.feed != feed || view.summary.name.empty()) continue;
        const auto found = find_feed(context, view.summary.name);
        if (found && *found == feed) return view.summary.name;
    }
    return feed.hex().substr(0, shown_digits);
}

}  // namespace

SearchWords search_words(const Context& context, const std::vector<FeedView>& feeds,
                         const Query& query) {
    auto wanted = parse_query(query.words, context.now);
    SearchWords out;
    out.whole = out.rest = query.words;
    auto rest = wanted;
    rest.feed.clear();
    rest.language.clear();
    rest.since = rest.until = std::nullopt;
    if (rest != wanted) out.rest = to_string(rest);

    const auto typed = wanted;
    if (query.feed) wanted.feed = feed_words(context, feeds, *query.feed);
    if (!query.language.empty()) wanted.language = query.language;
    if (query.since) wanted.since = query.since;
    if (query.until) wanted.until = query.until;
    // A part of a day, or a tag that is none, has no words.
    if (const auto text = to_string(wanted);
        wanted != typed && parse_query(text, context.now) == wanted)
        out.whole = text;

    out.feed = query.feed;
    if (!out.feed && !wanted.feed.empty())
        if (const auto found = find_feed(context, wanted.feed)) out.feed = *found;
    out.language = wanted.language;
    if (wanted.since) out.since = day_of(*wanted.since);
    if (wanted.until) out.until = day_of(*wanted.until - 1);
    return out;
}

std::string understood(const Context& context, const std::string& typed) {
    return to_string(parse_query(typed, context.now));
}

std::string search_help_html() {
    std::string rows;
    for (const auto& [example, meaning] : words::search_help)
        rows += fmt::format("<dt><code>{}</code></dt><dd>{}</dd>\n", escape_html(example),
                            escape_html(meaning.view()));
    return "<dl class=\"help\">\n" + rows + "</dl>\n";
}

}  // namespace colport::web
