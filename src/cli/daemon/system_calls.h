#pragma once

#include "core/result.h"

namespace colport::cli {

/// Gives up for good, for this process and every thread to come, the system calls
/// that the daemon never makes and whoever took it over would: to run programs, to
/// look into other processes, to mount, to load kernel code, to change users, to
/// use raw sockets. They fail with EPERM. Call it before threads are started.
/// Errors: unsupported (the kernel has no filters).
Status give_up_system_calls();

}  // namespace colport::cli
