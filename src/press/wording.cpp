#include "press/wording.h"

#include <algorithm>
#include <array>

namespace colport {
namespace {

struct Mark {
    std::string_view typeset, plain;
};
// What WordPress makes of plain marks, and the no-break space. None is shorter than
// what stands for it.
constexpr std::array<Mark, 11> marks{{{"‘", "'"}, {"’", "'"}, {"′", "'"}, {"“", "\""},
                                     {"”", "\""}, {"″", "\""}, {"–", "-"}, {"—", "-"},
                                     {"…", "..."}, {"×", "x"}, {"\u00a0", " "}}};

/// An article's words, laid out as its record is (SPEC "Records"): without lengths,
/// which would differ as the marks do. Marks are made plain, runs of dashes and of
/// white space made one; code and addresses stand as their hashes, letters and digits
/// alone, since there a dash more or less is another one.
class Words {
public:
    explicit Words(const pb::Article& article) {
        out_.resize(article.ByteSizeLong());
        counted(1, article.id());
        number(3, static_cast<std::uint64_t>(article.status()));
        text(5, article.title());
        text(6, article.language());
        number(7, zigzag(article.published()));
        number(8, zigzag(article.updated()));
        number(9, zigzag(article.zone()));
        for (const auto& author : article.authors()) item(10, author);
        for (const auto& tag : article.tags()) item(11, tag);
        text(12, article.section());
        exact(13, article.url());
        text(14, article.summary());
        if (article.has_lead()) part(15, [&] { figure(article.lead(), false); });
        for (const auto& each : article.blocks()) part(16, [&] { block(each); });
        add(Bytes("\0", 1));
    }
    [[nodiscard]] Bytes plain() const { return {out_.data(), size_}; }

private:
    static std::uint64_t zigzag(std::int64_t value) {
        return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
    }

    void add(Bytes piece) {
        if (out_.size() - size_ < piece.size()) out_.resize(2 * out_.size() + piece.size());
        char* end = out_.data() + size_;
        // Without a branch: where a word ends, no processor can foresee.
        char last = last_;
        const auto put = [&](char next) {
            *end = next;
            const int repeats = (int{next == ' '} | int{next == '-'}) & int{next == last};
            end += 1 - repeats;
            last = next;
        };
        const char* const stop = piece.data() + piece.size();
        for (const char* at = piece.data(); at != stop;) {
            if (const auto* mark = mark_at(at, stop)) {
                at += mark->typeset.size();
                for (const char next : mark->plain) put(next);
            } else {
                put(*at == '\n' ? ' ' : *at);
                ++at;
            }
        }
        last_ = last;
        size_ = static_cast<std::size_t>(end - out_.data());
    }
    static const Mark* mark_at(const char* at, const char* stop) {
        if (*at != '\xe2' && *at != '\xc2' && *at != '\xc3') return nullptr;
        const Bytes rest(at, static_cast<std::size_t>(stop - at));
        const auto* const found = std::find_if(marks.begin(), marks.end(), [&](const Mark& known) {
            return rest.starts_with(known.typeset);
        });
        return found == marks.end() ? nullptr : found;
    }

    void varint(std::uint64_t value) {
        std::array<char, 10> bytes{};
        std::size_t size = 0;
        for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
        bytes[size++] = static_cast<char>(value);
        add(Bytes(bytes.data(), size));
    }
    void number(std::uint32_t field, std::uint64_t value) {
        if (value == 0) return;
        varint(field << 3);
        varint(value);
    }
    void counted(std::uint32_t field, const std::string& bytes) {
        if (bytes.empty()) return;
        varint(field << 3 | 2);
        varint(bytes.size());
        add(bytes);
    }
    void item(std::uint32_t field, const std::string& text) {
        varint(field << 3 | 2);
        add(text);
        add(Bytes("\0", 1));
    }
    void text(std::uint32_t field, const std::string& text) {
        if (!text.empty()) item(field, text);
    }
    void exact(std::uint32_t field, const std::string& text) {
        if (!text.empty()) item(field, sha256(text).hex());
    }
    template <class Write>
    void part(std::uint32_t field, const Write& write) {
        varint(field << 3 | 2);
        write();
        add(Bytes("\0", 1));
    }

    template <class Spans>
    void spans(std::uint32_t field, const Spans& spans, bool keeps_code = true) {
        for (const auto& span : spans)
            part(field, [&] {
                const bool is_code = keeps_code && (span.style() & pb::Span::MONOSPACE) != 0;
                is_code ? exact(1, span.text()) : text(1, span.text());
                number(2, span.style());
                keeps_code ? exact(3, span.href()) : text(3, span.href());
            });
    }
    void figure(const pb::Figure& figure, bool keeps_code) {
        counted(1, figure.picture());
        text(2, figure.alt());
        spans(3, figure.caption(), keeps_code);
        number(4, figure.width());
        number(5, figure.height());
        number(6, figure.size());
        text(7, figure.credit());
    }
    void list(const pb::List& list) {
        number(1, list.ordered());
        number(2, list.start());
        for (const auto& entry : list.items())
            part(3, [&] {
                number(1, entry.depth());
                spans(2, entry.spans());
            });
    }
    void table(const pb::Table& table) {
        for (const auto& row : table.rows())
            part(1, [&] {
                number(1, row.header());
                for (const auto& cell : row.cells()) part(2, [&] { spans(1, cell.spans()); });
            });
        spans(2, table.caption());
    }
    void block(const pb::Block& block) {
        const auto kind = static_cast<std::uint32_t>(block.kind_case());
        if (kind != 0) part(kind, [&] { content(block); });
    }
    void content(const pb::Block& block) {
        switch (block.kind_case()) {
            case pb::Block::kParagraph: return spans(1, block.paragraph().spans());
            case pb::Block::kHeading:
                number(1, block.heading().level());
                return spans(2, block.heading().spans());
            case pb::Block::kList: return list(block.list());
            case pb::Block::kQuote:
                for (const auto& paragraph : block.quote().paragraphs())
                    part(1, [&] { spans(1, paragraph.spans()); });
                return text(2, block.quote().source());
            case pb::Block::kTable: return table(block.table());
            case pb::Block::kCode:
                exact(1, block.code().text());
                return text(2, block.code().language());
            case pb::Block::kFigure: return figure(block.figure(), true);
            case pb::Block::kEmbed:
                text(1, block.embed().title());
                return exact(2, block.embed().url());
            case pb::Block::kRule:
            case pb::Block::KIND_NOT_SET: return;
        }
    }

    std::string out_;        ///< the words, and room for more
    std::size_t size_ = 0;   ///< of the words
    char last_ = '\0';       ///< of them
};

}  // namespace

Wording wording_of(const pb::Article& article, TextOrigin origin) {
    return {sha256(Words(article).plain()), origin};
}

}  // namespace colport
