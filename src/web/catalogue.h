#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <unordered_map>

/// Compiled gettext catalogues, built into the program by embed.cmake.
namespace colport::web {

struct CompiledCatalogue {
    std::string_view code;
    std::string_view content;                        ///< a .mo file
    std::size_t (*plural_form)(unsigned long number);  ///< its header's Plural-Forms
};
std::span<const CompiledCatalogue> compiled_catalogues();

/// The sentences of one language. Immutable.
class Catalogue {
public:
    explicit Catalogue(const CompiledCatalogue& compiled);
    /// By "English", "context\4English" or "one\0many". Empty when it is not there.
    [[nodiscard]] std::string_view find(std::string_view key) const;
    /// The form for a number.
    [[nodiscard]] std::string_view find(std::string_view key, unsigned long number) const;

private:
    const CompiledCatalogue& compiled_;
    std::unordered_map<std::string_view, std::string_view> sentences_;
};

/// Null for English, which needs none. Any thread.
const Catalogue* catalogue_of(std::string_view code);

}  // namespace colport::web
