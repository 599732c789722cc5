#pragma once

#include <libtorrent/bdecode.hpp>
#include <string>

#include "core/bytes.h"

/// Private to this floor: reading bencoded dictionaries within bounds.
namespace colport {

/// A dictionary, or a node of type none. Borrows `bytes`.
inline lt::bdecode_node bdecode_dict(Bytes bytes, int depth, int tokens) {
    lt::bdecode_node root;
    lt::error_code error;
    const int failed = lt::bdecode(bytes.data(), bytes.data() + bytes.size(), root, error, nullptr,
                                   depth, tokens);
    return failed == 0 && root.type() == lt::bdecode_node::dict_t ? root : lt::bdecode_node{};
}

/// The string under `key`; empty when there is none.
inline std::string string_in(const lt::bdecode_node& dict, const char* key) {
    const auto view = dict.dict_find_string_value(key);
    return {view.data(), view.size()};
}

}  // namespace colport
