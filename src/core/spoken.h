#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"

/// Bytes as words that people can read out and write down: each two bytes are one
/// word of five letters, consonants and vowels in turn ("proquints",
/// https://arxiv.org/html/0901.4016). No letters that are easily mistaken for others.
namespace colport {

/// Precondition: an even number of bytes. Words are joined by hyphens.
std::string to_spoken(Bytes bytes);

/// Takes capitals, and any white space or hyphens between words; nothing when a word
/// is none.
std::optional<std::string> from_spoken(std::string_view text);

}  // namespace colport
