#include "press/wording.h"

#include <array>

#include "core/message.h"
#include "feed/record.h"

namespace colport {
namespace {

struct Plain {
    std::string_view typeset, plain;
};
// What WordPress makes of plain marks, and the no-break space.
constexpr std::array<Plain, 11> marks{{{"‘", "'"}, {"’", "'"}, {"′", "'"}, {"“", "\""},
                                      {"”", "\""}, {"″", "\""}, {"–", "-"}, {"—", "-"},
                                      {"…", "..."}, {"×", "x"}, {"\u00a0", " "}}};

/// Marks made plain, runs of dashes and of white space made one.
std::string plain(Bytes record) {
    std::string out;
    out.reserve(record.size());
    while (!record.empty()) {
        std::string_view next = record.substr(0, 1);
        std::size_t size = 1;
        if ((next[0] & 0x80) != 0)
            for (const auto& mark : marks)
                if (record.starts_with(mark.typeset)) {
                    next = mark.plain;
                    size = mark.typeset.size();
                    break;
                }
        if (next == "\n") next = " ";
        const bool is_again = !out.empty() && out.back() == next[0] && (next == " " || next == "-");
        if (!is_again) out += next;
        record.remove_prefix(size);
    }
    return out;
}

}  // namespace

Sha256 wording_of(pb::Article article) {
    article.clear_revision();
    article.clear_note();
    // Records have no lengths, which would differ as the marks do.
    return sha256(plain(record_of(encode_message(article))));
}

}  // namespace colport
