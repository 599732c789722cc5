#include "press/formats/import_feed.h"

#include "press/clean_text.h"
#include "press/formats/feed_elements.h"

namespace colport {
namespace {

bool is_wordpress_export(const xmlNode* root, const xmlNode* channel) {
    if (!channel) return false;
    if (child(channel, "wp:wxr_version")) return true;
    for (const auto* space = root->nsDef; space; space = space->next)
        if (view(space->href).starts_with("http://wordpress.org/export/")) return true;
    return false;
}

}  // namespace

Status import_feed(Bytes content, ImportSink& sink) {
    WxrReader wordpress(sink);
    const auto& charset = sink.options().charset;
    std::size_t parts = 0;
    const auto file = COLPORT_TRY(parse_xml_parts(content, charset, [&](const xmlNode* part) {
        ++parts;
        wordpress.remember(part);
    }));
    const auto* root = xmlDocGetRootElement(file.tree.get());
    const auto name = name_of(root);
    const auto* channel = child(root, "channel");
    VisitPart read;
    if (name == "feed" || name == "entry") {
        read = atom_reader(root, sink);
        if (name == "entry") read(root);
    } else if (name == "rss" && is_wordpress_export(root, channel)) {
        wordpress.begin(channel);
        read = [&wordpress](const xmlNode* part) { wordpress.read(part); };
    } else if (name == "RDF" || (name == "rss" && (channel || parts > 0 || !file.damaged))) {
        read = rss_reader(root, sink);
    } else if (ascii_lower(name) == "channel") {
        read = cdf_reader(sink);
    } else if (sink.options().is_of_site && !file.damaged) {
        sink.pass_over_page(sink.stable_name(), {});
        return done();
    } else {
        return Error{Errc::corrupt, "is XML, but neither RSS nor Atom nor a WordPress export"};
    }
    if (!file.lost.empty()) sink.warn(sink.name() + ": " + file.lost);
    if (file.damaged) sink.report_damage("not well-formed XML, something may be missing");
    if (parts > 0) COLPORT_TRY(parse_xml_parts(content, charset, read));
    wordpress.say_what_is_left_out();
    return done();
}

}  // namespace colport
