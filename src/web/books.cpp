#include "web/books.h"

#include <fmt/format.h>

#include "article/article.h"
#include "article/epub.h"
#include "query/days.h"
#include "web/language.h"
#include "web/parameters.h"
#include "web/withdrawn.h"
#include "web/words.h"

namespace colport::web {
namespace {

constexpr std::size_t most_chapters = 200;
// Of articles: all of a book is in memory.
constexpr std::size_t most_bytes = 16 << 20;
constexpr std::int64_t seconds_a_day = 86'400;

Response epub_reply(std::string bytes, const std::string& name) {
    return {200, "application/epub+zip", std::move(bytes),
            {{"Content-Disposition", fmt::format("attachment; filename=\"{}.epub\"", name)}}};
}

BookPicture held_pictures(const Context& context) {
    return [&context](const Sha256& id) -> std::optional<pb::Picture> {
        auto found = context.archive->picture(id);
        return found ? std::optional(std::move(found).value()) : std::nullopt;
    };
}

struct Span {
    std::int64_t since = 0;
    int days = 1;
};

std::optional<Span> span_of(std::string_view rest) {
    constexpr std::string_view day = "day/", week = "week/", end = ".epub";
    if (!rest.ends_with(end)) return std::nullopt;
    const bool is_week = rest.starts_with(week);
    if (!is_week && !rest.starts_with(day)) return std::nullopt;
    rest.remove_suffix(end.size());
    rest.remove_prefix(is_week ? week.size() : day.size());
    const auto since = rest.size() == 10 ? parse_time(rest, false) : std::nullopt;
    if (!since) return std::nullopt;
    return Span{*since, is_week ? 7 : 1};
}

Result<std::vector<BookChapter>> chapters_of(const Context& context, Query query) {
    std::vector<BookChapter> out;
    query.sort = Sort::date;
    query.limit = 100;
    std::size_t bytes = 0;
    while (query.offset < most_chapters) {
        const auto page = COLPORT_TRY(search(context, query));
        for (const auto& hit : page.hits) {
            // A bundle that is damaged costs its own articles, not the book, and a huge
            // article itself.
            auto stored = stored_article(context, hit.id.hex(), hit.feed);
            if (!stored) continue;
            const auto size = stored->article.ByteSizeLong();
            if (bytes + size > most_bytes) continue;
            bytes += size;
            auto feed_name = stored->feed_name;
            out.push_back({marked(std::move(*stored)), std::move(feed_name)});
        }
        if (page.hits.empty()) break;
        query.offset += page.hits.size();
    }
    return out;
}

}  // namespace

Result<Response> book_of_days(const Context& context, std::string_view rest) {
    const auto span = span_of(rest);
    if (!span || context.archive == nullptr)
        return Error{Errc::not_found, "there is no such book"};
    Query query;
    query.feed = COLPORT_TRY(feed_parameter(context));
    query.since = span->since;
    query.until = span->since + span->days * seconds_a_day;
    Book book;
    book.chapters = COLPORT_TRY(chapters_of(context, query));
    if (book.chapters.empty()) return Error{Errc::not_found, "nothing was published then"};
    const auto name = fmt::format("colport-{}", rest.substr(rest.find('/') + 1, 10));
    const auto date = date_text(span->since, 0);
    book.id = fmt::format("urn:colport:book:{}:{}", query.feed ? query.feed->hex() : "all",
                          rest.substr(0, rest.size() - 5));
    book.title = span->days == 1 ? day_text(span->since, 0) : fill(words::week_of, {date});
    book.language = spoken().tag;
    for (const auto& chapter : book.chapters)
        book.modified = std::max({book.modified, chapter.article.published(),
                                  chapter.article.updated()});
    return epub_reply(COLPORT_TRY(to_epub(book, held_pictures(context))), name);
}

Result<Response> book_of_article(const Context& context, const StoredArticle& stored) {
    Book book;
    const auto id = to_hex(stored.article.id());
    book.id = fmt::format("urn:colport:{}:{}", stored.feed.hex(), id);
    book.title = stored.article.title().empty() ? std::string(words::untitled)
                                                : stored.article.title();
    book.language = stored.article.language();
    book.modified = std::max(stored.article.updated(), stored.article.published());
    book.chapters.push_back({marked(stored), stored.feed_name});
    return epub_reply(COLPORT_TRY(to_epub(book, held_pictures(context))), id.substr(0, 16));
}

}  // namespace colport::web
