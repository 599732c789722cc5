#include "press/signing/redaction.h"

#include <fmt/format.h>

#include <algorithm>

#include "article/article.h"
#include "core/limits.h"
#include "core/message.h"
#include "feed/files.h"
#include "feed/record.h"
#include "feed/shelf.h"
#include "press/draft_store.h"
#include "press/drafts.h"
#include "press/redaction_journal.h"
#include "press/signing/signing.h"
#include "press/signing/training.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

bool is_media(const BundleReader& bundle) {
    return bundle.index().kind() == pb::BundleIndex::MEDIA;
}

/// As dictionaries are trained on it.
Result<std::string> record_bytes(const pb::Article& article) {
    return record_of(encode_message(article));
}

}  // namespace

Result<Redaction> Redaction::open(const Workshop& workshop, const ArticleId& id,
                                  RedactionOptions options, std::int64_t now) {
    auto lock = COLPORT_TRY(lock_workshop(workshop));
    auto state = COLPORT_TRY(workshop.records());
    Redaction out(workshop, std::move(lock), std::move(state), std::move(options), now);
    out.report_.article = {id, now, out.options_.reason, {}};
    out.newest_revision_ = 1;
    if (auto good = check(out.retraction()); !good)
        return Error{Errc::invalid, "the reason cannot be published: " + good.error().message};
    out.report_.draft = COLPORT_TRY(COLPORT_TRY(workshop.draft_store())->holds(id));
    COLPORT_TRY(out.find_article());
    if (out.report_.revisions == 0 && !out.report_.draft)
        return Error{Errc::not_found, "no article with the id " + id.hex()};
    COLPORT_TRY(out.find_draft());
    COLPORT_TRY(out.find_dictionaries());
    COLPORT_TRY(out.find_others());
    COLPORT_TRY(out.find_pictures());
    out.find_users_of_dictionaries();
    out.count();
    return out;
}

Status Redaction::find_article() {
    const auto feed = workshop_.feed();
    for (const auto& volume : volumes_of(state_))
        volumes_[volume.number] = COLPORT_TRY(load_info(feed, volume, state_.feed));
    LastDictionary last;
    return visit_bundles(
        feed, state_,
        [&](const BundleReader& bundle, const InfoDictionary& info,
            const VolumeFile& file) -> Result<bool> {
            if (is_media(bundle)) return true;
            const Place place(info.volume, file.name);
            bundles_[place] = {FileKind::articles, file.size, bundle.dictionary()};
            for (std::size_t i = 0; i < bundle.size(); ++i) {
                const auto& entry = bundle.entry(i);
                if (entry.id() != report_.article.id.view()) {
                    auto& newest = newest_of_others_[*ArticleId::from(entry.id())];
                    newest = std::max(newest, entry.revision());
                    text_of_others_ += entry.size();
                    ++others_;
                    continue;
                }
                std::shared_ptr<const Dictionary> dictionary;
                if (const auto hash = bundle.dictionary())
                    dictionary = COLPORT_TRY(last.load(feed, info, *hash));
                const auto article = COLPORT_TRY(bundle.article(i, dictionary.get()));
                own_.add(COLPORT_TRY(record_bytes(article)));
                named_.merge(pictures_of(article));
                if (report_.revisions++ == 0 || entry.revision() > newest_revision_) {
                    newest_revision_ = entry.revision();
                    report_.title = article.title();
                }
                affected_[place] = bundles_[place];
            }
            return true;
        });
}

/// Dictionaries may have been trained on it. A damaged one is no reason to let it stay.
Status Redaction::find_draft() {
    const auto draft = load_draft(workshop_, report_.article.id);
    if (!draft) return done();
    named_.merge(pictures_of(*draft));
    if (report_.revisions == 0) report_.title = draft->title();
    own_.add(COLPORT_TRY(record_bytes(*draft)));
    return done();
}

Status Redaction::find_dictionaries() {
    std::vector<Bytes> contents;
    for (const auto& [number, info] : volumes_)
        for (const auto& file : info.files) {
            if (kind_of(file.name) != FileKind::dictionary || dictionaries_.contains(file.sha256))
                continue;
            auto loaded = COLPORT_TRY(load_dictionary(workshop_.feed(), info, file.sha256));
            contents.push_back(loaded->bytes());
            dictionaries_[file.sha256] = std::move(loaded);
        }
    own_.keep_common(contents);
    return done();
}

