#include <fmt/format.h>

#include "article/article.h"
#include "article/render.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/reply.h"
#include "web/words.h"

namespace colport::web {
namespace {

/// The whole key in groups that two people can compare over a telephone.
std::string key_html(const PublicKey& key) {
    constexpr std::size_t group = 8;
    const auto hex = key.hex();
    std::string out = "<code class=\"key\">";
    for (std::size_t i = 0; i < hex.size(); i += group)
        out += (i == 0 ? "" : " ") + hex.substr(i, group);
    return out + "</code>";
}

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

std::string feed_html(const FeedView& view, std::int64_t now) {
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
    if (view.live && view.live->cut_off)
        out += fmt::format("<p class=\"warning\">{}</p>\n",
                           view.live->heard == 0
                               ? escape_html(words::cut_off_never)
                               : fill(escape_html(words::cut_off),
                                      {time_html(view.live->heard, 0)}));
    if (view.live && !view.live->problem.empty())
        out += fmt::format("<p class=\"warning\">{}</p>\n", escape_html(view.live->problem));
    out += "<dl>\n" + rows + "</dl>\n";
    if (!summary.link.empty())
        out += fmt::format("<label class=\"link-field\"><span>{}</span>"
                           "<input type=\"text\" readonly dir=\"ltr\" value=\"{}\"></label>\n",
                           escape_html(words::link), escape_html(summary.link));
    return out + "</section>\n";
}

/// The daemon's own state, above the feeds.
std::string network_html(const PeerStatus& status) {
    std::string rows = row(words::mode, escape_html(status.mode));
    if (const auto& index = status.index; !index.is_whole())
        rows += row(words::index, escape_html(fill(words::indexing,
                                             {number_text(index.made), number_text(index.all),
                                              percent_text(index.percent())})));
    const auto& budget = status.budget;
    rows += row(words::this_month,
                escape_html(budget.limit == 0 ? size_text(budget.used)
                                              : fill(words::part_of, {size_text(budget.used),
                                                           size_text(budget.limit)})));
    std::string out;
    if (budget.spent)
        out += fmt::format("<p class=\"warning\">{}</p>\n", escape_html(words::budget_spent));
    for (const auto& problem : status.problems)
        out += fmt::format("<p class=\"warning\">{}</p>\n", escape_html(problem));
    return out + "<dl>\n" + rows + "</dl>\n";
}

}  // namespace

Response feeds_page(const Context& context) {
    const auto feeds = feed_views(context);
    if (!feeds) return error_page(context, feeds.error());
    std::string main = fmt::format("<h1>{}</h1>\n", escape_html(words::feeds));
    if (context.peer != nullptr) main += network_html(context.peer->status());
    if (feeds->empty()) main += notice_html(words::no_feeds, words::no_feeds_hint);
    for (const auto& view : *feeds) main += feed_html(view, context.now);
    return html_reply(200, layout(context, {std::string(words::feeds), main, "/feeds", ""}));
}

}  // namespace colport::web
