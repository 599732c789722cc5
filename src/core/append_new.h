#pragma once

#include <algorithm>
#include <utility>
#include <vector>

namespace colport {

/// For short lists in an order that counts: adds what is not in it yet.
template <class Value>
void append_new(std::vector<Value>& list, Value value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(std::move(value));
}

}  // namespace colport
