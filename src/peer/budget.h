#pragma once

#include <cstdint>
#include <string>

#include "peer/status.h"
#include "storage/archive.h"

namespace colport {

/// Counts the bytes of a calendar month (UTC) across restarts. One thread.
class Budget {
public:
    /// Borrows `archive`. `limit` in bytes; 0: none. Errors: io.
    static Result<Budget> open(Archive& archive, std::int64_t limit, std::int64_t now);

    void set_limit(std::int64_t limit) {
        status_.limit = limit;
        status_.spent = limit != 0 && status_.used >= limit;
    }
    /// `total` bytes since this counter was opened. Saves now and then. Errors: io.
    Status count(std::int64_t total, std::int64_t now);
    /// Saves what is not saved yet. Errors: io.
    Status save();
    [[nodiscard]] bool is_spent() const { return status_.spent; }
    [[nodiscard]] const BudgetStatus& status() const noexcept { return status_; }

private:
    Budget(Archive& archive, std::int64_t limit) : archive_(&archive) { status_.limit = limit; }

    Archive* archive_;
    BudgetStatus status_;
    std::int64_t counted_ = 0;      ///< of `total`
    std::int64_t saved_ = 0;        ///< of status_.used
};

}  // namespace colport
