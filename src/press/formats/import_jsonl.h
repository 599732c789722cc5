#pragma once

#include "press/import_sink.h"

namespace colport {

/// JSON Lines, one article a line. Keys: id or guid, url, title, lang or
/// language, published, updated (ISO 8601 or null), authors (list or string),
/// tags, section, summary, and the body as html or text. Other keys are passed
/// over, but what says that it is a draft is left out; a line that cannot be read costs a warning, and what lacks a name gets one from
/// its title and date, or from its text.
/// Errors: corrupt (no line can be read).
Status import_jsonl(Bytes content, ImportSink& sink);

}  // namespace colport
