#include "press/signing/signing.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "article/article.h"
#include "core/limits.h"
#include "core/message.h"
#include "core/minisign.h"
#include "feed/files.h"
#include "feed/shelf.h"
#include "press/drafts.h"
#include "press/leftovers.h"
#include "press/prepared.h"
#include "press/redaction_journal.h"
#include "press/signing/release.h"
#include "press/signing/request_files.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

fs::path prepared_note(const Workshop& workshop, const pb::SigningRequest& request) {
    return request.has_release() ? workshop.prepared_release()
                                 : workshop.secrets() / "prepared-keyring";
}

Result<pb::SigningRequest> parse(Bytes file) {
    auto out = COLPORT_TRY(parse_message<pb::SigningRequest>(file, largest_request, "request"));
    if (out.format() != 1)
        return Error{Errc::unsupported, "the request is of a newer format",
                     "use one version of colport on both machines"};
    return out;
}

/// All that is asked for, and nothing of what was answered.
std::string fingerprint_of(pb::SigningRequest request) {
    request.clear_answer();
    if (request.has_release()) {
        // Lists and bundles name them by their hashes.
        auto& release = *request.mutable_release();
        for (auto& file : *release.mutable_files()) file.clear_before();
        release.clear_staying();
        release.clear_dictionaries();
        return sha256(encode_message(request)).hex();
    }
    auto next =
        parse_message<pb::SignedKeyring>(request.next_keyring(), limits::keyring, "keyring");
    if (!next) return sha256(request.next_keyring()).hex();
    next->clear_signatures();
    next->clear_roots_signature();
    next->clear_item_signature();
    for (auto& list : *next->mutable_later_roots()) list.clear_signatures();
    return sha256(encode_message(*next)).hex();
}

/// The release that a request describes, before its files.
Result<NextRelease> next_release(const pb::SigningRequest& request) {
    const auto& release = request.release();
    const auto keyring_file = COLPORT_TRY(read_unsigned_keyring(request.keyring()));
    auto keyring = COLPORT_TRY(Keyring::verify(request.keyring(), keyring_file.feed));
    SignedRecords state{keyring.feed(), keyring, std::nullopt, empty_shelf(keyring.feed())};
    if (release.time() <= 0) return damaged_request("time");
    if (release.head().empty()) {
        if (release.new_volume() || !release.info().empty() || !release.shelf().empty())
            return damaged_request("a volume without a head");
        return NextRelease(std::move(state), std::nullopt, false, release.time());
    }
    state.head = COLPORT_TRY(verify_own_head(release.head(), state.keyring));
    if (const auto wanted = state.head->shelf_sha256())
        state.shelf = COLPORT_TRY(cut_shelf(COLPORT_TRY(parse_shelf(release.shelf(), state.feed)),
                                            state.head->message.volume() - 1, *wanted));
    auto info = COLPORT_TRY(verify_info(release.info(), volumes_of(state).back(), state.feed));
    NextRelease out(std::move(state), std::move(info), release.new_volume(), release.time());
    for (const auto& sealed : release.sealed()) COLPORT_TRY(out.open_sealed(sealed));
    return out;
}

std::vector<std::string> list_of(const google::protobuf::RepeatedPtrField<std::string>& list) {
    return {list.begin(), list.end()};
}

void describe(const NextRelease& next, const pb::ReleaseRequest& release, RequestSummary& out) {
    out.feed = next.state().feed;
    out.name = next.state().keyring.message().name();
    out.time = next.time();
    out.seq = next.info().seq;
    out.volume = next.info().volume;
    out.new_volume = release.new_volume();
    out.fresh_for = release.fresh_for();
    out.trackers = list_of(release.trackers());
    out.mirrors = list_of(release.mirrors());
}

/// Is `next` the one that comes after `current`? Else the changes that are shown would
/// not be all: what was revoked in between would come back unsaid. Errors: stale, forged.
Status check_succession(const Keyring& current, const UnsignedKeyring& next) {
    if (next.feed != current.feed())
        return Error{Errc::forged, "the request would make a keyring of another feed"};
    if (next.message.version() != current.version() + 1)
        return Error{Errc::stale,
                     fmt::format("the request would make keyring {} of keyring {}, and not the one "
                                 "after it", next.message.version(), current.version()),
                     "prepare it again where the feed is"};
    const auto &was = current.roots(), &is = next.roots;
    const bool anew = is.first_version() > was.version();
    const bool goes_on = is.first_version() == was.first_version() && is.agrees_with(was);
    if ((!anew && !goes_on) || is.version() < was.version() || is.version() > was.version() + 1)
        return Error{Errc::forged,
                     "the request's lists of root keys do not follow from those in force"};
    if (next.has_unknown_fields())
        return Error{Errc::unsupported,
                     "the request asks for something that this version of colport does not know",
                     "use one version of colport on both machines"};
    return done();
}

