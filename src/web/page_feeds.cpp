#include <fmt/format.h>

#include <set>

#include "article/article.h"
#include "article/render.h"
#include "core/look_alike.h"
#include "feed/keyring.h"
#include "web/form.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"
#include "web/words.h"

namespace colport::web {
namespace {

std::string row(Text name, const std::string& value) {
    return fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(name), value);
}

Text word_for(const CarrierStatus& carrier) {
    if (carrier.name == "door") return words::carrier_door;
    if (carrier.name == "dht") return words::carrier_dht;
    if (carrier.name == "mirror") return words::carrier_mirror;
    if (carrier.name == "tracker") return words::carrier_tracker;
    return words::carrier_directory;
}

Text word_for(CarrierState state) {
    switch (state) {
        case CarrierState::off: return words::carrier_off;
        case CarrierState::trying: return words::carrier_trying;
        case CarrierState::works: return words::carrier_works;
        case CarrierState::fails: return words::carrier_fails;
    }
    return words::carrier_off;
}

std::string carriers_html(const std::vector<CarrierStatus>& carriers) {
    std::string out = "<ul class=\"carriers\">\n";
    for (const auto& carrier : carriers) {
        std::string about(word_for(carrier.state));
        if (!carrier.detail.empty()) about += fmt::format(" ({})", carrier.detail);
        out += fmt::format("<li class=\"{}\">{}{}: {}</li>\n", name_of(carrier.state),
                           escape_html(word_for(carrier)),
                           carrier.name == "mirror" ? " " + bdi(carrier.where) : "",
                           escape_html(about));
    }
    return out + "</ul>\n";
}

std::string fetching_text(const FetchStatus& fetching) {
    const auto seconds = fetching.seconds_left();
    return fill(words::fetching,
                {size_text(fetching.bytes_left), size_text(fetching.bytes_total),
                 seconds ? count_text(words::minutes_left,
                                      static_cast<std::uint64_t>((*seconds + 59) / 60))
                         : std::string(words::nothing_moves)});
}

std::string live_rows(const FeedStatus& live) {
    std::string out = row(words::peers, number_text(live.peers));
    if (live.fetching.bytes_left != 0)
        out += row(words::on_its_way, escape_html(fetching_text(live.fetching)));
    if (live.volumes_have < live.volumes_total)
        out += row(words::volumes, escape_html(fill(words::part_of, {number_text(live.volumes_have),
                                                          number_text(live.volumes_total)})));
    out += row(words::carriers, carriers_html(live.carriers));
    const auto traffic = [](std::int64_t bytes) {
        return escape_html(fill(words::since_start, {size_text(bytes)}));
    };
    return out + row(words::received, traffic(live.bytes_received)) +
           row(words::sent, traffic(live.bytes_sent));
}

/// Why its newsroom revoked keys; empty when it did not.
std::string revoked_html(const FeedView& view) {
    if (view.summary.keyring.empty()) return "";
    const auto keyring = Keyring::verify(view.summary.keyring, view.summary.feed);
    if (!keyring || keyring->message().revoked_size() == 0) return "";
    std::string reasons;
    for (const auto& key : keyring->message().revoked())
        if (!key.reason().empty()) reasons += (reasons.empty() ? "" : "; ") + bdi(key.reason());
    if (reasons.empty())
        reasons = escape_html(number_text(keyring->message().revoked_size()));
    return fmt::format("<p class=\"note\">{}</p>\n",
                       fill(escape_html(words::state_revoked), {reasons}));
}

/// The least that tells whether it lives.
std::string glance_html(const FeedView& view) {
    std::string out = "<span>" +
                      escape_html(count_text(words::articles, view.summary.articles)) + "</span>";
    if (view.released != 0) out += "<span>" + time_html(view.released, 0) + "</span>";
    if (view.live)
        out += fmt::format("<span>{}: {}</span>", escape_html(words::peers),
                           escape_html(number_text(view.live->peers)));
    return "<p class=\"about\">" + out + "</p>\n";
}

/// `alike`: the name of a feed followed before, which this one's looks like.
std::string feed_html(const FeedView& view, const std::optional<std::string>& alike,
                      std::int64_t now) {
    const auto& summary = view.summary;
    std::string rows = row(
        words::articles_field, number_text(static_cast<std::int64_t>(summary.articles)));
    if (view.seq != 0)
        rows += row(words::release, fill(escape_html(words::released),
                                         {number_text(static_cast<std::int64_t>(view.seq)),
                                          time_html(view.released, 0)}));
    if (view.live) rows += live_rows(*view.live);
    rows += row(words::key, key_html(summary.feed));
    std::string out = fmt::format(
        "<section class=\"feed\">\n<h2><a href=\"/?feed={}\">{}</a></h2>\n"
        "<p class=\"state {}\">{}</p>\n",
        summary.feed.hex(), bdi(summary.name), name_of(view.state),
        escape_html(state_text(view, now)));
    out += glance_html(view);
    if (alike)
        out += fmt::format("<p class=\"warning\">{}</p>\n",
                           fill(escape_html(words::looks_like), {bdi(*alike)}));
    if (view.live && view.live->cut_off)
        out += fmt::format("<p class=\"warning\">{} {}</p>\n",
                           view.live->heard == 0 ? escape_html(words::cut_off_never)
                                                 : fill(escape_html(words::cut_off),
                                                        {time_html(view.live->heard, 0)}),
                           escape_html(words::news_by_hand));
    if (view.live && !view.live->problem.empty()) out += detail_html(view.live->problem);
    return out + revoked_html(view) +
           fmt::format("<p><a href=\"/feed/{}\">{}</a></p>\n"
                       "<details><summary>{}</summary>\n<dl>\n{}</dl></details></section>\n",
                       summary.feed.hex(), escape_html(words::pass_on),
                       escape_html(words::details), rows);
}

Text word_for_mode(std::string_view mode) {
    if (mode == "proxy") return words::mode_proxy;
    if (mode == "lan") return words::mode_lan;
    if (mode == "offline") return words::mode_offline;
    return words::mode_open;
}

std::string mode_form(const Context& context, const PeerStatus& status) {
    std::string options;
    for (const char* mode : {"open", "proxy", "lan", "offline"})
        options += fmt::format("<option value=\"{}\"{}>{}</option>", mode,
                               status.mode == mode ? " selected" : "",
                               escape_html(word_for_mode(mode)));
    return fmt::format(
        "<details><summary>{}</summary>\n{}<label><span>{}</span><select name=\"mode\">{}</select>"
        "</label>\n<label><span>{}</span><input type=\"text\" name=\"proxy\" dir=\"ltr\" "
        "placeholder=\"socks5://127.0.0.1:9050\"></label>\n<button>{}</button></form></details>\n",
        escape_html(words::change_mode), form_begin(context, "mode", "class=\"fields\""),
        escape_html(words::mode), options, escape_html(words::proxy),
        escape_html(words::change_mode));
}

/// What to do about ways to the newsrooms of which none works for any feed.
std::string advice_html(const PeerStatus& status) {
    constexpr std::pair<std::string_view, Text> carriers[] = {{"door", words::advice_door},
                                                              {"dht", words::advice_dht},
                                                              {"mirror", words::advice_mirror}};
    std::map<std::string_view, std::set<CarrierState>> states;
    bool cut_off = false, trying = false;
    for (const auto& feed : status.feeds) {
        cut_off |= feed.cut_off;
        for (const auto& carrier : feed.carriers) states[carrier.name].insert(carrier.state);
    }
    std::string list;
    const auto add = [&](Text text) { list += fmt::format("<li>{}</li>\n", escape_html(text)); };
    for (const auto& [name, text] : carriers) {
        const auto& found = states[name];
        const bool waits = found.contains(CarrierState::trying);
        trying |= waits;
        if (found.contains(CarrierState::fails) && !found.contains(CarrierState::works) && !waits)
            add(text);
    }
    if ((status.mode == "open" || status.mode == "lan") && status.listening.empty())
        add(words::advice_port);
    if (cut_off) add(words::news_by_hand);
    if (list.empty() && (trying || status.feeds.empty() || status.mode == "offline")) return "";
    if (list.empty()) add(words::advice_none);
    return fmt::format("<h3>{}</h3>\n<ul class=\"advice\">\n{}</ul>\n",
                       escape_html(words::advice), list);
}

/// The daemon's own state, above the feeds.
std::string network_html(const Context& context, const PeerStatus& status) {
    std::string rows = row(words::mode, escape_html(word_for_mode(status.mode)));
    if (!status.proxy.empty()) rows += row(words::proxy, "<code>" + escape_html(status.proxy) + "</code>");
    if (const auto& index = status.index; !index.is_whole())
        rows += row(words::index, escape_html(fill(words::indexing,
                                             {number_text(index.made), number_text(index.all),
                                              percent_text(index.percent())})));
    const auto& budget = status.budget;
    rows += row(words::this_month,
                escape_html(budget.limit == 0 ? size_text(budget.used)
                                              : fill(words::part_of, {size_text(budget.used),
                                                           size_text(budget.limit)})));
    std::string out = fmt::format("<h2>{}</h2>\n", escape_html(words::network));
    if (budget.spent)
        out += fmt::format("<p class=\"warning\">{}</p>\n", escape_html(words::budget_spent));
    if (text_parameter(context.request, "look") == "1")
        out += fmt::format("<p class=\"done\" role=\"status\">{}</p>\n",
                           escape_html(words::look_hint));
    for (const auto& problem : status.problems) out += detail_html(problem);
    out += advice_html(status) + "<dl>\n" + rows + "</dl>\n<div class=\"actions\">";
    if (status.mode != "offline") out += action_html(context, "pause", {}, words::pause, "quiet");
    else if (paused_mode(context)) out += action_html(context, "resume", {}, words::resume, "quiet");
    out += action_html(context, "look", {}, words::look_now, "quiet");
    return out + "</div>\n" + mode_form(context, status);
}

}  // namespace

Response feeds_page(const Context& context) {
    const auto feeds = feed_views(context);
    if (!feeds) return error_page(context, feeds.error());
    std::string main = fmt::format("<h1>{}</h1>\n", escape_html(words::feeds));
    if (feeds->empty()) main += notice_html(words::no_feeds, words::no_feeds_hint, 2);
    std::vector<std::string> names;
    for (const auto& view : *feeds) names.push_back(view.summary.name);
    const auto alike = look_alikes(names);
    for (std::size_t i = 0; i < feeds->size(); ++i)
        main += feed_html((*feeds)[i], alike[i] ? std::optional(names[*alike[i]]) : std::nullopt,
                          context.now);
    if (context.peer != nullptr) {
        main += fmt::format("<p><a class=\"button\" href=\"/follow\">{}</a></p>\n",
                            escape_html(words::follow));
        main += network_html(context, context.peer->status());
    }
    return html_reply(200, layout(context, {std::string(words::feeds), main, "/feeds", ""}));
}

}  // namespace colport::web
