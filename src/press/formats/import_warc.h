#pragma once

#include "press/import_sink.h"

namespace colport {

/// The articles among the pages of a crawl: a WARC, plain or gzipped, with the
/// pictures that the same crawl holds. Front pages, lists and pages with hardly
/// any text are left out and counted. Errors: corrupt, too_large.
Status import_warc(Bytes content, ImportSink& sink);

/// The same of a WACZ: the WARCs in it, and of their pages those that its list
/// of pages names. Errors: corrupt, too_large.
Status import_wacz(Bytes content, ImportSink& sink);

}  // namespace colport
