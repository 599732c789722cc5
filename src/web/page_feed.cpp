// One feed: how to pass it on, and how to part from it.

#include <fmt/format.h>

#include "article/render.h"
#include "core/qr.h"
#include "feed/link.h"
#include "web/books.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"
#include "web/words.h"

namespace colport::web {
namespace {

Result<FeedView> view_of(const Context& context, const PublicKey& feed) {
    for (auto& view : COLPORT_TRY(feed_views(context)))
        if (view.summary.feed == feed) return std::move(view);
    return Error{Errc::not_found, "this feed is not followed"};
}

/// As it was followed, or made from the key when it came as a folder.
std::string link_of(const FeedView& view) {
    if (!view.summary.link.empty()) return view.summary.link;
    Link link;
    link.feed = view.summary.feed;
    link.name = view.summary.name;
    return to_string(link);
}

std::string carry_html(const Context& context, const FeedView& view) {
    std::string out = fmt::format("<h2 id=\"carry\">{}</h2>\n", escape_html(words::carry));
    const auto progress = context.desk.carrying.progress();
    if (progress.running)
        return out + fmt::format("<p class=\"done\" role=\"status\">{}</p>\n"
                                 "<progress max=\"{}\" value=\"{}\" aria-label=\"{}\"></progress>\n",
                                 escape_html(fill(words::carry_running,
                                                  {number_text(static_cast<std::int64_t>(progress.done)),
                                                   number_text(static_cast<std::int64_t>(progress.total))})),
                                 std::max<std::size_t>(progress.total, 1), progress.done,
                                 escape_html(words::carry));
    if (progress.ended && !progress.problem.empty())
        out += fmt::format("<p class=\"warning\" role=\"status\">{}</p>\n",
                           fill(escape_html(words::carry_failed), {bdi(progress.problem)}));
    else if (progress.ended)
        out += fmt::format("<p class=\"done\" role=\"status\">{}</p>\n",
                           escape_html(fill(words::carry_done,
                                            {number_text(static_cast<std::int64_t>(progress.files)),
                                             size_text(static_cast<std::int64_t>(progress.bytes))})));
    return out + form_begin(context, "carry", "class=\"fields\"") +
           hidden_field("feed", view.summary.feed.hex()) +
           fmt::format("<label><span>{}</span><input type=\"text\" name=\"folder\" dir=\"ltr\" "
                       "placeholder=\"/media/stick\" required></label>\n<button>{}</button></form>\n",
                       escape_html(words::carrier_directory), escape_html(words::carry_start));
}

std::string readers_html(const FeedView& view) {
    const auto root = "/feed/" + view.summary.feed.hex();
    return fmt::format("<h2>{}</h2>\n<p><a href=\"{}/atom.xml\">Atom</a>, "
                       "<a href=\"{}/feed.json\">JSON Feed</a>, "
                       "<a href=\"/opds/feed/{}\">OPDS</a></p>\n",
                       escape_html(words::news_readers), root, root, view.summary.feed.hex());
}

std::string part_html(const Context& context, const FeedView& view) {
    if (context.peer == nullptr) return "";
    const auto feed = view.summary.feed.hex();
    return fmt::format(
        "<details class=\"part\"><summary>{}</summary>\n<p>{}</p>\n<p>{}</p>\n{}{}</details>\n",
        escape_html(words::unfollow),
        fill(escape_html(words::unfollow_sure), {bdi(view.summary.name)}),
        escape_html(words::unfollow_files),
        action_html(context, "unfollow", {{"feed", feed}}, words::unfollow_yes),
        action_html(context, "unfollow", {{"feed", feed}, {"erase", "1"}},
                    words::unfollow_erase));
}

std::string feed_html(const Context& context, const FeedView& view) {
    const auto link = link_of(view);
    const auto root = "/feed/" + view.summary.feed.hex();
    std::string out = fmt::format(
        "<h1>{}</h1>\n<p class=\"state {}\">{}</p>\n<dl>\n{}</dl>\n",
        bdi(view.summary.name), name_of(view.state), escape_html(state_text(view, context.now)),
        fingerprint_html(view.summary.feed));
    out += fmt::format("<label class=\"link-field\"><span>{}</span>"
                       "<input type=\"text\" readonly dir=\"ltr\" value=\"{}\"></label>\n",
                       escape_html(words::link), escape_html(link));
    if (const auto picture = qr_svg(link))
        out += fmt::format("<figure class=\"qr\"><figcaption>{}</figcaption>"
                           "<img src=\"{}/qr.svg\" alt=\"QR\" width=\"280\" height=\"280\"></figure>\n",
                           escape_html(words::qr_hint), root);
    out += fmt::format("<p><a href=\"{}/link.txt\">{}</a></p>\n", root,
                       escape_html(words::link_file));
    return out + readers_html(view) + carry_html(context, view) + part_html(context, view);
}

/// Letters and digits of a name, for a file's.
std::string file_name(const FeedView& view) {
    std::string out;
    for (const char c : view.summary.name)
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) out += c;
        else if (!out.empty() && out.back() != '-') out += '-';
    return out.empty() ? view.summary.feed.hex().substr(0, 16) : out;
}

Result<Response> make_feed_page(const Context& context, std::string_view rest) {
    const auto slash = rest.find('/');
    const auto key = PublicKey::from_hex_text(std::string(rest.substr(0, slash)));
    if (!key) return no_such_page(context);
    const auto view = view_of(context, *key);
    if (!view) return no_such_page(context);
    const auto part = slash == rest.npos ? std::string_view{} : rest.substr(slash + 1);
    if (part.empty())
        return html_reply(200, layout(context, {view->summary.name, feed_html(context, *view),
                                                "/feed", ""}));
    if (part == "qr.svg")
        return Response{200, "image/svg+xml", COLPORT_TRY(qr_svg(link_of(*view))), {}};
    if (part == "link.txt")
        return Response{200, "text/plain; charset=utf-8", link_of(*view) + "\n",
                        {{"Content-Disposition", fmt::format("attachment; filename=\"{}.link.txt\"",
                                                             file_name(*view))}}};
    if (part == "atom.xml" || part == "feed.json") return feed_syndication(context, *key, part);
    return no_such_page(context);
}

}  // namespace

Response feed_page(const Context& context, std::string_view rest) {
    auto page = make_feed_page(context, rest);
    return page ? std::move(page).value() : error_page(context, page.error());
}

}  // namespace colport::web
