#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace colport::cli {

/// One line of the doctor's table.
struct Finding {
    std::string carrier;   ///< "door", "dht" …
    std::string state;     ///< as in status: off, trying, works, fails
    std::string detail;
    std::string advice;    ///< what to do; empty: nothing
};

/// What a status (see /api/v1/status) says of each carrier. Names neither feeds
/// nor addresses unless `full`. Pure.
std::vector<Finding> diagnose(const nlohmann::json& status, bool full);

/// Is something still being tried?
bool is_undecided(const nlohmann::json& status);

}  // namespace colport::cli
