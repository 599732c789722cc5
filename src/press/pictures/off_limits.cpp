#include "press/pictures/off_limits.h"

#include <algorithm>

#include "press/workshop.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

/// GitBook keeps its pictures in a hidden folder.
bool is_hidden(const fs::path& part) {
    return part.native().starts_with('.') && part != "." && part != ".." && part != ".gitbook";
}

}  // namespace

bool is_off_limits(const fs::path& name, const fs::path& path) {
    if (std::any_of(name.begin(), name.end(), is_hidden)) return true;
    for (auto at = path.parent_path(); at.has_relative_path(); at = at.parent_path()) {
        const Workshop workshop{at.parent_path()};
        std::error_code ignored;
        if (at == workshop.secrets() && fs::exists(workshop.feed().key(), ignored)) return true;
    }
    return false;
}

}  // namespace colport
