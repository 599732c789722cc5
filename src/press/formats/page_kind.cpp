#include "press/formats/page_kind.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "press/clean_text.h"

namespace colport {
namespace {

bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

}  // namespace

bool is_front_page(const std::string& address) {
    const auto host = address.find("://");
    if (host == address.npos) return false;
    const auto path = address.find('/', host + 3);
    return path == address.npos || path + 1 == address.size();
}

bool is_front_name(const std::string& stable_name) {
    if (stable_name.find("://") != stable_name.npos) return is_front_page(stable_name);
    const std::filesystem::path path = stable_name;
    return std::distance(path.begin(), path.end()) <= 2 && path.stem() == "index";
}

std::string kind_of_page(const xmlNode* root) {
    for (const xmlNode* node = root; node; node = next_node(node, root))
        if (is_element(node) && name_of(node) == "meta" &&
            ascii_lower(attribute(node, "property")) == "og:type")
            return ascii_lower(clean_line(attribute(node, "content")));
    return {};
}

bool may_be_article(const std::string& kind, bool is_dated) {
    return kind.empty() || kind.find("article") != kind.npos || is_dated;
}

bool is_list_name(const std::string& stable_name) {
    if (is_front_name(stable_name)) return true;
    std::string before;
    // Whoever adds a folder `authors` by its name wants what is in it.
    bool is_named = stable_name.find("://") == stable_name.npos;
    for (const auto& part : std::filesystem::path(stable_name).parent_path()) {
        if (std::exchange(is_named, false)) continue;
        const auto name = ascii_lower(part.string());
        for (const char* known : {"tag", "tags", "category", "categories", "author", "authors"})
            if (name == known) return true;
        if (before == "page" && is_number(name)) return true;
        before = name;
    }
    return false;
}

}  // namespace colport
