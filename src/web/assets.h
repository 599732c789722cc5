#pragma once

#include <string_view>

/// Files of assets/, built into the program by embed.cmake.
namespace colport::web {

struct Asset {
    std::string_view name;
    std::string_view content;
};

/// Null when there is none of that name.
const Asset* find_asset(std::string_view name);

}  // namespace colport::web
