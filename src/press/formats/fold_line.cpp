#include "press/formats/fold_line.h"

#include <unicode/uchar.h>

#include <utility>

#include "press/clean_text.h"

namespace colport {

std::string fold_line(std::string_view line) {
    std::string out;
    bool blank = false;
    for (std::size_t at = 0; at < line.size();) {
        char32_t c = next_character(line, at);
        if (c > 0x20 && c < 0x7f) {
            if (std::exchange(blank, false)) out += ' ';
            out += static_cast<char>(c >= U'A' && c <= U'Z' ? c | 0x20 : c);
            continue;
        }
        if (kind_of(c) == CharKind::dropped || c == 0x200d || c == 0xad) continue;
        if (c == 0x200c || kind_of(c) != CharKind::text) c = U' ';
        if (c == 0x2019 || c == 0x2bc) c = U'\'';
        if (c >= 0x64b && c <= 0x652) continue;
        if (c == 0x64a || c == 0x649) c = 0x6cc;
        if (c == 0x643) c = 0x6a9;
        if (c == 0x622 || c == 0x623 || c == 0x625) c = 0x627;
        // Turkish has a capital of i with its dot, which simple folding leaves.
        c = c == 0x130 ? U'i'
                       : static_cast<char32_t>(
                             u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT));
        if (c == U' ') {
            blank = !out.empty();
            continue;
        }
        if (std::exchange(blank, false)) out += ' ';
        append_character(out, c);
    }
    return out;
}

}  // namespace colport
