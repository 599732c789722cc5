#include <fmt/format.h>

#include "article/render.h"
#include "core/look_alike.h"
#include "feed/keyring.h"
#include "feed/link.h"
#include "feed/stick.h"
#include "web/form.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/reply.h"
#include "web/upload.h"
#include "web/words.h"

namespace colport::web {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string trimmed(std::string text) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == text.npos) return "";
    return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

/// The first of the form's fields that says something: a link, a file with one,
/// or a folder.
std::string wanted(const Context& context) {
    for (const char* name : {"link", "file", "folder"}) {
        const auto found = context.request.form.find(name);
        if (found == context.request.form.end()) continue;
        auto text = trimmed(found->second);
        if (!text.empty()) return text;
    }
    return "";
}

bool is_followed(const Context& context, const PublicKey& feed) {
    const auto views = feed_views(context);
    return views && std::any_of(views->begin(), views->end(), [&](const FeedView& view) {
               return view.summary.feed == feed;
           });
}

/// With no path that depends on where the daemon was started.
Status check(const std::string& what) {
    if (what.empty() || !is_text(what))
        return Error{Errc::invalid, "no link was given", "a link begins with magnet:"};
    if (!what.starts_with("magnet:") && !what.starts_with("/"))
        return Error{Errc::invalid, "neither a link nor a folder",
                     "a link begins with magnet:, a folder with a slash"};
    return done();
}

std::string addresses_html(const std::string& link) {
    const auto parsed = parse_link(link);
    if (!parsed) return "";
    std::string list;
    for (const auto* addresses : {&parsed->mirrors, &parsed->trackers, &parsed->peers})
        for (const auto& address : *addresses)
            list += fmt::format("<li><span class=\"address\" dir=\"ltr\">{}</span></li>",
                                escape_html(address));
    return list.empty() ? ""
                        : fmt::format("<dt>{}</dt><dd><ul>{}</ul></dd>\n",
                                      escape_html(words::addresses), list);
}

/// Who a feed is, and whether another one is called like it. `rows` are of its `dl`.
std::string who_html(const Context& context, const FeedRecord& record, const std::string& rows) {
    const auto name = record.name.empty() ? escape_html(words::follow_unnamed) : bdi(record.name);
    auto out = fmt::format("<dl>\n<dt>{}</dt><dd><strong>{}</strong></dd>\n{}{}</dl>\n",
                           escape_html(words::feed), name, fingerprint_html(record.feed), rows);
    if (is_followed(context, record.feed)) return out;
    std::vector<std::string> names;
    if (const auto views = feed_views(context))
        for (const auto& view : *views) names.push_back(view.summary.name);
    names.push_back(record.name);
    if (const auto alike = look_alikes(names).back())
        out += fmt::format("<p class=\"warning\">{}</p>\n",
                           fill(escape_html(words::looks_like), {bdi(names[*alike])}));
    return out;
}

std::string preview_html(bool followed, const std::string& who) {
    auto out = fmt::format("<h1>{}</h1>\n{}<p>{}</p>\n",
                           escape_html(followed ? words::followed_already : words::follow_preview),
                           who, escape_html(words::follow_compare));
    if (!followed)
        out += fmt::format("<p class=\"warning\">{}</p>\n", escape_html(words::follow_visible));
    return out;
}

/// Who the feeds of a file are that was uploaded.
Result<std::string> package_preview(const Context& context, const std::filesystem::path& folder) {
    std::string who;
    bool followed = true;
    for (const auto& root : COLPORT_TRY(feed_directories_in(folder / "feeds"))) {
        const auto record = COLPORT_TRY(record_to_follow(root.string(), context.data, context.now));
        const bool known = is_followed(context, record.feed);
        followed &= known;
        who += who_html(context, record, known ? "" : addresses_html(record.link));
    }
    return preview_html(followed, who) +
           action_html(context, "take-in", {{"package", folder.string()}}, words::take_in);
}

}  // namespace

Response follow_page(const Context& context) {
    const auto main =
        fmt::format("<h1>{}</h1>\n", escape_html(words::follow)) +
        form_begin(context, "look-at", "class=\"fields\" enctype=\"multipart/form-data\"") +
        fmt::format("<label><span>{}</span><textarea name=\"link\" dir=\"ltr\" rows=\"4\" "
                    "placeholder=\"magnet:?\" spellcheck=\"false\"></textarea></label>\n"
                    "<label><span>{}</span><input type=\"file\" name=\"file\"></label>\n"
                    "<label><span>{}</span><input type=\"text\" name=\"folder\" dir=\"ltr\"></label>\n"
                    "<button>{}</button></form>\n",
                    escape_html(words::follow_link), escape_html(words::follow_file),
                    escape_html(words::follow_folder), escape_html(words::follow_look));
    return html_reply(200, layout(context, {std::string(words::follow), main, "/follow", ""}));
}

Result<Response> action::look_at(const Context& context) {
    if (const auto problem = field(context, "problem"); !problem.empty())
        return Error{Errc::invalid, problem, "choose a file that Colport or a newsroom made"};
    if (const std::filesystem::path package = field(context, "package");
        is_upload(package, context.data))
        return html_reply(200, layout(context, {std::string(words::follow_preview),
                                                COLPORT_TRY(package_preview(context, package)),
                                                "/follow", ""}));
    const auto what = wanted(context);
    COLPORT_TRY(check(what));
    const auto record = COLPORT_TRY(record_to_follow(what, context.data, context.now));
    const bool followed = is_followed(context, record.feed);
    auto main = preview_html(followed, who_html(context, record, addresses_html(what)));
    if (!followed) main += action_html(context, "follow", {{"link", what}}, words::follow_yes);
    return html_reply(200, layout(context, {std::string(words::follow_preview), main, "/follow", ""}));
}

Result<Response> action::take_in(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    COLPORT_TRY(take_in_upload(field(context, "package"), context.data, *context.peer));
    return see("/feeds");
}

Result<Response> action::follow(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    const auto what = wanted(context);
    COLPORT_TRY(check(what));
    COLPORT_TRY(context.peer->follow(what));
    return see("/feeds");
}

}  // namespace colport::web
