#include "words/unspaced.h"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

namespace colport::words {
namespace {

// What ICU sees at once: it keeps every boundary of a run.
constexpr std::size_t window = 1024;

UChar32 read(std::string_view text, std::size_t& at) {
    UChar32 c = 0;
    if (at < text.size()) U8_NEXT(text.data(), at, text.size(), c);
    return c;
}

}  // namespace

ApartAm apart_am(std::string_view text) {
    constexpr UChar32 ring = 0x0e4d, first_tone = 0x0e48, last_tone = 0x0e4b;
    constexpr UChar32 stroke = 0x0e32, am = 0x0e33, from_thai_to_lao = 0x80;
    ApartAm out;
    std::size_t at = 0;
    const auto begin = read(text, at);
    if (begin != ring && begin != ring + from_thai_to_lao) return out;
    const auto shift = begin - ring;
    auto next = read(text, at);
    if (next >= first_tone + shift && next <= last_tone + shift) {
        out.tone = next;
        next = read(text, at);
    }
    if (next != stroke + shift) return {};
    out.whole = am + shift;
    out.size = at;
    return out;
}

void Unspaced::words(std::string_view run,
                     const std::function<void(std::size_t, std::size_t)>& visit) {
    UErrorCode status = U_ZERO_ERROR;
    if (!breaks_) breaks_.reset(ubrk_open(UBRK_WORD, "en", nullptr, 0, &status));
    for (std::size_t begin = 0; begin < run.size();) {
        text_.clear();
        starts_.clear();
        std::size_t at = begin;
        while (at < run.size() && text_.size() < window) {
            const auto start = at;
            // The dictionary knows the whole one alone.
            if (const auto am = apart_am(run.substr(at)); am.size > 0) {
                at += am.size;
                for (const auto c : {am.tone, am.whole}) {
                    if (c == 0) continue;
                    text_.push_back(static_cast<UChar>(c));
                    starts_.push_back(start);
                }
                continue;
            }
            UChar32 c = 0;
            U8_NEXT(run.data(), at, run.size(), c);
            UChar units[U16_MAX_LENGTH];
            int count = 0;
            U16_APPEND_UNSAFE(units, count, c < 0 ? 0xfffd : c);
            for (int i = 0; i < count; ++i) {
                text_.push_back(units[i]);
                starts_.push_back(start);
            }
        }
        starts_.push_back(at);
        status = U_ZERO_ERROR;
        if (breaks_)
            ubrk_setText(breaks_.get(), text_.data(), static_cast<int32_t>(text_.size()), &status);
        if (!breaks_ || U_FAILURE(status)) {
            visit(begin, at);
            begin = at;
            continue;
        }
        const auto window_end = at;
        ubrk_first(breaks_.get());
        for (int32_t next = 0; (next = ubrk_next(breaks_.get())) != UBRK_DONE;) {
            const auto end = starts_[static_cast<std::size_t>(next)];
            // The last word may go on behind the window: it is seen again from its beginning.
            if (end == window_end && end < run.size() && begin != starts_.front()) break;
            if (end > begin) visit(begin, end);
            begin = end;
        }
    }
}

}  // namespace colport::words
