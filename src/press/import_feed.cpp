#include "press/import_feed.h"

#include "press/feed_elements.h"

namespace colport {
namespace {

bool is_wordpress_export(const xmlNode* root, const xmlNode* channel) {
    if (child(channel, "wp:wxr_version")) return true;
    for (const auto* space = root->nsDef; space; space = space->next)
        if (view(space->href).starts_with("http://wordpress.org/export/")) return true;
    return false;
}

}  // namespace

Status import_feed(Bytes content, ImportSink& sink) {
    const auto file = COLPORT_TRY(parse_xml(content));
    const auto* root = xmlDocGetRootElement(file.tree.get());
    if (file.damaged) sink.report_damage("not well-formed XML, something may be missing");
    const auto name = name_of(root);
    if (name == "feed" || name == "entry") {
        import_atom(root, sink);
    } else if (const auto* channel = child(root, "channel"); channel && name == "rss") {
        if (is_wordpress_export(root, channel))
            import_wxr(root, sink);
        else
            import_rss(root, sink);
    } else if (name == "RDF" || (name == "rss" && child(root, "item"))) {
        import_rss(root, sink);
    } else {
        return Error{Errc::corrupt, "is XML, but neither RSS nor Atom nor a WordPress export"};
    }
    return done();
}

}  // namespace colport
