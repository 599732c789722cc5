#pragma once

#include <stop_token>

#include "storage/archive.h"
#include "storage/search_context.h"

namespace colport {

/// ArchiveReader::complete, how_common and with_how_common. Call inside a transaction, after
/// context.refresh().
Result<std::vector<Hit>> complete(SearchContext& context, const std::string& typed,
                                  const std::stop_token& stop);
Result<std::uint64_t> how_common(SearchContext& context, std::string_view word);
Status with_how_common(SearchContext& context, const std::function<void(const HowCommon&)>& use);

}  // namespace colport
