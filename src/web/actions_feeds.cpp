#include "feed/stick.h"
#include "web/form.h"

namespace colport::web {
namespace {

constexpr const char* paused_setting = "paused";

Result<PublicKey> named_feed(const Context& context) {
    const auto feed = PublicKey::from_hex_text(field(context, "feed"));
    if (!feed) return Error{Errc::invalid, "the form names no feed"};
    return *feed;
}

}  // namespace

std::optional<Reach> paused_mode(const Context& context) {
    auto* reading = context.reading.if_there();
    if (reading == nullptr) return std::nullopt;
    const auto kept = reading->settings();
    if (!kept) return std::nullopt;
    const auto found = kept->find(paused_setting);
    const auto mode = found == kept->end() ? std::nullopt : reach_named(found->second);
    return mode == Reach::offline ? std::nullopt : mode;
}

Result<Response> action::unfollow(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    const auto feed = COLPORT_TRY(named_feed(context));
    if (field(context, "erase") == "1") COLPORT_TRY(erase_all_of(context, feed));
    else COLPORT_TRY(context.peer->unfollow(feed));
    return see("/feeds");
}

Result<Response> action::change_mode(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    const auto mode = reach_named(field(context, "mode"));
    if (!mode) return Error{Errc::invalid, "there is no such mode"};
    std::optional<Proxy> proxy;
    if (const auto address = field(context, "proxy"); !address.empty())
        proxy = COLPORT_TRY(parse_proxy(address));
    COLPORT_TRY(context.peer->set_mode(*mode, proxy));
    return see("/feeds");
}

Result<Response> action::pause(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    auto* reading = COLPORT_TRY(context.reading.make());
    COLPORT_TRY(reading->set({{paused_setting, context.peer->status().mode}}));
    COLPORT_TRY(context.peer->set_mode(Reach::offline, std::nullopt));
    return see("/feeds");
}

Result<Response> action::resume(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    const auto mode = paused_mode(context);
    // Going online in a mode that was not hers could give her away.
    if (!mode) return Error{Errc::invalid, "it is not known how it was before", "choose a mode"};
    COLPORT_TRY(context.peer->set_mode(*mode, std::nullopt));
    return see("/feeds");
}

Result<Response> action::look(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    context.peer->look_soon();
    return see("/feeds?look=1");
}

Result<Response> action::carry(const Context& context) {
    const auto feed = COLPORT_TRY(named_feed(context));
    std::vector<Carried> carried;
    for (const auto& view : COLPORT_TRY(feed_views(context))) {
        if (view.summary.feed != feed || view.summary.head.empty()) continue;
        ExportOptions options;
        options.link = view.summary.link;
        options.dht_nodes =
            read_dht_nodes(COLPORT_TRY(context.archive->recall(dht_nodes_memory)));
        carried.push_back({view.summary.directory, feed.hex().substr(0, 16), std::move(options)});
    }
    if (carried.empty())
        return Error{Errc::not_found, "nothing of this feed is here to be copied yet"};
    COLPORT_TRY(context.desk.carrying.start(std::move(carried), field(context, "folder"),
                                            context.now));
    return see("/feed/" + feed.hex() + "#carry");
}

}  // namespace colport::web
