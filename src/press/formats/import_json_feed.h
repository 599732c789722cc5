#pragma once

#include "press/import_sink.h"

namespace colport {

/// JSON Feed 1.0 and 1.1. Errors: corrupt.
Status import_json_feed(Bytes content, ImportSink& sink);

/// Whether the beginning of a file is that of a JSON Feed.
bool looks_like_json_feed(std::string_view beginning);

}  // namespace colport
