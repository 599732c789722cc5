#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

/// The API's answers for people, on stdout.
namespace colport::cli {

/// On one line; bytes that are not UTF-8, as in paths, become U+FFFD.
std::string json_text(const nlohmann::json& value);

/// A hit's snippet on one line, its marked words bold if `colours`.
std::string snippet_line(const nlohmann::json& hit, bool colours);

void show_hits(const nlohmann::json& page);
/// On stderr, when the feed has the look of another that was followed before it.
void warn_of_look_alike(const nlohmann::json& feed);
void show_feeds(const nlohmann::json& feeds);
void show_article(const nlohmann::json& article);
/// Several lines a feed: see show_status.cpp.
void show_status(const nlohmann::json& status);

}  // namespace colport::cli
