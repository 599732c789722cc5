#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace colport {

/// One document of a book, in the order of reading.
struct EpubDocument {
    std::string path;
    std::string title;       ///< what the table of contents calls it; may be empty
    bool begins = false;     ///< the table of contents names it
};

/// An EPUB 2 or 3 unpacked in memory: what it says of itself, and its files.
struct EpubBook {
    std::string title, identifier, language, date;
    std::vector<std::string> authors, subjects;
    std::vector<EpubDocument> documents;   ///< without covers and tables of contents
    std::map<std::string, std::string> files;
};

/// Errors: corrupt, too_large, unsupported (encrypted).
Result<EpubBook> read_epub(Bytes content);

/// `reference` from the file at `from`, both within the archive, without fragment.
std::string epub_path(const std::string& reference, const std::string& from);

}  // namespace colport
