#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace colport {

struct ZipMember {
    std::string name;
    std::string content;
    bool compressed = true;
};

/// A ZIP archive in memory, its members in the given order and dated `time`
/// (seconds since 1970). Errors: io.
Result<std::string> to_zip(const std::vector<ZipMember>& members, std::int64_t time);

}  // namespace colport
