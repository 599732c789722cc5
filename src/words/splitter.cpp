#include <fmt/format.h>
#include <unicode/uversion.h>
#include <unicode/utf8.h>

#include <array>

#include "words/elision.h"
#include "words/korean.h"
#include "words/piece.h"
#include "words/stem_rules.h"
#include "words/stems.h"
#include "words/unspaced.h"
#include "words/words.h"

namespace colport {
namespace {

using words::Described;
using words::Kind;
using words::Piece;
using words::Script;

}  // namespace

struct WordSplitter::Parts {
    words::Stems stems;
    words::Unspaced unspaced;
    std::array<Piece, longest_word> pieces;
    Piece joined;
    std::string pair;
    Word word;
};

namespace {

/// One text on its way through.
template <class Parts>
class Reading {
public:
    Reading(Parts& parts, std::string_view text, std::string_view language,
            const FirstCharacters* sought, const std::function<void(const Word&)>& visit)
        : parts_(parts),
          text_(text),
          visit_(visit) {
        const auto code = words::language_code(language);
        is_turkic_ = code == "tr" || code == "az";
        elides_ = words::has_elision(code);
        if (words::keeps_first_character(code)) sought_ = sought;
        parts_.stems.choose(code);
        language_ = code;
    }

    void run() {
        while (at_ < text_.size()) {
            auto behind = at_;
            switch (next(behind)->kind) {
                case Kind::letter:
                case Kind::digit: read_word(); break;
                case Kind::paired: read_pairs(); break;
                case Kind::unspaced: read_unspaced(); break;
                default: at_ = behind;  // a mark on nothing, too
            }
        }
    }

private:
    Described next(std::size_t& at) {
        UChar32 c = 0;
        U8_NEXT(text_.data(), at, text_.size(), c);
        code_ = c;
        return words::describe(c);
    }

    bool letter_follows(std::size_t at, bool arabic) {
        if (at >= text_.size()) return false;
        const auto c = next(at);
        return c->kind == Kind::letter && (c->script == Script::arabic) == arabic;
    }

    /// A letter that no other follows.
    bool initial_follows(std::size_t at) {
        if (at >= text_.size() || next(at)->kind != Kind::letter) return false;
        if (at >= text_.size()) return true;
        const auto kind = next(at)->kind;
        return kind == Kind::separator;
    }

    /// "Responsible" is spelt with a hamza on either of two carriers.
    bool waw_follows(std::size_t at) const { return text_.substr(at).starts_with("و"); }

    void add(Piece& piece, const Described& c, std::size_t behind) {
        if ((code_ == U'ئ' || code_ == U'ء') && waw_follows(behind))
            return piece.add(words::describe(U'و'), behind);
        if (is_turkic_ && code_ == U'I') return piece.add(c, "ı", behind);
        if (is_turkic_ && code_ == U'İ') return piece.add(c, "i", behind);
        piece.add(c, behind);
    }

    /// How many letters of ASCII stand here, at most `limit`.
    std::size_t ascii_letters(std::size_t limit) const {
        const auto rest = text_.substr(at_, limit);
        std::size_t size = 0;
        while (size < rest.size() && (rest[size] | 0x20) >= 'a' && (rest[size] | 0x20) <= 'z' &&
               !(is_turkic_ && rest[size] == 'I'))
            ++size;
        return size;
    }

    void read_word() {
        std::size_t used = 1, bytes = 0;  // `bytes`: of the pieces before
        auto* piece = &parts_.pieces[0];
        piece->start(at_);
        for (std::size_t count = 0; at_ < text_.size() && count < longest_word &&
                                    bytes + piece->plain().size() < longest_form;) {
            if (const auto size = ascii_letters(longest_word - count)) {
                piece->add_ascii(text_.substr(at_, size), at_ + size);
                at_ += size;
                count += size;
                continue;
            }
            auto behind = at_;
            const auto c = next(behind);
            const bool arabic = piece->script() == Script::arabic;
            if (c->kind == Kind::letter || c->kind == Kind::digit || c->kind == Kind::mark) {
                add(*piece, c, behind);
                ++count;
            } else if (c->kind == Kind::apostrophe && piece->after_letter() && !arabic &&
                       letter_follows(behind, false)) {
                if (elides_ && piece->script() == Script::latin) {
                    if (words::is_elided(language_, piece->plain())) {
                        at_ = behind;
                        piece->start(at_);
                        count = 0;
                        continue;
                    }
                    if (words::ends_at_apostrophe(language_)) {
                        at_ = behind;
                        break;
                    }
                }
                piece->add_apostrophe();
                ++count;
            } else if (c->kind == Kind::non_joiner && piece->after_letter() && arabic &&
                       letter_follows(behind, true)) {
                bytes += piece->plain().size();
                piece = &parts_.pieces[used++];
                piece->start(behind);
            } else if (code_ == U'.' && count == used && piece->after_letter() &&
                       !piece->digits && initial_follows(behind)) {
                bytes += piece->plain().size();
                piece = &parts_.pieces[used++];
                piece->start(behind);
            } else if (c->kind != Kind::ignored && c->kind != Kind::non_joiner) {
                break;
            }
            at_ = behind;
        }
        emit_pieces(used);
    }