Result<RequestSummary> read_next_keyring(const pb::SigningRequest& request) {
    const auto current_file = COLPORT_TRY(read_unsigned_keyring(request.keyring()));
    const auto current = COLPORT_TRY(Keyring::verify(request.keyring(), current_file.feed));
    const auto next = COLPORT_TRY(read_unsigned_keyring(request.next_keyring()));
    COLPORT_TRY(check_succession(current, next));
    RequestSummary out;
    out.is_release = false;
    out.feed = current.feed();
    out.name = current.message().name();
    out.time = next.message.time();
    out.version = next.message.version();
    out.changes = changes_between(current, next);
    out.roots = next.roots.governing();
    out.signatures = next.signers.size();
    out.signatures_left = next.signing_left();
    if (next.roots.version() != current.roots().version() ||
        !next.roots.agrees_with(current.roots())) {
        out.appointing = next.roots.appointing();
        out.appointing_left = next.appointing_left();
    }
    out.fingerprint = fingerprint_of(request);
    return out;
}

/// What is to vanish need not travel back, nor a dictionary of its words.
void drop_what_was_shown(const std::vector<MadeFile>& made, pb::ReleaseRequest& release) {
    for (auto& file : *release.mutable_files()) file.clear_before();
    release.clear_staying();
    auto& held = *release.mutable_dictionaries();
    const auto is_needless = [&](const std::string& file) {
        return std::none_of(made.begin(), made.end(), [hash = sha256(file)](const auto& one) {
            return one.dictionary == hash;
        });
    };
    held.erase(std::remove_if(held.begin(), held.end(), is_needless), held.end());
}

Result<SignedRequest> sign_release(pb::SigningRequest request, const SigningKey& key) {
    const auto& release = request.release();
    auto next = COLPORT_TRY(next_release(request));
    SignedRequest out;
    describe(next, release, out.summary);
    pb::ReleaseAnswer answer;
    answer.set_signer(key.public_key().str());
    for (int i = 0; i < release.files_size(); ++i) answer.add_bundles();
    const auto files = COLPORT_TRY(add_requested_files(
        release, next, Replaced::are_shown,
        [&](std::string& bundle, int i) -> Status {
            COLPORT_TRY(sign_bundle(bundle, key));
            *answer.mutable_bundles(i) = bundle.substr(bundle.size() - Signature::size);
            return done();
        },
        out.summary));
    const auto made = COLPORT_TRY(
        next.sign(key, release.fresh_for(), list_of(release.trackers()), list_of(release.mirrors())));
    answer.set_head(made.head);
    for (const auto& torrent : made.torrents) answer.add_torrent_signatures(torrent.signature);
    out.summary.fingerprint = fingerprint_of(request);
    *request.mutable_answer() = std::move(answer);
    drop_what_was_shown(files, *request.mutable_release());
    out.file = encode_message(request);
    return out;
}

/// The release as it will stand in the feed directory, found good by what a reader
/// holds: the answer is believed in nothing.
struct Finished {
    SignedRelease records;
    std::vector<MadeFile> files;
    RequestSummary summary;
};

