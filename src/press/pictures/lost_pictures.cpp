#include "press/pictures/lost_pictures.h"

#include "core/message.h"

namespace colport {
namespace {

bool is_same(const pb::Figure& a, const pb::Figure& b) {
    return encode_message(a) == encode_message(b);
}

/// `now`, with the picture that it may have had.
pb::Figure refilled(const pb::Figure& now, const pb::Figure& before) {
    auto out = now;
    if (!now.picture().empty()) return out;
    out.set_picture(before.picture());
    out.set_width(before.width());
    out.set_height(before.height());
    out.set_size(before.size());
    return out;
}

bool has_words(const pb::Figure& figure) {
    return !figure.alt().empty() || !figure.caption().empty() || !figure.credit().empty();
}

/// Puts back what was lost, and counts it.
class Refill {
public:
    explicit Refill(pb::Article& article) : article_(article) {}

    bool run(const pb::Article& before) {
        if (!lead(before)) return false;
        const auto now = std::move(*article_.mutable_blocks());
        auto& out = *article_.mutable_blocks();
        out.Clear();
        int at = 0;
        for (const auto& block : before.blocks()) {
            if (at < now.size() && matches(now[at], block)) {
                ++at;
            } else if (block.has_figure() && !has_words(block.figure()) &&
                       !block.figure().picture().empty()) {
                ++vanished;
            } else {
                return false;
            }
            *out.Add() = block;
        }
        return at == now.size();
    }

    std::size_t lost = 0;       ///< by figures that are still there
    std::size_t vanished = 0;   ///< figures

private:
    bool lead(const pb::Article& before) {
        if (!before.has_lead()) return !article_.has_lead();
        if (!article_.has_lead()) {
            ++vanished;
        } else {
            if (!is_same(refilled(article_.lead(), before.lead()), before.lead())) return false;
            lost += article_.lead().picture().empty() && !before.lead().picture().empty();
        }
        *article_.mutable_lead() = before.lead();
        return true;
    }

    bool matches(const pb::Block& now, const pb::Block& before) {
        if (!now.has_figure() || !before.has_figure())
            return encode_message(now) == encode_message(before);
        if (!is_same(refilled(now.figure(), before.figure()), before.figure())) return false;
        lost += now.figure().picture().empty() && !before.figure().picture().empty();
        return true;
    }

    pb::Article& article_;
};

}  // namespace

bool only_loses_pictures(const pb::Article& now, const pb::Article& before,
                         std::size_t may_vanish) {
    auto filled = now;
    Refill refill(filled);
    if (!refill.run(before) || refill.lost + refill.vanished == 0) return false;
    if (refill.vanished > 0 && refill.vanished + refill.lost > may_vanish) return false;
    filled.set_id(before.id());
    filled.set_revision(before.revision());
    filled.set_note(before.note());
    return encode_message(filled) == encode_message(before);
}

}  // namespace colport
