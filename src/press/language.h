#pragma once

#include <string>
#include <string_view>

namespace colport {

/// `tag` as BCP 47 writes it: `pt_br` becomes `pt-BR`. Empty for anything that
/// is no language tag.
std::string normalize_language(std::string_view tag);

/// The language that CLD2 is sure `text` is in, or empty. Plain text, UTF-8.
std::string detect_language(std::string_view text);

/// The language of an article of which its source names none. `around` is what the
/// source says about the whole page or feed, `fallback` the publisher's; each may be
/// empty. What is said around an article loses against its text when that is in
/// another script, since templates say "en" of all.
std::string choose_language(std::string_view around, std::string_view fallback,
                            std::string_view text);

}  // namespace colport