/// What articles that stay have in common with it: pictures, and words that dictionaries
/// hold.
Status Redaction::find_others() {
    const auto all = named_;
    const auto note = [&](const ArticleId& id, const pb::Article& article) {
        for (const auto& picture : pictures_of(article)) {
            if (!all.contains(picture)) continue;
            report_.pictures_kept += named_.erase(picture);
            report_.shown_by.insert(id);
        }
    };
    if (!all.empty())
        COLPORT_TRY(COLPORT_TRY(workshop_.draft_store())
                        ->visit([&](const StoredDraft& stored) -> Status {
            if (stored.id == report_.article.id) return done();
            // A damaged draft is no reason to let an article stay.
            if (const auto draft = load_draft(workshop_, stored.id)) note(stored.id, *draft);
            return done();
        }));
    if (all.empty() && own_.empty()) return done();
    LastDictionary last;
    return visit_bundles(
        workshop_.feed(), state_,
        [&](const BundleReader& bundle, const InfoDictionary& info,
            const VolumeFile&) -> Result<bool> {
            if (is_media(bundle)) return true;
            std::shared_ptr<const Dictionary> dictionary;
            if (const auto hash = bundle.dictionary())
                dictionary = COLPORT_TRY(last.load(workshop_.feed(), info, *hash));
            for (std::size_t i = 0; i < bundle.size(); ++i) {
                const auto& entry = bundle.entry(i);
                if (entry.id() == report_.article.id.view()) continue;
                const auto article = COLPORT_TRY(bundle.article(i, dictionary.get()));
                if (!own_.empty()) own_.remove(COLPORT_TRY(record_bytes(article)));
                const auto id = *ArticleId::from(entry.id());
                if (!all.empty() && entry.revision() == newest_of_others_[id])
                    note(id, article);
            }
            return !all.empty() || !own_.empty();
        });
}

Status Redaction::find_pictures() {
    report_.article.pictures = named_;
    if (named_.empty()) return done();
    std::set<Sha256> found;
    COLPORT_TRY(visit_bundles(
        workshop_.feed(), state_,
        [&](const BundleReader& bundle, const InfoDictionary& info,
            const VolumeFile& file) -> Result<bool> {
            if (!is_media(bundle)) return true;
            for (const auto& entry : bundle.index().entries()) {
                const auto id = *Sha256::from(entry.id());
                if (!named_.contains(id)) continue;
                found.insert(id);
                affected_[{info.volume, file.name}] = {FileKind::media, file.size, {}};
            }
            return true;
        }));
    report_.pictures = found.size();
    return done();
}

void Redaction::find_users_of_dictionaries() {
    for (const auto& [hash, dictionary] : dictionaries_)
        if (own_.any_in(dictionary->bytes())) spoiled_.insert(hash);
    if (spoiled_.empty()) return;
    if (options_.keep_dictionary) {
        report_.dictionary_kept = true;
        spoiled_.clear();
        return;
    }
    report_.dictionary = true;
    for (const auto& [place, bundle] : bundles_)
        if (bundle.dictionary && spoiled_.contains(*bundle.dictionary)) affected_[place] = bundle;
    for (const auto& [number, info] : volumes_)
        for (const auto& file : info.files)
            if (spoiled_.contains(file.sha256))
                affected_[{number, file.name}] = {FileKind::dictionary, file.size, {}};
}

void Redaction::count() {
    std::set<std::uint32_t> volumes;
    for (const auto& [place, old] : affected_) {
        volumes.insert(place.first);
        report_.bytes_before += old.size;
    }
    report_.files = affected_.size();
    report_.volumes = volumes.size();
}

pb::Article Redaction::retraction() const {
    pb::Article out;
    out.set_id(report_.article.id.str());
    out.set_revision(newest_revision_ + 1);
    out.set_status(pb::Article::RETRACTED);
    out.set_note(options_.reason);
    return out;
}