    void emit_pieces(std::size_t used) {
        auto& pieces = parts_.pieces;
        for (std::size_t i = 0; i < used; ++i) pieces[i].finish();
        emit_letters(pieces[0], false);
        if (used == 1) return;
        auto& joined = parts_.joined;
        joined.start(pieces[0].begin);
        for (std::size_t i = 0; i < used; ++i) joined.add(pieces[i]);
        emit_letters(joined, true);
        for (std::size_t i = 1; i < used; ++i) emit_letters(pieces[i], false);
    }

    /// One character with its marks, of a script that is indexed in pairs.
    void read_unit(Piece& unit) {
        unit.start(at_);
        for (std::size_t count = 0; at_ < text_.size();) {
            auto behind = at_;
            const auto c = next(behind);
            if (c->kind == Kind::mark || (c->kind == Kind::paired && !unit.has_base())) {
                if (count++ < longest_word) unit.add(c, behind);
            } else if (c->kind != Kind::ignored && c->kind != Kind::non_joiner) {
                break;
            }
            at_ = behind;
        }
        unit.finish();
    }

    bool paired_follows() {
        auto behind = at_;
        return at_ < text_.size() && next(behind)->kind == Kind::paired;
    }

    void read_pairs() {
        const auto end = end_of_noun();
        read_pairs_until(end.first);
        at_ = std::max(at_, end.second);
    }

    /// Where what begins here would end without Korean particles, and with them.
    std::pair<std::size_t, std::size_t> end_of_noun() {
        const auto size = words::hangul_size(text_.substr(at_));
        const auto behind = at_ + size;
        auto after = behind;
        if (size == 0 || (after < text_.size() && next(after)->kind == Kind::paired))
            return {text_.size(), at_};
        return {at_ + words::size_without_particles(text_.substr(at_, size)), behind};
    }

    void read_pairs_until(std::size_t end) {
        auto* before = &parts_.pieces[0];
        auto* unit = &parts_.pieces[1];
        read_unit(*before);
        if (at_ >= end || !paired_follows()) return emit(before->begin, before->end, before->plain());
        auto& pair = parts_.pair;
        do {
            read_unit(*unit);
            pair = before->plain();
            pair += unit->plain();
            emit(before->begin, unit->end, pair);
            std::swap(before, unit);
        } while (at_ < end && paired_follows());
    }

    void read_unspaced() {
        const auto begin = at_;
        while (at_ < text_.size()) {
            auto behind = at_;
            const auto kind = next(behind)->kind;
            if (kind != Kind::unspaced && kind != Kind::mark && kind != Kind::ignored &&
                kind != Kind::non_joiner)
                break;
            at_ = behind;
        }
        parts_.unspaced.words(text_.substr(begin, at_ - begin),
                              [&](std::size_t from, std::size_t to) {
                                  emit_range(begin + from, begin + to);
                              });
    }

    void emit_range(std::size_t at, std::size_t end) {
        auto& piece = parts_.pieces[0];
        while (at < end) {
            piece.start(at);
            for (std::size_t count = 0; at < end && count < longest_word; ++count) {
                if (const auto am = words::apart_am(text_.substr(at, end - at)); am.size > 0) {
                    at += am.size;
                    if (am.tone != 0) piece.add(words::describe(am.tone), at);
                    piece.add(words::describe(am.whole), at);
                    continue;
                }
                const auto c = next(at);
                if (c->kind == Kind::unspaced || c->kind == Kind::mark) piece.add(c, at);
            }
            piece.finish();
            emit(piece.begin, piece.end, piece.plain());
        }
    }

    void emit_letters(const Piece& piece, bool beside) {
        words::Stems::Found found;
        if (!piece.digits && (sought_ == nullptr || sought_->contains(piece.plain())))
            found = parts_.stems.stem(piece.folded(), piece.plain());
        emit(piece.begin, piece.end, piece.plain(), found.stem, beside);
        if (!found.other.empty())
            emit(piece.begin, piece.end, piece.plain(), found.other, true);
    }

    void emit(std::size_t begin, std::size_t end, std::string_view form,
              std::string_view stem = {}, bool beside = false) {
        if (form.empty()) return;
        auto& word = parts_.word;
        word.begin = begin;
        word.end = end;
        word.form = form;
        word.stem = stem == form ? std::string_view() : stem;
        word.beside = beside;
        visit_(word);
    }

    Parts& parts_;
    std::string_view text_;
    const std::function<void(const Word&)>& visit_;
    std::string language_;
    bool is_turkic_ = false, elides_ = false;
    const FirstCharacters* sought_ = nullptr;  ///< null: all
    std::size_t at_ = 0;
    UChar32 code_ = 0;  // of the character that next() read
};

}  // namespace

WordSplitter::WordSplitter() : parts_(std::make_unique<Parts>()) {}
WordSplitter::~WordSplitter() = default;
WordSplitter::WordSplitter(WordSplitter&&) noexcept = default;
WordSplitter& WordSplitter::operator=(WordSplitter&&) noexcept = default;

void WordSplitter::split(std::string_view text, std::string_view language,
                         const FirstCharacters* sought,
                         const std::function<void(const Word&)>& visit) {
    Reading(*parts_, text, language, sought, visit).run();
}

std::string words_signature() {
    UVersionInfo icu;
    u_getVersion(icu);
    return fmt::format("{}/icu{}.{}", words_version, icu[0], icu[1]);
}

}  // namespace colport
