#pragma once

#include "press/pictures/pictures.h"
#include "press/sandbox/sandbox.h"

namespace colport {

// What the child exits with when memory ran out.
inline constexpr int sandbox_out_of_memory = 3;

// The largest message: a picture, and some words around it.
inline constexpr std::size_t sandbox_message = (std::size_t{8} << 20) + (std::size_t{64} << 10);
/// And those that bring the child a picture.
inline constexpr std::size_t sandbox_picture_message = max_picture_file + 64;

/// What the child does until the parent hangs up. Does not return.
[[noreturn]] void run_sandbox_child(Descriptor socket, const ImportWork& work,
                                    const SandboxLimits& limits);

}  // namespace colport
