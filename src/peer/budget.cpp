#include "peer/budget.h"

#include <fmt/format.h>

#include <charconv>

#include "article/article.h"
#include "core/limits.h"

namespace colport {
namespace {

constexpr const char* memory_name = "budget";
// Lost at most, when the power goes.
constexpr std::int64_t save_every = 4 * static_cast<std::int64_t>(limits::mib);

std::string month_of(std::int64_t now) { return format_timestamp(now, 0).substr(0, 7); }

}  // namespace

Result<Budget> Budget::open(Archive& archive, std::int64_t limit, std::int64_t now) {
    Budget out(archive, limit);
    out.status_.month = month_of(now);
    const auto known = COLPORT_TRY(archive.recall(memory_name));
    const auto space = known.find(' ');
    if (space != known.npos && known.substr(0, space) == out.status_.month)
        std::from_chars(known.data() + space + 1, known.data() + known.size(), out.status_.used);
    out.saved_ = out.status_.used;
    out.status_.spent = limit != 0 && out.status_.used >= limit;
    return out;
}

Status Budget::count(std::int64_t total, std::int64_t now) {
    if (auto month = month_of(now); month != status_.month) {
        status_.month = std::move(month);
        status_.used = 0;
        saved_ = -save_every;
    }
    status_.used += total - counted_;
    counted_ = total;
    const bool spent = status_.limit != 0 && status_.used >= status_.limit;
    const bool changed = spent != status_.spent;
    status_.spent = spent;
    return changed || status_.used - saved_ >= save_every ? save() : done();
}

Status Budget::save() {
    if (saved_ == status_.used) return done();
    saved_ = status_.used;
    return archive_->remember(memory_name, fmt::format("{} {}", status_.month, status_.used));
}

}  // namespace colport
