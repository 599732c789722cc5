#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "article.pb.h"
#include "core/bytes.h"
#include "core/result.h"

/// Articles as an e-book (EPUB 3.3). Pure: the same articles and pictures give
/// the same bytes.
namespace colport {

struct BookChapter {
    pb::Article article;
    std::string feed_name;
};

struct Book {
    std::string id;                    ///< a URI that never changes
    std::string title;
    std::string language;              ///< BCP 47; empty: unknown
    std::int64_t modified = 0;         ///< seconds since 1970
    std::vector<BookChapter> chapters;
};

/// A picture, or nothing when it is not there: the book then has its words.
using BookPicture = std::function<std::optional<pb::Picture>(const Sha256&)>;

/// Pictures beyond this many bytes are left out.
inline constexpr std::size_t most_book_pictures = 32 << 20;

/// Errors: invalid (no chapter), io (out of memory).
Result<std::string> to_epub(const Book& book, const BookPicture& picture);

}  // namespace colport
