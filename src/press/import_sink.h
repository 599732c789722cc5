#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "press/import.h"
#include "press/pictures/pictures.h"

namespace colport {

// What one source may hold in memory, parsed several times over.
inline constexpr std::size_t max_source = std::size_t{64} << 20;

/// An article as a format's reader found it.
struct FoundArticle {
    std::string guid;
    pb::Article article;
    std::string language;         ///< what the source says of this article; may be empty
    std::string language_around;  ///< what it says of the whole page or feed; may be empty
    TextOrigin origin = TextOrigin::site;
    std::size_t words_cut = 0;    ///< about how many were taken for boxes beside the text
    bool bare_counts = false;     ///< a title or an address alone is worth keeping: of a feed's
                                  ///< item, whose page has the text, and not of a page
};

/// What is left out for good reason, as a person calls one and several.
using LeftOutKind = std::pair<std::string, std::string>;
inline const LeftOutKind left_out_comment{"comment", "comments"};
inline const LeftOutKind left_out_draft{"draft", "drafts"};

inline PictureRules picture_rules(const ImportOptions& options) {
    return {options.picture_size, options.text_only};
}

/// Takes what the readers of the formats find, and does what all formats need:
/// language, lead picture, size, names that are used once.
class ImportSink {
public:
    ImportSink(const std::string& name, const ImportOptions& options)
        : name_(name), options_(options), pictures_(options.folder, options.pictures, picture_rules(options)) {}

    [[nodiscard]] const std::string& name() const { return name_; }
    /// What the source is called wherever it lies: guids may be made of it.
    [[nodiscard]] const std::string& stable_name() const {
        return options_.stable_name.empty() ? name_ : options_.stable_name;
    }
    [[nodiscard]] const ImportOptions& options() const { return options_; }
    Pictures& pictures() { return pictures_; }

    /// A line for a person; after a hundred they are only counted.
    void warn(const std::string& line);
    /// Leaves out what is no article; finish() tells how many.
    void count_out(const LeftOutKind& kind) { ++left_out_[kind]; }
    /// What keeps the source from being read to its end.
    void report_damage(const std::string& line) { report_damage(name_, line); }
    void report_damage(const std::string& where, const std::string& line);
    /// What stands in the source and cannot be taken: nobody is to think it gone.
    /// The line may be empty where another told it.
    void leave_standing(const std::string& guid, const std::string& url, const std::string& line);
    /// The same for a page that is no article, which is counted and not told.
    void pass_over_page(const std::string& guid, const std::string& url);
    void set_site(const std::string& address) { out_.site = address; }
    void add(FoundArticle found);
    /// What another sink, of a part of this source, has already made ready.
    void take(ImportedArticle article);
    void take(pb::Picture picture);
    /// Pictures that were attached to figures without pictures().
    void take(const Pictures& pictures);
    Imported finish();

private:
    void stand(const std::string& guid, const std::string& url);
    void give_away(ImportedArticle article);
    void give_picture(const pb::Figure& figure);

    std::string name_;
    const ImportOptions& options_;
    Pictures pictures_;
    std::set<std::string> guids_;
    std::set<std::string> taken_;   ///< hashes of the pictures in out_
    std::map<LeftOutKind, std::size_t> left_out_;
    std::size_t unsaid_ = 0;
    Imported out_;
};

/// Puts `text` cleaned into the article's authors or tags, once each.
void add_author(pb::Article& article, std::string_view text);
void add_tag(pb::Article& article, std::string_view text);

/// Keeps `summary` unless it only repeats how the blocks begin. Precondition:
/// the blocks are in place.
void set_summary(pb::Article& article, std::string_view summary);

}  // namespace colport
