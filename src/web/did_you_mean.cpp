#include "web/did_you_mean.h"

namespace colport::web {
namespace {

// As many as a mistake that somebody printed may have.
constexpr std::uint64_t next_to_nothing = 2;

}  // namespace

Result<std::optional<Suggestion>> did_you_mean(const Context& context, const Query& query,
                                               const Page& found) {
    std::optional<Suggestion> out;
    if (context.archive == nullptr || query.words.empty() || query.before ||
        found.total > next_to_nothing)
        return out;
    WordSplitter splitter;
    COLPORT_TRY(context.archive->with_how_common([&](const HowCommon& how_common) {
        out = suggest(query.words, context.now, splitter, how_common);
    }));
    if (!out) return out;
    auto meant = query;
    meant.words = out->query;
    meant.offset = 0;
    meant.limit = 0;
    if (COLPORT_TRY(context.archive->search(meant)).total <= found.total) out.reset();
    return out;
}

}  // namespace colport::web
