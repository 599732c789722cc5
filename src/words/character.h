#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

/// What ICU knows of a code point, looked up once and kept for the process.
/// Any thread.
namespace colport::words {

enum class Kind : std::uint8_t {
    separator,
    letter,
    digit,       ///< any character that counts; a word with one has no stem
    mark,        ///< belongs to the character before it
    ignored,     ///< invisible, or mere decoration: soft hyphen, tatweel
    apostrophe,
    non_joiner,
    paired,      ///< Han, Kana, Hangul, Bopomofo
    unspaced,    ///< scripts whose words only a dictionary can tell apart
};

enum class Script : std::uint8_t { other, latin, arabic };

class Character {
public:
    Kind kind = Kind::separator;
    Script script = Script::other;
    bool bare = false;      ///< the marks on it are dropped
    bool composes = false;  ///< may become one with what stands before it

private:
    friend struct Page;
    friend class Described;
    std::uint8_t plain_size_ = 0, folded_size_ = 0;
    std::uint16_t plain_at_ = 0, folded_at_ = 0;
};

struct Page {
    std::array<Character, 256> characters;
    std::string pool;

    void describe(char32_t c);
};

/// A character with its foldings; both may be of several letters, or none.
class Described {
public:
    Described(const Page& page, std::uint8_t low)
        : character_(page.characters[low]), pool_(page.pool.data()) {}
    const Character* operator->() const { return &character_; }
    const Character& operator*() const { return character_; }

    /// As it stands in the index.
    [[nodiscard]] std::string_view plain() const {
        return {pool_ + character_.plain_at_, character_.plain_size_};
    }
    /// With the accents of Latin letters, which stemmers need.
    [[nodiscard]] std::string_view folded() const {
        return {pool_ + character_.folded_at_, character_.folded_size_};
    }

private:
    const Character& character_;
    const char* pool_;
};

inline constexpr std::size_t page_count = 0x110000 / 256;
extern std::array<std::atomic<const Page*>, page_count> pages;  ///< null until they are made
const Page& make_page(std::size_t index);

/// For -1, which ICU returns for malformed bytes, a separator.
inline Described describe(std::int32_t c) {
    const auto code = c < 0 || c > 0x10ffff ? 0 : static_cast<std::uint32_t>(c);
    const auto* page = pages[code >> 8].load(std::memory_order_acquire);
    return {page ? *page : make_page(code >> 8), static_cast<std::uint8_t>(code & 0xff)};
}

/// Composes what single characters could not: `folded` holds marks behind their
/// letters. `plain` is made anew from it.
void compose(std::string& folded, std::string& plain);

/// The form of text that is folded already, accents gone.
std::string without_accents(std::string_view folded);

}  // namespace colport::words
