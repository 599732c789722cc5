#pragma once

#include <string>

#include "query/query.h"

namespace colport::typed {

/// A term as it is typed.
std::string describe(const Term& term);

}  // namespace colport::typed
