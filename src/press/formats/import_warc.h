#pragma once

#include "press/import_sink.h"

namespace colport {

/// The articles among the pages of a crawl: a WARC, plain or gzipped, with the
/// pictures that the same crawl holds. Front pages, lists and pages with hardly
/// any text are left out and counted. Of a page that was captured several times the
/// newest counts, and one that was gone then is left out. Errors: corrupt, too_large.
Status import_warc(Bytes content, ImportSink& sink);

/// The same of a WACZ: the WARCs in it, and of their pages those that its list
/// of pages names, where redirects led included. Errors: corrupt, too_large.
Status import_wacz(Bytes content, ImportSink& sink);

}  // namespace colport
