#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/bytes.h"
#include "core/result.h"

/// Bytes that come a piece at a time, so that what unpacks to gigabytes never
/// stands in memory.
namespace colport {

class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// The next piece, valid until the next call; empty at the end.
    virtual Result<Bytes> next() = 0;
};

/// `bytes` must outlive it.
std::unique_ptr<ByteSource> memory_source(Bytes bytes);

/// What `packed` unpacks to when it is gzip, in one member or many; anything else
/// as it is. Errors: corrupt, and too_large where the packed bytes make more of
/// themselves than text does.
std::unique_ptr<ByteSource> gunzip_source(std::unique_ptr<ByteSource> packed);

/// A web server's answer without its content encoding: gzip, deflate, br, zstd
/// or identity. Errors: corrupt, too_large (over `limit`), unsupported.
Result<std::string> decode_content(std::string_view encoding, Bytes body, std::size_t limit);

}  // namespace colport
