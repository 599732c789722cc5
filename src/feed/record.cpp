#include "feed/record.h"

#include <array>
#include <cstdint>

#include "core/limits.h"

namespace colport {
namespace {

enum Shape : std::int8_t {
    article, block, paragraph, heading, list, list_item, quote, table, table_row, table_cell, code,
    figure, embed, rule, span, shapes,
    text = -1,       // ends with a zero byte
    as_it_is = -2,   // with its length, as in the message
};

constexpr std::size_t fields = 17;
using Fields = std::array<std::int8_t, fields>;

constexpr Fields none() {
    Fields out{};
    out.fill(as_it_is);
    return out;
}

struct Field {
    std::size_t number;
    Shape shape;
};

template <std::size_t Count>
constexpr Fields with(const Field (&known)[Count]) {
    auto out = none();
    for (const auto& field : known) out[field.number] = field.shape;
    return out;
}

// The fields of format 2, for good: a field that comes later keeps its length.
constexpr std::array<Fields, shapes> shape_fields{
    with({{4, text}, {5, text}, {6, text}, {10, text}, {11, text}, {12, text}, {13, text},
          {14, text}, {15, figure}, {16, block}}),
    with({{1, paragraph}, {2, heading}, {3, list}, {4, quote}, {5, table}, {6, code}, {7, figure},
          {8, embed}, {9, rule}}),
    with({{1, span}}),                               // paragraph
    with({{2, span}}),                               // heading
    with({{3, list_item}}),                          // list
    with({{2, span}}),                               // list_item
    with({{1, paragraph}, {2, text}}),               // quote
    with({{1, table_row}, {2, span}}),               // table
    with({{2, table_cell}}),                         // table_row
    with({{1, span}}),                               // table_cell
    with({{1, text}, {2, text}}),                    // code
    with({{2, text}, {3, span}, {7, text}}),         // figure
    with({{1, text}, {2, text}}),                    // embed
    none(),                                          // rule
    with({{1, text}, {3, text}}),                    // span
};

/// What becomes of a field of the wire type that has a length.
std::int8_t shape_of(std::int8_t message, std::uint64_t tag) {
    const auto number = tag >> 3;
    return number < fields ? shape_fields[static_cast<std::size_t>(message)][number]
                           : std::int8_t{as_it_is};
}

enum Wire : std::uint8_t { number = 0, eight_bytes = 1, counted = 2, four_bytes = 5 };

/// Reads either form from front to end.
class Cursor {
public:
    explicit Cursor(Bytes bytes) : rest_(bytes) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] Bytes rest() const { return rest_; }

    std::optional<Bytes> take(std::size_t size) {
        if (size > rest_.size()) return {};
        const auto out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }
    /// A varint as it is written; its value goes to `value`.
    std::optional<Bytes> take_number(std::uint64_t& value) {
        value = 0;
        for (std::size_t i = 0; i < rest_.size() && i < 10; ++i) {
            const auto byte = static_cast<unsigned char>(rest_[i]);
            value |= std::uint64_t{byte & 0x7fU} << (7 * i);
            if (byte < 0x80) return take(i + 1);
        }
        return {};
    }
    /// Up to a zero byte, which is passed.
    std::optional<Bytes> take_text() {
        const auto end = rest_.find('\0');
        if (end == rest_.npos) return {};
        const auto out = take(end);
        rest_.remove_prefix(1);
        return out;
    }
    /// The value of a field that both forms write alike.
    std::optional<Bytes> take_value(std::uint64_t tag) {
        const auto before = rest_;
        std::uint64_t value = 0;
        bool whole = false;
        switch (tag & 7) {
            case number: whole = take_number(value).has_value(); break;
            case eight_bytes: whole = take(8).has_value(); break;
            case four_bytes: whole = take(4).has_value(); break;
            case counted: whole = take_number(value) && take(value); break;
            default: break;
        }
        if (!whole) return {};
        return before.substr(0, before.size() - rest_.size());
    }

private:
    Bytes rest_;
};

void append_number(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

/// Counts the messages within an article before they cost memory.
class Parts {
public:
    [[nodiscard]] Status take_one() {
        if (left_ == 0) return Error{Errc::too_large, "an article has over 131,072 parts"};
        --left_;
        return done();
    }

private:
    std::size_t left_ = limits::article_parts;
};

Status fold(Bytes message, std::int8_t shape, Parts& parts, std::string& out) {
    const Error damaged{Errc::corrupt, "damaged article"};
    Cursor from(message);
    while (!from.at_end()) {
        std::uint64_t tag = 0, size = 0;
        const auto written = from.take_number(tag);
        if (!written || tag >> 3 == 0) return damaged;
        out += *written;
        const auto inner = (tag & 7) == counted ? shape_of(shape, tag) : std::int8_t{as_it_is};
        if (inner == as_it_is) {
            const auto value = from.take_value(tag);
            if (!value) return damaged;
            out += *value;
            continue;
        }
        const auto content = from.take_number(size) ? from.take(size) : std::nullopt;
        if (!content) return damaged;
        if (inner == text) {
            if (content->find('\0') != content->npos) return damaged;
            out += *content;
            out += '\0';
        } else {
            COLPORT_TRY(parts.take_one());
            COLPORT_TRY(fold(*content, inner, parts, out));
        }
    }
    out += '\0';
    return done();
}

/// Appends the message that begins at `from`, up to its end. The shapes nest six
/// deep at most, so no input recurses further.
Status unfold(Cursor& from, std::int8_t shape, Parts& parts, std::string& out) {
    const Error damaged{Errc::corrupt, "damaged bundle: record of an article"};
    while (true) {
        std::uint64_t tag = 0;
        const auto written = from.take_number(tag);
        if (!written) return damaged;
        if (*written == Bytes("\0", 1)) return done();
        out += *written;
        const auto inner = (tag & 7) == counted ? shape_of(shape, tag) : std::int8_t{as_it_is};
        if (inner == as_it_is) {
            const auto value = from.take_value(tag);
            if (!value) return damaged;
            out += *value;
        } else if (inner == text) {
            const auto content = from.take_text();
            if (!content) return damaged;
            append_number(out, content->size());
            out += *content;
        } else {
            COLPORT_TRY(parts.take_one());
            // Most are shorter than 128 bytes.
            const auto begin = out.size();
            out += '\0';
            COLPORT_TRY(unfold(from, inner, parts, out));
            const auto size = out.size() - begin - 1;
            if (size < 0x80) {
                out[begin] = static_cast<char>(size);
            } else {
                std::string prefix;
                append_number(prefix, size);
                out.replace(begin, 1, prefix);
            }
        }
    }
}

}  // namespace

Result<std::string> record_of(Bytes message) {
    std::string out;
    out.reserve(message.size() + 16);
    Parts parts;
    COLPORT_TRY(fold(message, article, parts, out));
    return out;
}

Result<std::string> message_of(Bytes record) {
    std::string out;
    out.reserve(record.size() + record.size() / 8);
    Cursor from(record);
    Parts parts;
    COLPORT_TRY(unfold(from, article, parts, out));
    if (!from.at_end()) return Error{Errc::corrupt, "damaged bundle: record of an article"};
    return out;
}

}  // namespace colport
