#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/result.h"
#include "press/pictures/picture_lookup.h"

namespace colport {

/// One file to be read.
struct Source {
    std::filesystem::path path;
    std::string stable_name;         ///< from the folder named on, as `posts/2026/a.md`
    std::filesystem::path root;      ///< the folder named, or the one that the file is in
};

/// What one argument of `add` stands for. No files: all that it names is drafts.
struct SourceList {
    std::vector<Source> files;
    std::filesystem::path folder;    ///< canonical, when the argument is one; else empty
    bool is_whole = true;            ///< false: something was left out that may have been published
    std::vector<std::string> warnings;
};

/// A file as it is, or the article files of a folder and the folders in it, in
/// the order of their paths, feeds behind pages, which say more. Hidden ones are passed over, and so are the folders
/// that browsers save beside a page (`page_files`) and symbolic links that lead
/// out of the folder, and what generators of sites keep to themselves: `_drafts`
/// always, other files and folders that begin with `_`, but `_posts`, unless they
/// are what is named. Errors: not_found, denied, io.
Result<SourceList> find_sources(const std::filesystem::path& argument);

/// Whether it is an address that has to be fetched.
bool is_web_source(const std::string& argument);

/// Finds pictures in folders: from `page`'s own folder, from the site's root and
/// its `static` and `assets`, and, by the end of their address, in copies of a
/// media library. Nothing outside `root` and `media`, and nothing
/// off limits (press/pictures/off_limits.h), is ever read.
PictureLookup find_pictures(const std::filesystem::path& page, const std::filesystem::path& root,
                            const std::vector<std::filesystem::path>& media);

}  // namespace colport
