#include "press/page/picture_sources.h"

#include <algorithm>

#include "press/clean_text.h"
#include "press/pictures/picture_file.h"

namespace colport {
namespace {

// Addresses are no longer; of a set no more are looked at.
constexpr std::size_t max_address = 4096;
constexpr std::size_t max_candidates = 32;

void add(std::vector<std::string>& out, std::string source) {
    if (source.empty() || source.size() > max_address) return;
    if (ascii_lower(source.substr(0, 5)) == "data:") return;
    if (std::find(out.begin(), out.end(), source) == out.end()) out.push_back(std::move(source));
}

/// `640w` or `2x`, as pixels.
std::uint32_t width_of(std::string_view descriptor) {
    std::uint32_t number = 0;
    std::size_t at = 0;
    while (at < descriptor.size() && at < 5 && descriptor[at] >= '0' && descriptor[at] <= '9')
        number = number * 10 + static_cast<std::uint32_t>(descriptor[at++] - '0');
    constexpr std::uint32_t usual_width = 640;
    return descriptor.ends_with('x') ? number * usual_width : number;
}

void add_sets(const xmlNode* node, std::vector<std::string>& out) {
    for (const std::string_view name : {"data-srcset", "data-lazy-srcset", "srcset"})
        add(out, best_of_set(attribute(node, name)));
}

}  // namespace

std::string best_of_set(const std::string& srcset) {
    const auto wanted = PictureSize{}.side;
    std::string best;
    std::uint32_t best_width = 0;
    std::size_t candidates = 0;
    for (std::size_t at = 0; at < srcset.size() && candidates < max_candidates; ++candidates) {
        at = srcset.find_first_not_of(" \t\r\n,", at);
        if (at == srcset.npos) break;
        auto end = std::min(srcset.find_first_of(" \t\r\n", at), srcset.size());
        auto address = srcset.substr(at, end - at);
        std::uint32_t width = 0;
        if (address.ends_with(',')) {
            address.pop_back();
        } else {
            const auto from = std::min(srcset.find_first_not_of(" \t\r\n", end), srcset.size());
            end = std::min(srcset.find(',', from), srcset.size());
            width = width_of(clean_line(std::string_view(srcset).substr(from, end - from)));
        }
        at = end;
        // The smallest that is large enough, else the largest.
        const bool better = best.empty() || (best_width < wanted ? width > best_width
                                                                  : width >= wanted && width < best_width);
        if (!better) continue;
        best = std::move(address);
        best_width = width;
    }
    return best;
}

std::vector<std::string> picture_sources(const xmlNode* image) {
    std::vector<std::string> out;
    for (const std::string_view name :
         {"data-src", "data-lazy-src", "data-original", "data-full-src", "data-hi-res-src"})
        add(out, clean_line(attribute(image, name)));
    add_sets(image, out);
    add(out, clean_line(attribute(image, "src")));
    // libxml2 does not know that `source` holds nothing: the picture stands in it.
    const auto* around = image->parent;
    while (is_element(around) && name_of(around) == "source") around = around->parent;
    if (!is_element(around) || name_of(around) != "picture") return out;
    for (const auto* at = around; at; at = next_node(at, around)) {
        if (!is_element(at) || name_of(at) != "source") continue;
        const auto type = attribute(at, "type");
        if (type != "image/avif" && type != "image/svg+xml") add_sets(at, out);
    }
    return out;
}

}  // namespace colport
