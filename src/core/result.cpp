#include "core/result.h"

#include <cstdio>
#include <cstdlib>

namespace colport {

void fail_assertion(const char* condition, const char* file, int line) noexcept {
    std::fprintf(stderr, "colport: bug: %s does not hold at %s:%d\n", condition, file, line);
    std::abort();
}

}  // namespace colport
