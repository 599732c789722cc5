#pragma once

#include "press/import_sink.h"

namespace colport {

/// Finds the article on a web page. Errors: corrupt.
Status import_html(Bytes content, ImportSink& sink);

}  // namespace colport
