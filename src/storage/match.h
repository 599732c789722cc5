#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "query/query.h"
#include "storage/expression.h"
#include "storage/index_table.h"

/// A parsed query, as the index and the second look at texts want it.
namespace colport {

/// What an ending was cut off of in some languages. In articles of others the
/// same letters may be a word that has nothing to do with it: Swedish makes "new"
/// of "news".
struct SoughtStem {
    std::string text;
    std::vector<std::string> languages;  ///< first parts of tags; empty: all

    bool operator==(const SoughtStem&) const = default;
};

/// One word that is sought in a text.
struct SoughtWord {
    std::string form;
    std::vector<SoughtStem> stems;   ///< as the index may have it, `form` among them
    bool prefix = false;             ///< a form, or a stem, that begins so
    bool exact = false;              ///< stems do not count

    bool operator==(const SoughtWord&) const = default;
};

/// A term in all its readings, each a row of neighbouring words, by their place
/// in Matchers::words.
struct SoughtTerm {
    Term::Field field = Term::Field::anywhere;
    std::vector<std::vector<std::size_t>> readings;
    /// What the index knows its single word by; empty for phrases and beginnings.
    std::vector<SoughtStem> stems;
};

struct Matchers {
    /// No more than there are bits to mark them.
    static constexpr std::size_t most_words = 64;

    std::vector<SoughtWord> words;
    std::vector<std::vector<SoughtTerm>> all;  ///< one of each must be there
    std::vector<SoughtTerm> without;           ///< none may
};

/// FTS5 expressions. Every article that matches is in `maybe`, and every one in
/// `sure` matches. Of those in `doubt` the text decides; what is in `maybe` is in one
/// of the others. Empty: no article.
struct Expression {
    std::string sure, maybe, doubt;
    [[nodiscard]] bool is_decided() const { return doubt.empty(); }
};

struct CompiledQuery {
    Matchers matchers;
    Expression expression;
    /// What `sure` is made of: for each of Matchers::all, and what is left out.
    std::vector<std::string> sure;
    std::string without;
    bool cut = false;  ///< not all words, or words that begin as asked for, could be taken
};

class QueryCompiler {
public:
    /// Borrows everything. `languages`: whose endings to try to cut off.
    QueryCompiler(Database& database, const IndexTable& table, WordSplitter& splitter,
                  std::vector<std::string> languages, std::int64_t articles)
        : database_(database), table_(table), splitter_(splitter),
          languages_(std::move(languages)), articles_(articles) {}

    Result<CompiledQuery> compile(const ParsedQuery& query);
    /// A single term.
    Result<CompiledQuery> compile(const Term& term);

private:
    struct Form {
        std::string text;
        bool joined = false;                         ///< of pieces
        bool operator<(const Form& other) const { return text < other.text; }
    };
    /// Stems of forms, one each.
    struct Row {
        std::vector<std::string> stems;
        std::vector<std::string> languages;  ///< as SoughtStem's
    };
    struct Reading {
        std::vector<Form> forms;
        std::vector<Row> rows;
    };
    struct Compiled {
        SoughtTerm sought;
        Expression expression;
    };

    std::vector<Reading> read(const std::string& text);
    void set_languages(Row& row) const;
    void read(const std::string& text, const std::string& language, bool joined,
              std::vector<Reading>& out);
    Result<Compiled> term(const Term& term);
    Result<Expression> word(const Term& term, const Reading& reading, bool exact);
    Result<Expression> beginning(Term::Field field, const Reading& reading, std::size_t at);
    Result<std::string> row(const Term& term, const Reading& reading, const Row& row);
    std::vector<std::string> stems_of_beginning(const std::string& form, const Reading& reading,
                                                std::size_t at);
    Result<std::string> words_from(token::Kind kind, const std::string& prefix);
    std::size_t keep(SoughtWord word);
    Expression join(const std::vector<Expression>& groups, const Expression& without);

    Database& database_;
    const IndexTable& table_;
    WordSplitter& splitter_;
    std::vector<std::string> languages_;
    std::int64_t articles_;
    CompiledQuery out_;
    std::set<std::string> beginnings_;   ///< tokens that were looked up for it
    std::size_t lookups_ = 0;            ///< so many may be
    bool left_out_ = false;              ///< some were not
};

namespace fts {

/// The stem as a token of that kind, in articles of its languages.
std::string of(token::Kind kind, const SoughtStem& stem);

}  // namespace fts

}  // namespace colport
