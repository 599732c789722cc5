#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/result.h"
#include "press/formats/byte_source.h"

namespace colport {

/// The head of one record of a WARC (ISO 28500), as far as pages need it.
struct WarcHead {
    std::string type;           ///< response, resource, request, …
    std::string address;        ///< WARC-Target-URI
    std::string media_type;     ///< of the block
    std::string date;           ///< WARC-Date
    std::uint64_t size = 0;     ///< of the block
};

/// Reads a WARC record by record.
class WarcFile {
public:
    explicit WarcFile(std::unique_ptr<ByteSource> bytes) : bytes_(std::move(bytes)) {}

    /// Passes over what is left of the last record. False at the end.
    /// Errors: corrupt, and the source's.
    Result<bool> next();
    [[nodiscard]] const WarcHead& head() const { return head_; }

    /// The record's block, once. Errors: corrupt (cut off), too_large.
    Result<std::string> block(std::size_t limit);
    /// No more than `limit` bytes of it. Errors: corrupt (cut off).
    Result<std::string> beginning(std::size_t limit);

private:
    Result<bool> fill();
    Result<std::string> line();
    Status pass(std::uint64_t size);

    std::unique_ptr<ByteSource> bytes_;
    Bytes piece_;
    WarcHead head_;
    std::uint64_t left_ = 0;   ///< of the block
};

}  // namespace colport
