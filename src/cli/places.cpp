#include "cli/places.h"

#include <cstdlib>

namespace colport::cli {

std::string default_data_directory() {
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/')
        return std::string(data) + "/colport";
    const char* home = std::getenv("HOME");
    return std::string(home != nullptr ? home : ".") + "/.local/share/colport";
}

}  // namespace colport::cli
