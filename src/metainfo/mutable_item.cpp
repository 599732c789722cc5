#include "metainfo/mutable_item.h"

#include <fmt/format.h>

#include <libtorrent/bencode.hpp>
#include <libtorrent/entry.hpp>

#include "core/limits.h"
#include "metainfo/bdecode.h"

namespace colport::mutable_item {

std::string signed_buffer(Bytes salt, std::uint64_t seq, Bytes value) {
    COLPORT_ASSERT(salt.size() <= 64);
    return fmt::format("4:salt{}:{}3:seqi{}e1:v{}", salt.size(), salt, seq, value);
}

std::string encode(const Value& value) {
    lt::entry out;
    out["h"] = value.head;
    out["ih"] = value.info_hash.str();
    std::string bytes;
    lt::bencode(std::back_inserter(bytes), out);
    return bytes;
}

Result<Value> parse(Bytes value) {
    if (value.size() > limits::head_value)
        return Error{Errc::too_large, "head is over 1,000 bytes"};
    const Error corrupt{Errc::corrupt, "damaged head"};
    const auto root = bdecode_dict(value, 4, 16);
    if (root.type() == lt::bdecode_node::none_t) return corrupt;
    const auto hash = InfoHash::from(string_in(root, "ih"));
    if (!hash) return corrupt;
    Value out{string_in(root, "h"), *hash};
    if (encode(out) != value) return corrupt;
    return out;
}

}  // namespace colport::mutable_item
