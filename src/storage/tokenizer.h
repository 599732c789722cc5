#pragma once

/// What turns text into the words of the index.
namespace colport {

/// Raise it when the tokenizer changes, or the text that text_of() or to_text()
/// makes of an article: entries leave the index by the words that put them in,
/// so an index made otherwise must be made again.
inline constexpr int index_version = 1;

/// The FTS5 `tokenize` option.
inline constexpr const char* tokenizer() { return "unicode61 remove_diacritics 2"; }

}  // namespace colport
