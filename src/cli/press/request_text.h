#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "press/signing/signing.h"

/// A request for a signature in the words of whoever is to sign it.
namespace colport::cli {

/// Every title, since each is what is signed. Fit for a terminal, without a line end.
std::string text_of(const RequestSummary& summary);
nlohmann::json json_of(const RequestSummary& summary);

/// What is wrong with the request's date or this machine's; empty: nothing.
std::string odd_clock(const RequestSummary& summary, std::int64_t now);

}  // namespace colport::cli
