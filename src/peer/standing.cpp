#include "peer/standing.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/message.h"

namespace colport {
namespace {

std::string distrust_memory(const PublicKey& feed) { return "distrusts " + feed.hex(); }
std::string shelf_memory(const PublicKey& feed) { return "pending shelf " + feed.hex(); }

}  // namespace

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
    if (!known.keyring.empty()) {
        out.keyring_ = COLPORT_TRY(Keyring::verify(known.keyring, known.feed));
        // An earlier version kept what nobody had signed.
        if (out.keyring_->file() != known.keyring) {
            auto cleaned = known;
            cleaned.keyring = out.keyring_->file();
            COLPORT_TRY(out.save(std::move(cleaned)));
        }
    }
    if (!known.head.empty()) {
        out.whole_.emplace(COLPORT_TRY(read_trusted_head(known.head)));
        if (!known.shelf.empty()) COLPORT_TRY(out.whole_->take_shelf(known.shelf));
    }
    if (!known.pending_head.empty())
        out.expect(COLPORT_TRY(read_trusted_head(known.pending_head)));
    if (out.pending_ && !out.pending_->has_shelf())
        // Of a release before it, maybe.
        if (const auto shelf = from_hex(COLPORT_TRY(archive.recall(shelf_memory(known.feed)))))
            static_cast<void>(out.pending_->take_shelf(*shelf).ok());
    out.distrusts_ = !COLPORT_TRY(archive.recall(distrust_memory(known.feed))).empty();
    if (out.in_doubt()) COLPORT_TRY(out.distrust());
    return out;
}

/// With its shelf, if that is here: most releases change nothing on it.
Release Standing::with_known_shelf(Head head) const {
    Release out(std::move(head));
    for (const auto* release : releases())
        if (*release && !(*release)->shelf_file.empty() && !out.has_shelf() &&
            (*release)->head.shelf_sha256() == out.head.shelf_sha256()) {
            out.shelf_file = (*release)->shelf_file;
            out.shelf = (*release)->shelf;
        }
    return out;
}

void Standing::expect(Head head) {
    auto next = with_known_shelf(std::move(head));
    if (pending_ && stands_by(pending_->head)) reserve_ = std::move(pending_);
    pending_ = std::move(next);
}

void Standing::keep_in_reserve(Head head) {
    const auto not_above = [&](const std::optional<Release>& release) {
        return release && stands_by(release->head) && head.seq() <= release->head.seq();
    };
    if (!pending_ || not_above(whole_) || not_above(reserve_)) return;
    reserve_ = with_known_shelf(std::move(head));
}

Result<bool> Standing::take_keyring(const std::string& file) {
    const Error replaced{Errc::denied,
                         "the newsroom's list of keys is signed by root keys that it has "
                         "replaced", "what you have is untouched; get the feed from another place"};
    auto verified = Keyring::verify(file, record_.feed);
    if (!verified && verified.error().code == Errc::unsupported && is_by_replaced_roots(file))
        return replaced;
    auto keyring = COLPORT_TRY(std::move(verified));
    if (keyring_) {
        const auto order = keyring.compared_with(*keyring_);
        if (order == KeyringOrder::replaced) return replaced;
        // Where the feed's own key signed both sides, whoever has it could end the alarm.
        if (keys_forked() &&
            (keyring_->roots().first_version() == 0 || !keyring.outranks(*keyring_)))
            return false;
        if (order == KeyringOrder::fork) {
            COLPORT_TRY(note_fork(keyring));
            return true;
        }
        // Its DHT item is signed by itself, so it may have been lost on the way here.
        const bool brings_item = !keyring_->item() && keyring.item() &&
                                 encode_message(keyring.message()) ==
                                     encode_message(keyring_->message());
        if (order == KeyringOrder::older && !brings_item) return false;
    }
    const auto held = releases();
    const auto fork = read_trusted_head(record_.fork_head);
    const auto is_disowned = [&](const Head& head) {
        return !keyring.may_sign(head.signer, head.message.time());
    };
    if ((fork && is_disowned(*fork)) ||
        std::any_of(held.begin(), held.end(),
                    [&](const auto* release) { return *release && is_disowned((*release)->head); })) {
        // What the thief had put something in the place of may have gone with it already.
        COLPORT_TRY(archive_->import_again(feed()));
        COLPORT_TRY(distrust());
    }
    auto next = *this;
    next.record_.keyring = keyring.file();
    next.record_.fork_keyring.clear();
    next.record_.name = keyring.message().name();
    next.keyring_ = std::move(keyring);
    next.judge_anew();
    COLPORT_TRY(next.save(next.record_));
    *this = std::move(next);
    remember_shelf();
    return true;
}

/// Who signed the feed before its own key named root keys anew could claim a format that
/// nobody reads, and hide with that what a reader should know.
bool Standing::is_by_replaced_roots(const std::string& keyring) const {
    auto envelope = parse_message<pb::SignedKeyring>(keyring, limits::keyring, "keyring");
    if (!envelope || !keyring_) return false;
    const auto& held = keyring_->roots();
    const auto roots = RootChain::read(*envelope, record_.feed, true);
    // The last list may be what nobody reads.
    envelope->clear_later_roots();
    const auto first = RootChain::read(*envelope, record_.feed, true);
    return (first && first->version() < held.first_version()) ||
           (roots && roots->first_version() == held.first_version() &&
            roots->version() < held.version());
}

Status Standing::save(FeedRecord next) {
    COLPORT_TRY(archive_->save_feed(next));
    record_ = std::move(next);
    return done();
}

Status Standing::distrust() {
    if (distrusts_) return done();
    COLPORT_TRY(archive_->remember(distrust_memory(feed()), "1"));
    distrusts_ = true;
    return done();
}

