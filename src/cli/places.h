#pragma once

#include <string>

namespace colport::cli {

/// XDG_DATA_HOME/colport, for a person.
std::string default_data_directory();

}  // namespace colport::cli
