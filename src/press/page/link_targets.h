#pragma once

#include <string_view>

namespace colport {

/// Whether an address is one where readers give, subscribe, join or follow, told
/// by its host or by a part of its path: "t.me/gazette", "/donate". A message in
/// a channel is none: news quotes those.
bool leads_to_box(std::string_view address);

}  // namespace colport
