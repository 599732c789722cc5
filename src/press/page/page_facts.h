#pragma once

#include <optional>
#include <string>
#include <vector>

#include "press/dates.h"
#include "press/formats/xml_tree.h"

namespace colport {

/// What a page says of its article outside the text: <meta>, JSON-LD, <time>.
struct PageFacts {
    std::string title;
    std::string url;                 ///< canonical, http or https; may be empty
    std::string language;            ///< of the whole page
    std::string summary;
    std::string section;
    std::string picture;             ///< the one that stands for the article, as written
    std::string picture_alt;
    std::string body;                ///< JSON-LD's articleBody, plain text
    std::vector<std::string> authors;
    std::vector<std::string> tags;
    std::optional<Moment> published;
    std::optional<Moment> updated;
};

/// `base_url` resolves a relative canonical address; may be empty.
PageFacts page_facts(const xmlNode* root, const std::string& base_url);

}  // namespace colport
