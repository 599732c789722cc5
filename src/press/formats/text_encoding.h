#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/bytes.h"

/// Which encoding the text of a page or a feed is in, and its way to UTF-8, as
/// browsers do it: a mark at the beginning counts most, then that it is UTF-8, what the
/// server said, what the document says. Old names of encodings stand for the larger
/// ones that are meant by them (gb2312 for GB18030, iso-8859-1 for windows-1252), and
/// what cannot be read becomes U+FFFD and is counted. ICU does the converting.
namespace colport {

struct TextEncoding {
    std::string converter = "UTF-8";   ///< ICU's name
    std::string label = "UTF-8";       ///< as the document calls it
    std::size_t mark = 0;              ///< bytes of the mark at the beginning
    bool is_guess = false;             ///< nothing tells, or nothing that is true
    bool is_plain = false;             ///< UTF-8 without a fault, and without NUL
};

/// `said` is the charset that came with the document; may be empty.
TextEncoding encoding_of_html(Bytes html, std::string_view said);
TextEncoding encoding_of_xml(Bytes xml, std::string_view said);

/// `windows-1251` of `text/html; charset="Windows-1251"`; empty when there is none.
std::string charset_of_type(std::string_view content_type);

/// Reads bytes as UTF-8, a piece at a time; NUL is dropped. Borrows the bytes.
class Utf8Reader {
public:
    Utf8Reader(Bytes bytes, const TextEncoding& encoding);
    ~Utf8Reader();
    Utf8Reader(const Utf8Reader&) = delete;
    Utf8Reader& operator=(const Utf8Reader&) = delete;

    /// Puts at most `size` bytes; 0 at the end. Precondition: size > 0.
    std::size_t read(char* to, std::size_t size);
    /// How many pieces of the text could not be read so far.
    [[nodiscard]] std::size_t lost() const noexcept { return lost_; }

private:
    struct Converters;
    std::size_t lost_ = 0;
    Bytes rest_;
    std::unique_ptr<Converters> converters_;   ///< null: the bytes go as they are
};

/// A line for a person when a text did not come whole; else empty.
std::string encoding_warning(const TextEncoding& encoding, std::size_t lost);

}  // namespace colport
