#pragma once

#include <functional>
#include <optional>
#include <string>

namespace colport {

/// The bytes of the picture that `source`, an `src` as written, names on the page
/// at `base` (an address, or empty), for sources that do not keep their pictures
/// beside them: archives, crawls, the web. Nothing where there is none.
using PictureLookup =
    std::function<std::optional<std::string>(const std::string& source, const std::string& base)>;

}  // namespace colport
