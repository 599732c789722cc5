#pragma once

#include <cstddef>

#include "core/result.h"

namespace colport {

/// Takes from this process, for good, whatever parsing does not need: it can open
/// no file and no socket, start no program, send no signal to others, and own no
/// more than `memory` bytes. Descriptors that are open stay usable. Such calls fail
/// with EPERM rather than kill, since libraries try some of them and do without.
///
/// Call it in a process of one thread. Needs no privilege. Errors: unsupported (the
/// kernel or the container has no filter for system calls; the limits hold anyway).
Status confine_process(std::size_t memory);

}  // namespace colport
