#pragma once

#include <string>
#include <string_view>

namespace colport::words {

/// Spells a Turkish word that is without its own letters so that vowels agree,
/// as the stemmer wants them. Words that differ by those letters alone become
/// the same, whoever typed them.
std::string harmonized(std::string_view plain);

/// A word that ends in k has g before a vowel.
void harden_end(std::string& stem);

}  // namespace colport::words
