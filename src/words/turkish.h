#pragma once

#include <string>
#include <string_view>

namespace colport::words {

/// Spells a Turkish word that is without its own letters so that vowels agree,
/// as the stemmer wants them. Words that differ by those letters alone become
/// the same, whoever typed them.
std::string harmonized(std::string_view plain);

/// Cuts an ending off that the stemmer does not know or leaves a piece of: false
/// if there is none. What is left may have others that the stemmer knows.
bool drop_turkish_ending(std::string& stem);

/// A word that ends in k has g before a vowel.
void harden_end(std::string& stem);

}  // namespace colport::words
