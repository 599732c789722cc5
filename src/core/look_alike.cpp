#include "core/look_alike.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include <map>
#include <memory>

namespace colport {
namespace {

struct CloseChecker {
    void operator()(USpoofChecker* checker) const noexcept { uspoof_close(checker); }
};

icu::UnicodeString letters_of(const icu::UnicodeString& text) {
    icu::UnicodeString out;
    for (int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
        const auto point = text.char32At(at);
        if (u_isalnum(point)) out.append(point);
    }
    return out;
}

}  // namespace

std::string look_of(std::string_view name) {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<USpoofChecker, CloseChecker> checker(uspoof_open(&error));
    const auto* compatible = icu::Normalizer2::getNFKDInstance(error);
    auto text = icu::UnicodeString::fromUTF8(
        icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
    if (U_FAILURE(error)) return std::string(name);
    // Capitals of one script look like small letters of another: both ways count.
    text = letters_of(compatible->normalize(text.foldCase(), error));
    icu::UnicodeString skeleton;
    uspoof_getSkeletonUnicodeString(checker.get(), 0, text, skeleton, &error);
    skeleton = letters_of(compatible->normalize(skeleton.foldCase(), error));
    std::string out;
    if (U_FAILURE(error)) return std::string(name);
    skeleton.toUTF8String(out);
    return out;
}

std::vector<std::optional<std::size_t>> look_alikes(const std::vector<std::string>& names) {
    std::map<std::string, std::size_t> first;
    std::vector<std::optional<std::size_t>> out;
    for (const auto& name : names) {
        const auto look = look_of(name);
        const auto known = first.find(look);
        // A name that is not known yet, or has no letters, looks like none.
        if (look.empty() || known == first.end()) out.emplace_back();
        else out.emplace_back(known->second);
        if (!look.empty()) first.emplace(look, out.size() - 1);
    }
    return out;
}

}  // namespace colport
