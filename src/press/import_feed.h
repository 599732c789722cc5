#pragma once

#include "press/import_sink.h"

namespace colport {

/// RSS 0.9x to 2.0, RSS 1.0 and WordPress exports (published posts and pages
/// only), and Atom: the root element tells which. Errors: corrupt.
Status import_feed(Bytes content, ImportSink& sink);

}  // namespace colport
