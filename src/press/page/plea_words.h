#pragma once

/// Words that stand beside articles, parted by semicolons and ends of lines, in English, Russian,
/// Ukrainian, Persian, Arabic, Turkish, Chinese, Spanish, Burmese and, fewer, in
/// French, German and Portuguese. Short on purpose: what a page's structure tells
/// needs no words. ` … ` parts what stands at the beginning from what follows
/// somewhere; a star ends a word that has endings.
namespace colport::plea_words {

extern const char* const labels;         ///< a line of its own
extern const char* const announcements;  ///< other articles follow
extern const char* const comments;       ///< the readers' comments follow
extern const char* const requests;       ///< begin a sentence that asks for something
extern const char* const notices;        ///< anywhere in a short paragraph

}  // namespace colport::plea_words
