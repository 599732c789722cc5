#include "cli/places.h"

#include <cstdlib>

namespace colport::cli {
namespace {

std::string xdg(const char* variable, const char* usual) {
    if (const char* place = std::getenv(variable); place != nullptr && *place == '/')
        return std::string(place) + "/colport";
    const char* home = std::getenv("HOME");
    return std::string(home != nullptr ? home : ".") + usual + "/colport";
}

}  // namespace

std::string default_data_directory() { return xdg("XDG_DATA_HOME", "/.local/share"); }

std::string default_config_file(const std::string& name) {
    return xdg("XDG_CONFIG_HOME", "/.config") + "/" + name;
}

}  // namespace colport::cli
