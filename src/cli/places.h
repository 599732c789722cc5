#pragma once

#include <string>

namespace colport::cli {

/// XDG_DATA_HOME/colport, for a person.
std::string default_data_directory();
/// XDG_CONFIG_HOME/colport/NAME, likewise.
std::string default_config_file(const std::string& name);

}  // namespace colport::cli