Status Standing::trust_again() {
    COLPORT_TRY(archive_->remember(distrust_memory(feed()), ""));
    distrusts_ = false;
    return done();
}

std::array<const std::optional<Release>*, 3> Standing::releases() const {
    return {&whole_, &pending_, &reserve_};
}

std::int64_t Standing::arrival_time() const {
    auto out = (*clock_)();
    if (keyring_) out = std::max(out, keyring_->message().time());
    for (const auto* release : releases())
        if (*release) out = std::max(out, (*release)->head.message.time());
    return out;
}

Status Standing::note_fork(const Keyring& other) {
    auto next = record_;
    next.fork_keyring = other.file();
    return save(std::move(next));
}

/// What was accepted under the keyring before, by this one. A head that it no longer
/// stands by has no say in which number is the highest either, or a thief could end
/// a feed by signing the last number that there is.
void Standing::judge_anew() {
    auto other = !record_.fork_head.empty() ? read_trusted_head(record_.fork_head)
                          : Result<Head>(Error{Errc::not_found, ""});
    const auto has_ours = [&] {
        return other && newest() != nullptr && newest()->head.seq() == other->seq();
    };
    const bool had_ours = has_ours();
    if (pending_ && !stands_by(pending_->head)) pending_.reset();
    if (reserve_ && !stands_by(reserve_->head)) reserve_.reset();
    if (!pending_ && reserve_ && reserve_->head.seq() >= keyring_->message().least_seq())
        pending_ = std::exchange(reserve_, std::nullopt);
    const bool lost_ours = had_ours && !(has_ours() && stands_by(newest()->head));
    const bool other_stands = other && stands_by(*other);
    if (!other_stands || lost_ours) record_.fork_head.clear();
    if (other_stands && lost_ours) expect(std::move(*other));
    record_.pending_head = pending_ ? pending_->head.file : "";
    record_.seen_seq = keyring_->message().least_seq();
    for (const auto* release : {&whole_, &pending_})
        if (*release && stands_by((*release)->head))
            record_.seen_seq = std::max(record_.seen_seq, (*release)->head.seq());
}

Result<bool> Standing::take_head(const std::string& file) {
    if (!keyring_) return Error{Errc::not_found, "no keyring of the feed yet"};
    // By which of the two would it be judged?
    if (keys_forked()) return false;
    auto head = COLPORT_TRY(verify_head(file, *keyring_, 0, (*clock_)()));
    if (head.seq() < record_.seen_seq) {
        keep_in_reserve(std::move(head));
        return Error{Errc::stale, "the release is older than one seen"};
    }
    if (forked()) return false;
    if (head.seq() == record_.seen_seq) {
        const auto* known = newest();
        // One by a key that was withdrawn since contradicts nobody.
        if (known != nullptr && stands_by(known->head) && known->head.seq() == head.seq()) {
            if (known->head.same_as(head)) return false;
            COLPORT_TRY(note_fork(head));
            return true;
        }
    }
    auto next = record_;
    next.seen_seq = head.seq();
    next.pending_head = file;
    COLPORT_TRY(save(std::move(next)));
    expect(std::move(head));
    return true;
}

Status Standing::note_fork(const Head& other) {
    auto next = record_;
    next.fork_head = other.file;
    return save(std::move(next));
}

Status Standing::take_shelf(const std::string& file) {
    Status out = done();
    bool taken = false;
    for (auto* release : {&pending_, &reserve_}) {
        if (!*release || (*release)->has_shelf()) continue;
        out = (*release)->take_shelf(file);
        if (!out) continue;
        taken = true;
        if (release == &pending_) remember_shelf();
    }
    return taken ? done() : out;
}

void Standing::remember_shelf() {
    // A busy disk: then a restart meanwhile asks for it again.
    static_cast<void>(
        archive_->remember(shelf_memory(feed()), pending_ ? to_hex(pending_->shelf_file) : "")
            .ok());
}

const Release* Standing::newest() const {
    return pending_ ? &*pending_ : whole_ ? &*whole_ : nullptr;
}

Status Standing::commit(const Release& release) {
    auto& from = pending_ && &release == &*pending_ ? pending_ : reserve_;
    COLPORT_ASSERT(from && &release == &*from);
    auto next = record_;
    next.head = release.head.file;
    next.shelf = release.shelf_file;
    if (&from == &pending_) next.pending_head.clear();
    next.updated = arrival_time();
    COLPORT_TRY(save(std::move(next)));
    const bool was_pending = &from == &pending_;
    whole_ = std::exchange(from, std::nullopt);
    if (was_pending) remember_shelf();
    if (reserve_ && reserve_->head.seq() <= whole_->head.seq()) reserve_.reset();
    return done();
}

bool Standing::stands_by(const Head& head) const {
    return keyring_ && keyring_->may_sign(head.signer, head.message.time());
}

bool Standing::in_doubt() const { return whole_ && keyring_ && !stands_by(whole_->head); }

bool Standing::is_suspect() const {
    if (!in_doubt()) return false;
    const auto& head = whole_->head;
    if (head.seq() > keyring_->message().least_seq()) return true;
    for (const auto& key : keyring_->message().revoked())
        if (key.key() == head.signer.view())
            return key.since() != 0 &&
                   (head.message.time() >= key.since() || record_.updated >= key.since());
    return true;
}

Status Standing::set_link(std::string link) {
    auto next = record_;
    next.link = std::move(link);
    return save(std::move(next));
}

Status Standing::set_history_since(std::int64_t since) {
    auto next = record_;
    next.history_since = since;
    return save(std::move(next));
}

}  // namespace colport
