#pragma once

#include "press/import_sink.h"

namespace colport {

/// One Markdown text with tables, its front matter as Hugo and Jekyll have it.
/// Drafts, what has expired and, given the time, what is dated later, in its front
/// matter or its name, are left out with a warning, and so is one whose date cannot be
/// read. Errors: corrupt (not UTF-8, front matter), too_large.
Status import_markdown(Bytes content, ImportSink& sink);

/// Whether the beginning of a file is front matter that a line of `---`, `+++`
/// or a brace ends before Markdown begins.
bool looks_like_front_matter(std::string_view beginning);

}  // namespace colport
