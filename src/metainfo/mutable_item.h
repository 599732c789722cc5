#pragma once

#include <string>

#include "core/bytes.h"
#include "core/result.h"

/// BEP 44 mutable items with the "ih" key of BEP 46.
namespace colport::mutable_item {

/// What the signature of an item covers. Precondition: salt of at most 64 bytes.
std::string signed_buffer(Bytes salt, std::uint64_t seq, Bytes value);

/// The value "v" of a feed's item.
struct Value {
    std::string head;     ///< a pb::Head
    InfoHash info_hash;
};

std::string encode(const Value& value);

/// Accepts exactly what encode() writes. Errors: corrupt, too_large.
Result<Value> parse(Bytes value);

}  // namespace colport::mutable_item