Result<Finished> check_answer(const pb::SigningRequest& request, std::int64_t now) {
    const auto& release = request.release();
    const auto& answer = request.answer();
    const auto signer = PublicKey::from(answer.signer());
    if (!signer || answer.bundles_size() != release.files_size())
        return Error{Errc::invalid, "the request is not signed yet",
                     "colport-press sign FILE --keys DIR, where the key is"};
    auto next = COLPORT_TRY(next_release(request));
    Finished out;
    out.files = COLPORT_TRY(add_requested_files(
        release, next, Replaced::are_known,
        [&](std::string& bundle, int i) -> Status {
            const auto end = signer->str() + answer.bundles(i);
            if (end.size() != PublicKey::size + Signature::size || bundle.size() < end.size())
                return damaged_request("signature");
            bundle.replace(bundle.size() - end.size(), end.size(), end);
            COLPORT_TRY(BundleReader::open(bundle, next.state().keyring));
            return done();
        },
        out.summary));
    describe(next, release, out.summary);
    out.records = COLPORT_TRY(next.records(list_of(release.trackers()), list_of(release.mirrors())));
    out.records.head = answer.head();
    const auto head = COLPORT_TRY(verify_head(answer.head(), next.state().keyring,
                                              next.info().seq, std::max(now, next.time())));
    const auto info = encode(next.info());
    const auto shelf = out.records.shelf.empty() ? std::nullopt
                                                 : std::optional(sha256(out.records.shelf));
    if (head.seq() != next.info().seq || head.signer != *signer ||
        head.message.time() != next.time() || head.info_hash != info_hash(info) ||
        head.info_sha256() != sha256(info) || head.shelf_sha256() != shelf ||
        head.message.volume() != next.info().volume)
        return Error{Errc::forged, "the head that came back is of another release"};
    if (answer.torrent_signatures_size() != static_cast<int>(out.records.torrents.size()))
        return damaged_request("signatures of volumes");
    for (int i = 0; i < answer.torrent_signatures_size(); ++i) {
        auto& torrent = out.records.torrents[static_cast<std::size_t>(i)];
        torrent.signature = answer.torrent_signatures(i);
        COLPORT_TRY(minisign::check(*signer, torrent.file, torrent.signature));
    }
    return out;
}

Status publish(const Workshop& workshop, const Finished& finished) {
    const bool redacts = finished.summary.replaced_files != 0;
    const auto target = redacts ? COLPORT_TRY(begin_redaction(workshop)) : workshop.feed();
    if (!redacts) COLPORT_TRY(begin_publishing(workshop));
    for (const auto& file : finished.files) {
        COLPORT_TRY(make_directory(target.volume(file.volume)));
        COLPORT_TRY(write_file(target.volume(file.volume) / file.name, file.content));
    }
    COLPORT_TRY(write_release(target, finished.records));
    // What private/ held of the article went when it was prepared.
    if (redacts) return finish_redaction(workshop, {});
    end_publishing(workshop);
    return done();
}

Result<RequestSummary> finish_release(const Workshop& workshop, const pb::SigningRequest& request,
                                      std::int64_t now) {
    const auto state = COLPORT_TRY(workshop.records());
    const auto head = state.head ? state.head->file : std::string();
    // A kill may have come when all was published and only the note of it was left.
    const bool is_out = state.head && request.answer().head() == head;
    if (!is_out &&
        (request.keyring() != state.keyring.file() || request.release().head() != head))
        return Error{Errc::stale, "the feed has moved on since the request was prepared",
                     "prepare it again"};
    auto finished = COLPORT_TRY(check_answer(request, now));
    if (!is_out) COLPORT_TRY(publish(workshop, finished));
    const auto published =
        COLPORT_TRY(read_catalogue(workshop.feed(), COLPORT_TRY(workshop.records())));
    COLPORT_TRY(remove_published_drafts(workshop, published));
    return std::move(finished.summary);
}

bool is_prepared(const Workshop& workshop, const pb::SigningRequest& request) {
    const auto fingerprint = fingerprint_of(request);
    if (request.has_release()) return is_prepared_release(workshop, fingerprint);
    const auto note = read_file(prepared_note(workshop, request), 256);
    return note && *note == fingerprint + "\n";
}

Result<RequestSummary> finish_keyring(const Workshop& workshop,
                                      const pb::SigningRequest& request) {
    if (request.keyring() != COLPORT_TRY(workshop.records()).keyring.file())
        return Error{Errc::stale, "the keyring has changed since the request was prepared",
                     "prepare it again"};
    auto summary = COLPORT_TRY(read_next_keyring(request));
    COLPORT_TRY(install_keyring(workshop, request.next_keyring()));
    return summary;
}

}  // namespace

