#pragma once

#include <catch2/catch.hpp>
#include <utility>

#include "core/result.h"

namespace colport::test {

/// The value of what must not fail in a test.
template <class T>
T must(Result<T> result) {
    if (!result) FAIL(result.error().message);
    return std::move(result).value();
}

}  // namespace colport::test
