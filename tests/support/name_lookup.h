#pragma once

#include <string>
#include <vector>

/// No test asks a name server. In a program that links this, getaddrinfo()
/// knows addresses alone; for every name it says that there is no such host,
/// and keeps the name.
namespace colport::support {

/// A lookup of this one hangs until release_lookups().
inline constexpr const char* hanging_name = "hangs.example";
void release_lookups();

/// In order, from the start of the program.
std::vector<std::string> names_looked_up();

}  // namespace colport::support
