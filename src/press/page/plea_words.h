#pragma once

/// Words that stand beside articles, parted by semicolons and ends of lines, in English, Russian,
/// Ukrainian, Persian, Arabic, Turkish, Chinese, Spanish, Burmese and, fewer, in
/// Belarusian, French, German and Portuguese. Short on purpose: what a page's structure tells
/// needs no words. ` … ` parts what stands at the beginning from what follows in the same
/// sentence; a star ends a word that has endings.
namespace colport::plea_words {

extern const char* const labels;         ///< a line of its own
extern const char* const nouns;          ///< the same, but parts of articles are headed so as well
extern const char* const announcements;  ///< other articles follow
extern const char* const pointers;       ///< the same, or another's title in the same line
extern const char* const comments;       ///< the readers' comments, or somebody's in the text
extern const char* const comment_calls;  ///< asks for the reader's own
extern const char* const requests;       ///< begin a sentence that asks for something
extern const char* const last_requests;  ///< the same, as the last thing on the page
extern const char* const hints;          ///< begin one that asks for it, or reports
extern const char* const notices;        ///< anywhere in a short paragraph
extern const char* const rights;         ///< the same, no word behind; with a star: whatever is behind

}  // namespace colport::plea_words
