#pragma once

#include "press/import_sink.h"
#include "press/xml_tree.h"

namespace colport {

/// RSS 0.9x to 2.0, RSS 1.0, WordPress exports, and Atom 0.3 and 1.0: the root
/// element tells which. Errors: corrupt.
Status import_feed(Bytes content, ImportSink& sink);

/// The readers that import_feed() chooses from. `root` is the document's.
void import_rss(const xmlNode* root, ImportSink& sink);
void import_atom(const xmlNode* root, ImportSink& sink);

/// WXR 1.0 to 1.2: published posts and pages, with the featured picture as lead,
/// authors by their display name, and shortcodes and blocks understood. What the
/// site's own feed does not say of a post is left out, so that either gives the
/// same article.
void import_wxr(const xmlNode* root, ImportSink& sink);

}  // namespace colport
