#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "article.pb.h"
#include "core/bytes.h"
#include "press/pictures/picture_file.h"
#include "press/pictures/picture_lookup.h"

namespace colport {

struct PictureRules {
    PictureSize size;
    bool none = false;   ///< figures keep their words alone, and nothing is missed
};

/// The pictures that one source's articles name, from a lookup, or else from one
/// folder and from nowhere else: paths and symbolic links that lead out of it are
/// refused, and nothing is fetched.
class Pictures {
public:
    /// An empty folder holds no pictures.
    explicit Pictures(const std::filesystem::path& folder, PictureLookup lookup = {},
                      const PictureRules& rules = {});

    /// Fills `figure`'s picture, size, width and height from the file that
    /// `source`, an `src` as written on the page at `base`, names. False, with a
    /// warning noted, when there is none that can be used.
    bool attach(const std::string& source, const std::string& base, pb::Figure& figure);

    /// The first of `sources` that can be used. Only what keeps the first of them
    /// from it is noted.
    bool attach_any(const std::vector<std::string>& sources, const std::string& base,
                    pb::Figure& figure);

    /// The file that `source` names, as it lies in the folder. Nothing, with a warning
    /// noted, when there is none that may be read.
    std::optional<std::string> load(const std::string& source);

    /// What was noted since the last call, one line each.
    std::vector<std::string> take_warnings();

    /// All that were attached, by hash.
    [[nodiscard]] const std::map<std::string, pb::Picture, std::less<>>& all() const {
        return pictures_;
    }

    /// Null when no figure of that hash was attached.
    [[nodiscard]] const pb::Picture* find(Bytes sha256) const;

private:
    struct Entry {
        pb::Figure facts;
        bool usable = false;
    };
    std::optional<std::filesystem::path> locate(const std::string& source);
    Entry read(const std::filesystem::path& path, const std::string& source);
    Entry take(const std::string& file, const std::string& source);
    const Entry* look_up(const std::string& source, const std::string& base);

    std::filesystem::path folder_;
    PictureLookup lookup_;
    PictureRules rules_;
    std::map<std::filesystem::path, Entry> seen_;
    std::map<Sha256, Entry> looked_up_;   // by the file as it was found
    std::map<std::string, pb::Picture, std::less<>> pictures_;
    std::size_t total_ = 0;
    std::size_t remote_ = 0;
    std::set<std::string> warned_;
    std::vector<std::string> warnings_;
};

}  // namespace colport
