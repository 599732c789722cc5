#pragma once

#include <nlohmann/json_fwd.hpp>

#include "web/web.h"

namespace colport::web {

/// RFC 3339, or null for 0.
nlohmann::json time_json(std::int64_t seconds, std::int32_t zone = 0);

/// Null where the key that signed was not withdrawn.
nlohmann::json withdrawn_json(const std::optional<WithdrawnKey>& key);

/// Null for an index that is whole, as far as is known.
nlohmann::json index_json(const IndexStatus& index);

/// What GET /api/v1/status answers (see api.h).
nlohmann::json status_json(const PeerStatus& status, Origin origin);

}  // namespace colport::web
