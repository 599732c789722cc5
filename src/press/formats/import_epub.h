#pragma once

#include "press/import_sink.h"

namespace colport {

/// The chapters of an EPUB, as its table of contents has them: a document that it
/// does not name goes on with the one before. Errors: corrupt, too_large,
/// unsupported (encrypted).
Status import_epub(Bytes content, ImportSink& sink);

}  // namespace colport
