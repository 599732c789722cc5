#pragma once

#include <filesystem>

namespace colport {

/// Whether no source may have a picture from there, though it lies in a folder that
/// pictures are looked for in: `name`, as the source has it, leads through a hidden
/// file or folder (`.ssh`), or `path`, the same with links followed, is in the private
/// folder of a workshop. People keep exports in their home folder, beside all that.
bool is_off_limits(const std::filesystem::path& name, const std::filesystem::path& path);

}  // namespace colport
