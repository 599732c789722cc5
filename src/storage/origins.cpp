#include "storage/origins.h"

#include <utility>
#include <vector>

namespace colport::origins {

Result<bool> LookUp::work() {
    if (all_) return false;
    auto next = COLPORT_TRY(database_.prepare(
        "SELECT id FROM bundles WHERE signer IS NULL AND id > ?1 ORDER BY id LIMIT 1"));
    if (!COLPORT_TRY(next.bind(1, last_).step())) {
        all_ = true;
        return false;
    }
    const auto bundle = next.integer(0);
    next.reset();
    // What cannot be read now is looked up where it is shown, and at the next start.
    if (const auto origin = bodies_.origin(bundle)) {
        auto row = COLPORT_TRY(database_.prepare(
            "UPDATE bundles SET signer = ?2, seq = ?3, time = ?4 WHERE id = ?1"));
        COLPORT_TRY(row.bind(1, bundle).bind_blob(2, origin->signer.view())
                        .bind(3, static_cast<std::int64_t>(origin->seq))
                        .bind(4, origin->time).run());
    }
    last_ = bundle;
    return true;
}

Status note_listing(Database& database, std::int64_t feed, std::uint32_t volume,
                    const std::set<std::string>& names, const PublicKey& signer) {
    std::vector<std::pair<std::int64_t, bool>> changed;
    {
        auto rows = COLPORT_TRY(database.prepare(
            "SELECT id, name, listed_by FROM bundles WHERE feed = ?1 AND volume = ?2"));
        rows.bind(1, feed).bind(2, volume);
        while (COLPORT_TRY(rows.step())) {
            const bool listed = names.contains(std::string(rows.text(1)));
            const auto known = PublicKey::from(rows.blob(2));
            if (listed ? known != signer : known.has_value())
                changed.emplace_back(rows.integer(0), listed);
        }
    }
    auto row = COLPORT_TRY(database.prepare("UPDATE bundles SET listed_by = ?2 WHERE id = ?1"));
    for (const auto& [bundle, listed] : changed) {
        row.bind(1, bundle);
        if (listed) row.bind_blob(2, signer.view());
        else row.bind_null(2);
        COLPORT_TRY(row.run());
    }
    return done();
}

}  // namespace colport::origins
