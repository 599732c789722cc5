#include "press/formats/shortcodes.h"

#include "press/clean_text.h"

namespace colport {
namespace {

constexpr int max_nesting = 8;
constexpr std::size_t max_tag = 8192;
// Each costs a search through the text.
constexpr std::size_t max_names = 64;

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-';
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Tag {
public:
    explicit Tag(std::string_view text) : text_(text) {}

    [[nodiscard]] bool done() const { return at_ >= text_.size(); }
    void blanks() {
        while (!done() && is_blank(text_[at_])) ++at_;
    }
    std::string name() {
        const auto begin = at_;
        while (!done() && is_name(text_[at_])) ++at_;
        return std::string(text_.substr(begin, at_ - begin));
    }
    bool skip(char c) {
        if (done() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    /// Quoted, or up to the next blank.
    std::string value() {
        if (done()) return {};
        const char quote = text_[at_];
        const bool quoted = quote == '"' || quote == '\'' || quote == '`';
        if (quoted) ++at_;
        const auto begin = at_;
        while (!done() && (quoted ? text_[at_] != quote : !is_blank(text_[at_]))) ++at_;
        const auto out = std::string(text_.substr(begin, at_ - begin));
        if (quoted) skip(quote);
        return out;
    }
    void rewind(std::size_t at) { at_ = at; }
    [[nodiscard]] std::size_t at() const { return at_; }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

/// Where the tag that begins before `at` ends, quotes observed. A tag that another
/// one interrupts has no end: else each of a thousand would be read to the last.
std::size_t end_of_tag(std::string_view text, std::size_t at, const ShortcodeMarks& marks) {
    char quote = 0;
    const auto limit = std::min(text.size(), at + max_tag);
    for (; at < limit; ++at) {
        if (quote != 0) {
            if (text[at] == quote) quote = 0;
        } else if (text.substr(at).starts_with(marks.close)) {
            return at;
        } else if (text.substr(at).starts_with(marks.open)) {
            return text.npos;
        } else if ((text[at] == '"' || text[at] == '\'') && at > 0 &&
                   (text[at - 1] == '=' || is_blank(text[at - 1]))) {
            quote = text[at];
        }
    }
    return text.npos;
}

class Expander {
public:
    Expander(const ShortcodeMarks& marks, const ExpandShortcode& expand)
        : marks_(marks), expand_(expand) {}

    std::string run(std::string_view text, int depth) {
        std::string out;
        std::map<std::string, std::size_t> closes;
        std::size_t at = 0;
        while (at < text.size()) {
            const auto open = text.find(marks_.open, at);
            out += text.substr(at, open == text.npos ? text.npos : open - at);
            if (open == text.npos) break;
            at = step(text, open, depth, closes, out);
        }
        return out;
    }

private:
    /// Takes what begins at `open`; returns where to go on.
    std::size_t step(std::string_view text, std::size_t open, int depth,
                     std::map<std::string, std::size_t>& closes, std::string& out) {
        const auto keep = [&] {
            out += marks_.open;
            return open + marks_.open.size();
        };
        const auto code = read_shortcode(text, open, marks_);
        if (!code || depth >= max_nesting) return keep();
        const auto close = code->self_closing ? text.npos
                                              : find_close(text, *code, closes);
        std::string inner;
        if (close != text.npos)
            inner = run(text.substr(code->end, close - code->end), depth + 1);
        const auto put = expand_(*code, inner, close != text.npos);
        if (!put) return keep();
        out += *put;
        if (close == text.npos) return code->end;
        const auto end = text.find(marks_.close, close);
        return end == text.npos ? text.size() : end + marks_.close.size();
    }

    /// Where the tag that closes `code` begins.
    std::size_t find_close(std::string_view text, const Shortcode& code,
                           std::map<std::string, std::size_t>& closes) {
        if (code.name.starts_with('/')) return text.npos;
        auto known = closes.find(code.name);
        if (known != closes.end() && known->second >= code.end) return known->second;
        if (known == closes.end() && closes.size() >= max_names) return text.npos;
        std::size_t at = code.end;
        while (true) {
            at = text.find(marks_.open, at);
            if (at == text.npos) break;
            const auto tag = read_shortcode(text, at, marks_);
            if (tag && tag->name == "/" + code.name) break;
            at += marks_.open.size();
        }
        return closes[code.name] = at;
    }

    const ShortcodeMarks& marks_;
    const ExpandShortcode& expand_;
};

}  // namespace

std::optional<Shortcode> read_shortcode(std::string_view text, std::size_t at,
                                        const ShortcodeMarks& marks) {
    const auto begin = at + marks.open.size();
    Tag probe(text.substr(std::min(begin, text.size()), 256));
    probe.blanks();
    const bool closing = probe.skip('/');
    probe.blanks();
    auto name = probe.name();
    if (name.empty() || probe.done()) return std::nullopt;
    const auto end = end_of_tag(text, begin, marks);
    if (end == text.npos) return std::nullopt;
    auto body = text.substr(begin, end - begin);
    Shortcode out;
    out.end = end + marks.close.size();
    out.name = (closing ? "/" : "") + ascii_lower(name);
    if (probe.at() < body.size() && !is_blank(body[probe.at()]) && body[probe.at()] != '/' &&
        body[probe.at()] != '=')
        return std::nullopt;
    if (body.ends_with('/')) {
        out.self_closing = true;
        body.remove_suffix(1);
    }
    Tag tag(body);
    tag.rewind(std::min(probe.at(), body.size()));
    for (int number = 0;;) {
        tag.blanks();
        if (tag.done()) return out;
        const auto start = tag.at();
        const auto key = tag.name();
        tag.blanks();
        if (!key.empty() && tag.skip('=')) {
            tag.blanks();
            out.values[ascii_lower(key)] = tag.value();
            continue;
        }
        tag.rewind(start);
        auto value = tag.value();
        if (tag.at() == start) return out;
        out.values[std::to_string(number++)] = std::move(value);
    }
}

std::string expand_shortcodes(std::string_view text, const ShortcodeMarks& marks,
                              const ExpandShortcode& expand) {
    return Expander(marks, expand).run(text, 0);
}

}  // namespace colport