Result<RequestSummary> read_request(Bytes file) {
    const auto request = COLPORT_TRY(parse(file));
    if (!request.has_release()) return read_next_keyring(request);
    RequestSummary out;
    auto next = COLPORT_TRY(next_release(request));
    describe(next, request.release(), out);
    // The structure is whole before it is signed; the key does not matter here.
    const auto key = SigningKey::generate();
    COLPORT_TRY(add_requested_files(
        request.release(), next, Replaced::are_shown,
        [&](std::string& bundle, int) { return sign_bundle(bundle, key); }, out));
    out.fingerprint = fingerprint_of(request);
    return out;
}

Result<SignedRequest> sign_request(Bytes file, const SigningKey& key) {
    auto request = COLPORT_TRY(parse(file));
    if (request.has_release()) return sign_release(std::move(request), key);
    COLPORT_TRY(read_next_keyring(request));
    request.set_next_keyring(COLPORT_TRY(add_keyring_signature(request.next_keyring(), key)));
    SignedRequest out;
    out.summary = COLPORT_TRY(read_next_keyring(request));
    out.file = encode_message(request);
    return out;
}

Status remember_signed(const fs::path& keys, const RequestSummary& summary) {
    const auto path = keys / fmt::format("signed-{}-{}.txt", summary.is_release ? "release" : "keyring",
                                         summary.feed.hex().substr(0, 16));
    const auto number = summary.is_release ? summary.seq : summary.version;
    const auto known = read_file(path, 4096);
    if (!known && known.error().code != Errc::not_found) return known.error();
    if (known) {
        std::uint64_t last = 0;
        const auto [end, error] =
            std::from_chars(known->data(), known->data() + known->size(), last);
        const std::string_view rest(end, known->data() + known->size());
        if (error != std::errc() || !rest.starts_with(' '))
            return Error{Errc::corrupt, fmt::format("{} is damaged", path.string())};
        const bool same = number == last && rest.substr(1).starts_with(summary.fingerprint);
        if (number <= last && !same)
            return Error{Errc::forked,
                         fmt::format("{} {} was signed on this machine already, and it was another "
                                     "one than this: both together would stop the feed for every "
                                     "reader",
                                     summary.is_release ? "release" : "keyring", last),
                         fmt::format("find out why; only if the first was never published, remove {}",
                                     path.string())};
        if (same) return done();
    }
    return write_file(path, fmt::format("{} {}\n", number, summary.fingerprint), 0600);
}

Result<std::string> prepare_keyring(const Workshop& workshop, const KeyringChange& change,
                                    std::int64_t now, bool leaves) {
    const auto lock = COLPORT_TRY(lock_workshop(workshop));
    const auto state = COLPORT_TRY(workshop.records());
    const auto last = state.head ? state.head->seq() : 0;
    const auto next = COLPORT_TRY(next_keyring(state.keyring, change, last, now));
    pb::SigningRequest message;
    message.set_format(1);
    message.set_keyring(state.keyring.file());
    message.set_next_keyring(draft_keyring(next, state.keyring, change.roots));
    COLPORT_TRY(check_size(message.next_keyring(), state.keyring, change));
    auto out = encode_message(message);
    if (leaves) COLPORT_TRY(note_prepared(workshop, out));
    return out;
}

Status note_prepared(const Workshop& workshop, Bytes file, const std::vector<ArticleId>& drafts) {
    const auto request = COLPORT_TRY(parse(file));
    if (request.has_release())
        return note_prepared_release(workshop, fingerprint_of(request), drafts);
    return write_file(prepared_note(workshop, request), fingerprint_of(request) + "\n", 0600);
}

Result<RequestSummary> finish_request(const Workshop& workshop, Bytes file, std::int64_t now) {
    const auto lock = COLPORT_TRY(lock_workshop(workshop));
    const auto request = COLPORT_TRY(parse(file));
    if (!is_prepared(workshop, request))
        return Error{Errc::invalid, "this is not the request that was prepared here last",
                     "finish that one, or prepare again"};
    auto out = request.has_release() ? finish_release(workshop, request, now)
                                     : finish_keyring(workshop, request);
    if (!out) return out;
    std::error_code ignored;
    fs::remove(prepared_note(workshop, request), ignored);
    return out;
}

Result<RequestSummary> finish_at_once(const Workshop& workshop, Bytes file) {
    const auto lock = COLPORT_TRY(lock_workshop(workshop));
    const auto request = COLPORT_TRY(parse(file));
    COLPORT_ASSERT(!request.has_release());
    return finish_keyring(workshop, request);
}

}  // namespace colport
