#include "peer/standing.h"

#include <utility>

#include "core/message.h"

namespace colport {

Release::Release(Head verified)
    : head(std::move(verified)), shelf(empty_shelf(*PublicKey::from(head.message.feed()))) {}

Status Release::take_shelf(const std::string& file) {
    const auto wanted = head.shelf_sha256();
    if (!wanted) return Error{Errc::forged, "the signed head has no shelf"};
    shelf = COLPORT_TRY(cut_shelf(COLPORT_TRY(parse_shelf(file, *PublicKey::from(head.message.feed()))),
                                  head.message.volume() - 1, *wanted));
    shelf_file = encode_shelf(shelf);
    return done();
}

Standing::Standing(Archive& archive, const Clock& clock, FeedRecord record)
    : archive_(&archive), clock_(&clock), record_(std::move(record)) {}

Result<Standing> Standing::open(Archive& archive, const Clock& clock, FeedRecord record) {
    Standing out(archive, clock, std::move(record));
    const auto& known = out.record_;
    if (!known.keyring.empty())
        out.keyring_ = COLPORT_TRY(Keyring::verify(known.keyring, known.feed));
    if (!known.head.empty()) {
        out.whole_.emplace(COLPORT_TRY(read_trusted_head(known.head)));
        if (!known.shelf.empty()) COLPORT_TRY(out.whole_->take_shelf(known.shelf));
    }
    if (!known.pending_head.empty())
        out.expect(COLPORT_TRY(read_trusted_head(known.pending_head)));
    return out;
}

/// Most releases change nothing on the shelf.
void Standing::expect(Head head) {
    Release next(std::move(head));
    for (const auto* before : {pending_ ? &*pending_ : nullptr, whole_ ? &*whole_ : nullptr})
        if (before != nullptr && !before->shelf_file.empty() && !next.has_shelf() &&
            before->head.shelf_sha256() == next.head.shelf_sha256()) {
            next.shelf_file = before->shelf_file;
            next.shelf = before->shelf;
        }
    pending_ = std::move(next);
}

Result<bool> Standing::take_keyring(const std::string& file) {
    auto keyring = COLPORT_TRY(Keyring::verify(file, record_.feed));
    if (keyring_ && keyring.version() <= keyring_->version()) {
        // Its DHT item is signed by itself, so it may have been lost on the way here.
        if (keyring.version() < keyring_->version() || keyring_->item() || !keyring.item() ||
            encode_message(keyring.message()) != encode_message(keyring_->message()))
            return false;
    }
    keyring_ = std::move(keyring);
    record_.keyring = file;
    record_.name = keyring_->message().name();
    if (pending_ && !stands_by(pending_->head)) {
        pending_.reset();
        record_.pending_head.clear();
    }
    COLPORT_TRY(save());
    return true;
}

Result<bool> Standing::take_head(const std::string& file) {
    if (!keyring_) return Error{Errc::not_found, "no keyring of the feed yet"};
    auto head = COLPORT_TRY(verify_head(file, *keyring_, record_.seen_seq, (*clock_)()));
    if (forked()) return false;
    if (head.seq() == record_.seen_seq) {
        const auto* known = newest();
        if (known != nullptr && known->head.seq() == head.seq()) {
            if (known->head.same_as(head)) return false;
            COLPORT_TRY(note_fork(head));
            return true;
        }
    }
    record_.seen_seq = head.seq();
    record_.pending_head = file;
    expect(std::move(head));
    COLPORT_TRY(save());
    return true;
}

Status Standing::note_fork(const Head& other) {
    record_.fork_head = other.file;
    record_.pending_head.clear();
    pending_.reset();
    return save();
}

Status Standing::take_shelf(const std::string& file) {
    return pending_ ? pending_->take_shelf(file) : done();
}

const Release* Standing::newest() const {
    return pending_ ? &*pending_ : whole_ ? &*whole_ : nullptr;
}

Status Standing::commit() {
    if (!pending_) return done();
    record_.head = pending_->head.file;
    record_.shelf = pending_->shelf_file;
    record_.pending_head.clear();
    record_.updated = (*clock_)();
    COLPORT_TRY(save());
    whole_ = std::exchange(pending_, std::nullopt);
    return done();
}

bool Standing::stands_by(const Head& head) const {
    return keyring_ && keyring_->may_sign(head.signer, head.message.time());
}

Status Standing::set_link(std::string link) {
    record_.link = std::move(link);
    return save();
}

Status Standing::set_history_since(std::int64_t since) {
    record_.history_since = since;
    return save();
}

}  // namespace colport
