#pragma once

#include <set>
#include <string>
#include <vector>

#include "press/import.h"
#include "press/pictures.h"

namespace colport {

// What one source may hold in memory, parsed several times over.
inline constexpr std::size_t max_source = std::size_t{64} << 20;

/// An article as a format's reader found it.
struct FoundArticle {
    std::string guid;
    pb::Article article;
    std::string language;         ///< what the source says of this article; may be empty
    std::string language_around;  ///< what it says of the whole page or feed; may be empty
};

/// Takes what the readers of the formats find, and does what all formats need:
/// language, lead picture, size, names that are used once.
class ImportSink {
public:
    ImportSink(const std::string& name, const ImportOptions& options)
        : name_(name), options_(options), pictures_(options.folder) {}

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const ImportOptions& options() const { return options_; }
    Pictures& pictures() { return pictures_; }

    /// A line for a person; after a hundred they are only counted.
    void warn(const std::string& line);
    void add(FoundArticle found);
    Imported finish();

private:
    std::string name_;
    const ImportOptions& options_;
    Pictures pictures_;
    std::set<std::string> guids_;
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
