#pragma once

#include <cstddef>
#include <string>

namespace colport {

/// What WordPress shows of a text to anybody.
struct PublicText {
    std::string text;
    std::size_t left_out = 0;   ///< passages that it shows to nobody, or to members alone
};

/// Drops blocks that are hidden from visitors, what stands behind a paywall, and
/// what the shortcodes and blocks of the usual membership plugins enclose. A hidden
/// block without an end hides the rest. Time is linear in the text.
PublicText public_text(const std::string& content);

}  // namespace colport