Status Redaction::make_dictionary() {
    std::size_t size = 0;
    for (const auto& hash : spoiled_) size = std::max(size, dictionaries_.at(hash)->bytes().size());
    auto samples = COLPORT_TRY(
        sample_articles(workshop_.feed(), state_,
                        {training::step_for(text_of_others_, others_), 0, 0},
                        report_.article.id));
    for (auto& sample : samples) sample = COLPORT_TRY(record_of(sample));
    const auto trained = Dictionary::train(samples, size, options_.level);
    // Too few articles are left, or too alike: they do without.
    if (!trained) return done();
    fresh_file_ = Dictionary::pack(*trained);
    fresh_ = COLPORT_TRY(Dictionary::load(fresh_file_));
    return done();
}

Result<std::string> Redaction::without_article(const Place& place, const Old& old,
                                               const BundleInfo& info, const SigningKey* key) {
    const auto path = workshop_.feed().volume(place.first) / place.second;
    const auto parts = COLPORT_TRY(FileParts::open(path, limits::bundle));
    const auto bundle = COLPORT_TRY(BundleReader::open(parts, state_.keyring));
    const auto dictionary = old.dictionary ? dictionaries_.at(*old.dictionary) : nullptr;
    std::vector<pb::Article> articles;
    for (std::size_t i = 0; i < bundle.size(); ++i) {
        const auto& entry = bundle.entry(i);
        if (entry.id() != report_.article.id.view())
            articles.push_back(COLPORT_TRY(bundle.article(i, dictionary.get())));
        else if (entry.revision() == newest_revision_ && !options_.reason.empty())
            articles.push_back(retraction());
    }
    const bool spoiled = old.dictionary && spoiled_.contains(*old.dictionary);
    return write_article_bundle(info, std::move(articles), spoiled ? fresh_ : dictionary, key);
}

Result<std::string> Redaction::without_pictures(const Place& place, const BundleInfo& info,
                                                const SigningKey* key) {
    const auto path = workshop_.feed().volume(place.first) / place.second;
    const auto parts = COLPORT_TRY(FileParts::open(path, limits::bundle));
    const auto bundle = COLPORT_TRY(BundleReader::open(parts, state_.keyring));
    std::vector<pb::Picture> pictures;
    for (std::size_t i = 0; i < bundle.size(); ++i)
        if (!named_.contains(*Sha256::from(bundle.entry(i).id())))
            pictures.push_back(COLPORT_TRY(bundle.picture(i)));
    return write_media_bundle(info, std::move(pictures), key);
}

Result<NextRelease> Redaction::next_release() const {
    const auto newest = state_.head->message.volume();
    NextRelease out(state_, volumes_.at(newest), false, release_time(state_, now_));
    std::set<std::uint32_t> sealed;
    for (const auto& [place, old] : affected_)
        if (place.first != newest && sealed.insert(place.first).second)
            COLPORT_TRY(out.open_sealed(encode(volumes_.at(place.first))));
    return out;
}

Status Redaction::make_files(NextRelease& next, const SigningKey* key, const Take& take,
                             const ReleaseProgress& progress) {
    if (!spoiled_.empty()) COLPORT_TRY(make_dictionary());
    std::size_t at = 0;
    std::set<std::uint32_t> have_fresh;
    const auto put = [&](const Place& place, FileKind kind, std::string content) -> Status {
        report_.bytes += content.size();
        const auto name = COLPORT_TRY(next.replace(place.first, place.second, content));
        return take(place, kind, name, std::move(content));
    };
    auto info = next.bundle_info();
    info.level = options_.level;
    // Dictionaries first: whoever reads the new files in this order needs them.
    for (const bool dictionaries : {true, false})
        for (const auto& [place, old] : affected_) {
            if ((old.kind == FileKind::dictionary) != dictionaries) continue;
            if (progress) progress(at++, affected_.size());
            if (dictionaries)
                COLPORT_TRY(put(place, old.kind,
                                have_fresh.insert(place.first).second ? fresh_file_ : ""));
            else if (old.kind == FileKind::media)
                COLPORT_TRY(put(place, old.kind, COLPORT_TRY(without_pictures(place, info, key))));
            else
                COLPORT_TRY(put(place, old.kind,
                                COLPORT_TRY(without_article(place, old, info, key))));
        }
    if (progress) progress(affected_.size(), affected_.size());
    report_.seq = next.info().seq;
    return done();
}

Status Redaction::drop_draft() {
    COLPORT_TRY(forget_article(workshop_, report_.article));
    // Its pictures go with it, but for those of other drafts.
    return remove_published_drafts(workshop_,
                                   COLPORT_TRY(read_catalogue(workshop_.feed(), state_)));
}

