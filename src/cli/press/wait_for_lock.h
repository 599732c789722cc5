#pragma once

#include <filesystem>

#include "press/workshop.h"

namespace colport::cli {

/// One whose lock is waited for, up to a quarter of an hour, which is said once on
/// stderr. A command that fetches makes way meanwhile.
Workshop patient_workshop(const std::filesystem::path& root);

/// Whether a command waits for the workshop, or did a few seconds ago.
bool is_waited_for(const Workshop& workshop);

}  // namespace colport::cli
