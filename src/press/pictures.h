#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "article.pb.h"
#include "core/bytes.h"

namespace colport {

/// The pictures that one source's articles name, read from one folder and from
/// nowhere else: paths and symbolic links that lead out of it are refused, and
/// nothing is fetched.
class Pictures {
public:
    /// An empty folder holds no pictures.
    explicit Pictures(const std::filesystem::path& folder);

    /// Fills `figure`'s picture, size, width and height from the file that
    /// `source`, an `src` as written, names. False, with a warning noted, when
    /// there is none that can be used.
    bool attach(const std::string& source, pb::Figure& figure);

    /// What was noted since the last call, one line each.
    std::vector<std::string> take_warnings();

    /// Null when no figure of that hash was attached.
    [[nodiscard]] const pb::Picture* find(Bytes sha256) const;

private:
    struct Entry {
        pb::Figure facts;
        bool usable = false;
    };
    std::optional<std::filesystem::path> locate(const std::string& source);
    Entry read(const std::filesystem::path& path, const std::string& source);

    std::filesystem::path folder_;
    std::map<std::filesystem::path, Entry> seen_;
    std::map<std::string, pb::Picture, std::less<>> pictures_;
    std::size_t total_ = 0;
    std::size_t remote_ = 0;
    std::set<std::string> warned_;
    std::vector<std::string> warnings_;
};

}  // namespace colport
