#pragma once

#include "core/bytes.h"
#include "core/result.h"

namespace colport {

/// Refuses markup on which libxml2 would spend minutes: it compares every
/// attribute of a tag with all before it. One look at the bytes, about as a
/// browser sees tags; what is cleverer than that meets the limits of the process.
/// Errors: too_large.
Status check_markup(Bytes html);

}  // namespace colport