Status Redaction::publish(const SigningKey& key, const ReleaseProgress& progress) {
    COLPORT_ASSERT(needs_release());
    auto next = COLPORT_TRY(next_release());
    if (!state_.keyring.may_sign(key.public_key(), next.time()))
        return Error{Errc::denied, "the signing key may not sign for this feed now",
                     "colport-press key show tells which keys may"};
    const auto link = COLPORT_TRY(load_link(workshop_));
    const auto journal = COLPORT_TRY(begin_redaction(workshop_));
    COLPORT_TRY(make_files(
        next, &key,
        [&](const Place& place, FileKind, const std::string& name, std::string content) -> Status {
            if (content.empty()) return done();
            COLPORT_TRY(make_directory(journal.volume(place.first), 0700));
            return write_file(journal.volume(place.first) / name, content);
        },
        progress));
    COLPORT_TRY(write_release(
        journal, COLPORT_TRY(next.sign(key, state_.head->message.fresh_for(), link.trackers,
                                       link.mirrors))));
    return finish_redaction(workshop_, report_.article);
}

Result<std::string> Redaction::prepare(const ReleaseProgress& progress) {
    COLPORT_ASSERT(needs_release());
    auto next = COLPORT_TRY(next_release());
    const auto link = COLPORT_TRY(load_link(workshop_));
    pb::SigningRequest message;
    message.set_format(1);
    message.set_keyring(state_.keyring.file());
    auto& request = *message.mutable_release();
    request.set_head(state_.head->file);
    request.set_info(encode(volumes_.at(next.info().volume)));
    if (state_.shelf.volumes_size() != 0) request.set_shelf(encode_shelf(state_.shelf));
    request.set_time(next.time());
    request.set_fresh_for(state_.head->message.fresh_for());
    for (const auto& tracker : link.trackers) request.add_trackers(tracker);
    for (const auto& mirror : link.mirrors) request.add_mirrors(mirror);
    std::set<std::uint32_t> sealed;
    std::set<Sha256> needed;
    std::uint64_t bytes = 0;
    for (const auto& [place, old] : affected_) {
        if (place.first != next.info().volume) sealed.insert(place.first);
        if (old.dictionary) needed.insert(*old.dictionary);
    }
    for (const auto number : sealed) request.add_sealed(encode(volumes_.at(number)));
    for (const auto& [place, bundle] : bundles_) {
        const auto& files = volumes_.at(place.first).files;
        if (affected_.contains(place) || std::none_of(files.begin(), files.end(), [&](const auto& file) {
                return spoiled_.contains(file.sha256);
            }))
            continue;
        bytes += bundle.size;
        request.add_staying(COLPORT_TRY(read_file(
            workshop_.feed().volume(place.first) / place.second, limits::bundle)));
    }
    for (const auto& [number, info] : volumes_)
        for (const auto& file : info.files)
            if (needed.erase(file.sha256) != 0)
                request.add_dictionaries(COLPORT_TRY(read_file(
                    workshop_.feed().volume(number) / file.name, limits::dictionary)));
    COLPORT_TRY(make_files(
        next, nullptr,
        [&](const Place& place, FileKind kind, const std::string&, std::string content) -> Status {
            std::string before;
            if (kind != FileKind::dictionary)
                before = COLPORT_TRY(
                    read_file(workshop_.feed().volume(place.first) / place.second, limits::bundle));
            bytes += before.size() + content.size();
            if (bytes > largest_request - 16 * limits::mib)
                return Error{Errc::too_large, "the request would be over 256 MiB",
                             options_.keep_dictionary
                                 ? "redact where the key is"
                                 : "redact where the key is, or with --keep-dictionary"};
            auto* file = request.add_files();
            file->set_kind(static_cast<std::uint32_t>(kind));
            file->set_content(std::move(content));
            file->set_volume(place.first);
            file->set_replaces(place.second);
            file->set_before(std::move(before));
            return done();
        },
        progress));
    auto out = encode_message(message);
    COLPORT_TRY(forget_article(workshop_, report_.article));
    COLPORT_TRY(note_prepared(workshop_, out));
    return out;
}

}  // namespace colport
