#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "press/signing/signing.h"

/// A request for a signature in the words of whoever is to sign it.
namespace colport::cli {

/// Every title, since each is what is signed. Fit for a terminal, without a line end.
std::string text_of(const RequestSummary& summary);

/// Eight words of all that is asked for, texts and pictures included, which titles do not
/// show: the same where it was prepared and where it is signed, or somebody changed it on
/// its way. 128 bits, so that nobody finds two requests that share them either.
std::string check_words(const RequestSummary& summary);
/// A line with these, for a terminal.
std::string check_line(const RequestSummary& summary);
/// Told by whoever prepared it. Capitals, white space and hyphens do not count.
bool are_check_words(const RequestSummary& summary, const std::string& typed);

nlohmann::json json_of(const RequestSummary& summary);

/// For who prepared it.
inline constexpr const char* tell_check_words =
    "Tell whoever signs it the words after check, by another way than the file goes.\n";

/// What is wrong with the request's date or this machine's; empty: nothing.
std::string odd_clock(const RequestSummary& summary, std::int64_t now);

}  // namespace colport::cli
