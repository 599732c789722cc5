#pragma once

#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/result.h"

/// How an Article lies in a bundle of format 2 (SPEC "Records"): its message with
/// ends in place of lengths, which do not repeat and so do not compress: they were
/// a seventh of a bundle's bytes.
namespace colport {

/// The record of an Article's message. Deterministic. Errors: corrupt (a text with a
/// NUL, a group, no message at all), too_large (more parts than an article may have).
Result<std::string> record_of(Bytes message);

/// The message of a record, of at most three times its size and some bytes. Not yet
/// known to be an Article, nor canonical. One message has one record.
/// Errors: corrupt, too_large (as above).
Result<std::string> message_of(Bytes record);

}  // namespace colport
