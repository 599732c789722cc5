// By what articles are listed besides their time: sections, tags and authors.

#include <fmt/format.h>

#include "article/render.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"
#include "web/words.h"

namespace colport::web {
namespace {

// Their texts are read for the names in them, which takes some 30 ms.
constexpr std::size_t articles_read = 500;
constexpr std::size_t most_names = 300;
// What one article and all of them may add: a publisher can write any number.
constexpr int most_names_an_article = 32;
constexpr std::size_t most_names_read = 10'000;
constexpr std::size_t longest_name = 500;

std::string list_begin(Text title, const char* here) {
    constexpr std::pair<const char*, Text> lists[] = {
        {"/sections", words::sections}, {"/tags", words::tags}, {"/authors", words::authors}};
    std::string out = fmt::format("<h1>{}</h1>\n<nav class=\"choice\">", escape_html(title));
    for (const auto& [address, name] : lists)
        out += choice_html(address, escape_html(name), std::string_view(address) == here);
    return out + "</nav>\n";
}

std::string entry_html(const std::string& address_html, const std::string& name,
                       std::uint64_t articles) {
    return fmt::format("<li><a href=\"{}\">{}</a> <span>{}</span></li>\n", address_html, bdi(name),
                       escape_html(count_text(words::articles, articles)));
}

Result<Response> make_sections_page(const Context& context) {
    auto main = list_begin(words::sections, "/sections");
    const auto feeds = COLPORT_TRY(feed_views(context));
    const auto sections = context.archive == nullptr
                              ? std::vector<ArchiveReader::Section>{}
                              : COLPORT_TRY(context.archive->sections());
    if (sections.empty()) main += notice_html(words::no_sections, "", 2);
    for (const auto& view : feeds) {
        std::string list;
        for (const auto& section : sections)
            if (section.feed == view.summary.feed)
                list += entry_html(fmt::format("/?feed={}&amp;section={}", section.feed.hex(),
                                               escape_html(escape_query(section.name))),
                                   section.name, section.articles);
        if (!list.empty())
            main += fmt::format("<h2>{}</h2>\n<ul class=\"sections\">\n{}</ul>\n",
                                bdi(view.summary.name), list);
    }
    return html_reply(200,
                      layout(context, {std::string(words::sections), main, "/sections", ""}));
}

struct List {
    Text title;
    const char* address;
    const char* filter;   ///< of a search that finds one's articles
    const google::protobuf::RepeatedPtrField<std::string>& (*names)(const pb::Article&);
};

struct Names {
    std::map<std::string, std::uint64_t> articles;  ///< by name
    std::size_t read = 0;
};

Result<Names> names_of(const Context& context, const List& list) {
    Names out;
    Query query;
    query.sort = Sort::date;
    query.limit = 100;
    while (out.read < articles_read) {
        const auto page = COLPORT_TRY(search(context, query));
        for (const auto& hit : page.hits) {
            // A damaged bundle costs its own articles, not the list.
            const auto stored = stored_article(context, hit.id.hex(), hit.feed);
            ++out.read;
            if (!stored) continue;
            const auto& names = list.names(stored->article);
            const auto end = names.begin() + std::min(names.size(), most_names_an_article);
            for (auto name = names.begin(); name != end; ++name)
                if (!name->empty() && name->size() <= longest_name &&
                    (out.articles.size() < most_names_read || out.articles.contains(*name)))
                    ++out.articles[*name];
        }
        if (page.hits.size() < query.limit) break;
        query.offset += page.hits.size();
    }
    return out;
}

Result<Response> make_page(const Context& context, const List& list) {
    auto main = list_begin(list.title, list.address);
    const auto found = COLPORT_TRY(names_of(context, list));
    std::vector<std::pair<std::string, std::uint64_t>> sorted(found.articles.begin(),
                                                              found.articles.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    if (sorted.size() > most_names) sorted.resize(most_names);
    std::string entries;
    for (const auto& [name, articles] : sorted)
        entries += entry_html(search_address(list.filter, name), name, articles);
    if (entries.empty()) main += notice_html(words::no_names, "", 2);
    else
        main += fmt::format("<p class=\"total\">{}</p>\n<ul class=\"sections\">\n{}</ul>\n",
                            escape_html(fill(words::names_hint,
                                             {number_text(static_cast<std::int64_t>(found.read))})),
                            entries);
    return html_reply(200,
                      layout(context, {std::string(list.title), main, list.address, ""}));
}

Response page_of(const Context& context, Result<Response> page) {
    return page ? std::move(page).value() : error_page(context, page.error());
}

}  // namespace

Response sections_page(const Context& context) {
    return page_of(context, make_sections_page(context));
}

Response tags_page(const Context& context) {
    return page_of(context, make_page(context, {words::tags, "/tags", "tag",
                                                [](const pb::Article& article) -> const auto& {
                                                    return article.tags();
                                                }}));
}

Response authors_page(const Context& context) {
    return page_of(context, make_page(context, {words::authors, "/authors", "author",
                                                [](const pb::Article& article) -> const auto& {
                                                    return article.authors();
                                                }}));
}

}  // namespace colport::web
