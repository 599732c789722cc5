#include "peer/disk_space.h"

#include <system_error>

namespace colport {

bool DiskSpace::look(std::uint64_t reserve) {
    std::error_code error;
    const auto space = std::filesystem::space(place_, error);
    if (error) return full_ = false;
    free_ = space.available;
    return full_ = free_ < (full_ ? reserve + reserve / 8 : reserve);
}

}  // namespace colport
