#include "words/unspaced.h"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

namespace colport::words {
namespace {

// What ICU sees at once: it keeps every boundary of a run.
constexpr std::size_t window = 1024;

}  // namespace

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
