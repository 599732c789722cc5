#pragma once

#include <string>
#include <string_view>

#include "words/character.h"

namespace colport::words {

/// A word while its characters come in.
class Piece {
public:
    std::size_t begin = 0, end = 0;
    bool digits = false;

    void start(std::size_t at) {
        begin = end = at;
        plain_.clear();
        digits = composes_ = differs_ = false;
        base_ = nullptr;
    }

    /// `folded` stands for that of the character.
    void add(const Described& c, std::string_view folded, std::size_t behind) {
        const auto plain = c.plain();
        if (differs_ || folded.data() != plain.data()) differ() += folded;
        plain_ += plain;
        end = behind;
        if (c->kind == Kind::mark) {
            composes_ = composes_ || c->composes || (base_ && base_->bare);
            return;
        }
        digits = digits || c->kind == Kind::digit;
        base_ = &*c;
    }
    void add(const Described& c, std::size_t behind) { add(c, c.folded(), behind); }

    void add_apostrophe() { differ() += '\''; }

    /// Letters of ASCII, the faster way.
    void add_ascii(std::string_view letters, std::size_t behind) {
        const auto before = plain_.size();
        plain_ += letters;
        for (auto i = before; i < plain_.size(); ++i)
            plain_[i] = static_cast<char>(plain_[i] | 0x20);
        if (differs_) folded_.append(plain_, before);
        end = behind;
        base_ = &*describe(U'a');
    }

    void add(const Piece& other) {
        if (differs_ || other.differs_) differ() += other.folded();
        plain_ += other.plain_;
        end = other.end;
        digits = digits || other.digits;
    }

    void finish() {
        if (!composes_) return;
        differ();
        compose(folded_, plain_);
        composes_ = false;
    }

    [[nodiscard]] bool after_letter() const { return base_ && base_->kind == Kind::letter; }
    [[nodiscard]] Script script() const { return base_ ? base_->script : Script::other; }
    [[nodiscard]] bool has_base() const { return base_ != nullptr; }

    [[nodiscard]] std::string_view plain() const { return plain_; }
    [[nodiscard]] std::string_view folded() const { return differs_ ? folded_ : plain_; }

private:
    std::string& differ() {
        if (!differs_) folded_ = plain_;
        differs_ = true;
        return folded_;
    }

    // What `folded_` would be is mostly the same.
    std::string plain_, folded_;
    bool composes_ = false, differs_ = false;
    const Character* base_ = nullptr;
};

}  // namespace colport::words
