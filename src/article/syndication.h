#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "article.pb.h"

/// Articles for the news readers that people have: Atom (RFC 4287) and JSON Feed
/// 1.1. Pure. Texts are whole; pictures stay where they are.
namespace colport {

struct SyndicatedArticle {
    pb::Article article;
    std::string id;                    ///< a URI that never changes
    std::string address;               ///< where it is read
    std::string feed_name;
};

struct Syndication {
    std::string id;                    ///< a URI that never changes
    std::string title;
    std::string address;               ///< of itself
    std::string home;                  ///< of what it is the feed of
    std::int64_t updated = 0;          ///< where no article says more
    std::vector<SyndicatedArticle> articles;
};

std::string to_atom(const Syndication& feed);
nlohmann::json to_json_feed(const Syndication& feed);

}  // namespace colport
