#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "press/formats/byte_source.h"

namespace colport {

/// One file of a ZIP archive while it is visited.
struct ZipEntry {
    std::string name;        ///< as written, never used as a path
    ByteSource& content;     ///< need not be read to its end
};

/// Calls `visit` for each regular file, in the archive's order. At most 65,536 of
/// them. Errors: corrupt, too_large, and what `visit` returns.
Status visit_zip(Bytes zip, const std::function<Status(ZipEntry&)>& visit);

/// All of a source. Errors: too_large (over `limit`), and the source's.
Result<std::string> read_all(ByteSource& source, std::size_t limit);

/// Whether the bytes begin as a ZIP archive does.
bool looks_like_zip(Bytes beginning);

}  // namespace colport
