#include "web/catalogue.h"

#include <cstdint>
#include <map>
#include <memory>

namespace colport::web {
namespace {

// GNU's .mo format: offsets into the file, of tables of lengths and offsets.
constexpr std::uint32_t magic = 0x950412de;
constexpr std::size_t count_at = 8, originals_at = 12, translations_at = 16;

/// Little-endian, as `msgfmt --endianness=little` writes it. 0 beyond the end.
std::uint32_t word(std::string_view file, std::size_t at) {
    std::uint32_t out = 0;
    for (std::size_t i = 4; i-- > 0;)
        out = out << 8 | (at + i < file.size() ? static_cast<unsigned char>(file[at + i]) : 0u);
    return out;
}

std::string_view string_at(std::string_view file, std::size_t entry) {
    const std::size_t length = word(file, entry), offset = word(file, entry + 4);
    if (offset > file.size() || length > file.size() - offset) return {};
    return file.substr(offset, length);
}

}  // namespace

Catalogue::Catalogue(const CompiledCatalogue& compiled) : compiled_(compiled) {
    const auto file = compiled.content;
    if (word(file, 0) != magic) return;
    const std::size_t count = word(file, count_at);
    for (std::size_t i = 0; i < count && 8 * i < file.size(); ++i)
        sentences_.emplace(string_at(file, word(file, originals_at) + 8 * i),
                           string_at(file, word(file, translations_at) + 8 * i));
}

std::string_view Catalogue::find(std::string_view key) const {
    const auto found = sentences_.find(key);
    return found == sentences_.end() ? std::string_view{} : found->second;
}

std::string_view Catalogue::find(std::string_view key, unsigned long number) const {
    auto forms = find(key);
    for (auto form = compiled_.plural_form(number); form > 0; --form) {
        const auto end = forms.find('\0');
        if (end == forms.npos) break;
        forms.remove_prefix(end + 1);
    }
    return forms.substr(0, forms.find('\0'));
}

const Catalogue* catalogue_of(std::string_view code) {
    static const auto all = [] {
        std::map<std::string_view, Catalogue> out;
        for (const auto& compiled : compiled_catalogues()) out.emplace(compiled.code, compiled);
        return out;
    }();
    const auto found = all.find(code);
    return found == all.end() ? nullptr : &found->second;
}

}  // namespace colport::web
