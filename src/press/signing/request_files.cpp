#include "press/signing/request_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/limits.h"

namespace colport {
namespace {

// A release needs one; each of many would stay in memory. A redaction goes through
// several volumes, each of which may have its own.
constexpr std::size_t most_dictionaries_of_redaction = 8;

using Dictionaries = std::map<Sha256, std::shared_ptr<const Dictionary>>;

Result<std::shared_ptr<const Dictionary>> dictionary_of(const BundleReader& bundle,
                                                        const Dictionaries& held) {
    const auto hash = bundle.dictionary();
    if (!hash) return std::shared_ptr<const Dictionary>();
    const auto known = held.find(*hash);
    if (known == held.end()) return damaged_request("a compression dictionary is missing");
    return known->second;
}

std::set<Sha256> dictionaries_in(const InfoDictionary& info) {
    std::set<Sha256> out;
    for (const auto& file : info.files)
        if (kind_of(file.name) == FileKind::dictionary) out.insert(file.sha256);
    return out;
}

/// A record of a bundle, as its index tells it from others.
using Record = std::tuple<std::string, std::uint32_t, std::string>;

std::set<Record> records_of(const BundleReader& bundle) {
    std::set<Record> out;
    for (const auto& entry : bundle.index().entries())
        out.emplace(entry.id(), entry.revision(), entry.sha256());
    return out;
}

/// Reads every record of a bundle of the release. Those of `before` are no news.
Status read_bundle(const BundleReader& bundle, FileKind kind, const NextRelease& next,
                   const Dictionaries& held, const std::set<Record>& before,
                   RequestSummary& out) {
    const auto& index = bundle.index();
    const auto info = next.bundle_info();
    if (index.feed() != info.feed.view() || index.seq() != info.seq || index.time() != info.time ||
        (index.kind() == pb::BundleIndex::MEDIA) != (kind == FileKind::media))
        return Error{Errc::forged, "a bundle in the request belongs to another release"};
    const auto dictionary = COLPORT_TRY(dictionary_of(bundle, held));
    COLPORT_TRY(bundle.verify_all(dictionary.get()));
    for (std::size_t i = 0; i < bundle.size(); ++i) {
        const auto& entry = bundle.entry(i);
        const bool stays = before.contains({entry.id(), entry.revision(), entry.sha256()});
        if (kind == FileKind::media) {
            if (!stays) ++out.pictures;
        } else if (stays) {
            ++out.unchanged;
        } else {
            const auto article = COLPORT_TRY(bundle.article(i, dictionary.get()));
            out.articles.push_back({article.title(), article.language(), article.revision(),
                                    article.status() == pb::Article::RETRACTED});
        }
    }
    return done();
}

/// What of a bundle that is replaced is in `after` no more.
Status note_vanishing(const BundleReader& before, const std::set<Record>& after,
                      const Dictionaries& held, RequestSummary& out) {
    const bool media = before.index().kind() == pb::BundleIndex::MEDIA;
    for (std::size_t i = 0; i < before.size(); ++i) {
        const auto& entry = before.entry(i);
        if (after.contains({entry.id(), entry.revision(), entry.sha256()})) continue;
        if (media) {
            ++out.vanishing_pictures;
            continue;
        }
        const auto dictionary = COLPORT_TRY(dictionary_of(before, held));
        const auto article = COLPORT_TRY(before.article(i, dictionary.get()));
        auto known = std::find_if(out.vanishing.begin(), out.vanishing.end(),
                                  [&](const auto& seen) { return seen.id.view() == entry.id(); });
        if (known == out.vanishing.end())
            known = out.vanishing.insert(known, {*ArticleId::from(entry.id()), "", 0});
        ++known->revisions;
        if (!article.title().empty()) known->title = article.title();
    }
    return done();
}

/// The bundle that a file replaces, as it lies in the feed.
Result<BundleReader> replaced_bundle(const pb::RequestedFile& file, const NextRelease& next) {
    if (file.before().empty())
        return Error{Errc::invalid, "the request does not show what it replaces: it was signed "
                                    "already, or is damaged",
                     "prepare it again, or finish it"};
    const auto* info = next.list_of(file.volume());
    if (info == nullptr) return damaged_request("a file of no volume");
    const auto hash = sha256(file.before());
    if (std::none_of(info->files.begin(), info->files.end(), [&](const VolumeFile& listed) {
            return listed.name == file.replaces() && listed.sha256 == hash;
        }))
        return Error{Errc::forged, "the request replaces another file than it shows"};
    return BundleReader::open(file.before(), next.state().keyring);
}

class FileAdder {
public:
    FileAdder(const pb::ReleaseRequest& release, NextRelease& next, Replaced replaced,
              const Seal& seal, RequestSummary& out)
        : release_(release), next_(next), replaced_(replaced), seal_(seal), out_(out) {}

    Status hold_dictionaries() {
        const bool redacts = std::any_of(release_.files().begin(), release_.files().end(),
                                         [](const auto& file) { return !file.replaces().empty(); });
        if (redacts) most_dictionaries_ = most_dictionaries_of_redaction;
        for (const auto& file : release_.dictionaries()) COLPORT_TRY(hold(file));
        return done();
    }

    Status add(int i) {
        const auto& file = release_.files(i);
        if (file.kind() > static_cast<std::uint32_t>(FileKind::media))
            return damaged_request("file");
        const auto kind = static_cast<FileKind>(file.kind());
        const bool replaces = !file.replaces().empty();
        if (replaces) ++out_.replaced_files;
        auto content = file.content();
        if (kind == FileKind::dictionary) {
            if (!content.empty()) {
                COLPORT_TRY(hold(content));
                ++out_.dictionaries;
            }
        } else {
            COLPORT_TRY(add_bundle(file, kind, content, i));
        }
        auto volume = next_.info().volume;
        std::string name;
        if (replaces) {
            if (kind_of(file.replaces()) != kind) return damaged_request("kind of a file");
            volume = file.volume();
            note_volume(volume);
            name = COLPORT_TRY(next_.replace(volume, file.replaces(), content));
        } else {
            note_volume(volume);
            name = next_.add(kind, content);
        }
        if (content.empty()) return done();
        std::optional<Sha256> needed;
        if (kind == FileKind::articles)
            needed = COLPORT_TRY(BundleReader::open_alone(content)).dictionary();
        made_.push_back({volume, std::move(name), std::move(content), needed});
        return done();
    }

    /// Can readers still unpack every bundle of the volumes that change? They look for a
    /// dictionary in the bundle's own volume alone, and who signs sees none of this: a
    /// list without one would take all articles away that need it.
    Status check_dictionaries() const {
        std::map<Sha256, std::optional<Sha256>> staying;
        for (const auto& file : release_.staying())
            staying[sha256(file)] = COLPORT_TRY(BundleReader::open_alone(file)).dictionary();
        for (const auto& [volume, before] : before_) {
            const auto& info = *next_.list_of(volume);
            const auto listed = dictionaries_in(info);
            const bool loses = !std::includes(listed.begin(), listed.end(), before.begin(),
                                              before.end());
            for (const auto& file : info.files) {
                if (kind_of(file.name) != FileKind::articles) continue;
                const auto made = std::find_if(made_.begin(), made_.end(), [&](const auto& one) {
                    return one.volume == volume && one.name == file.name;
                });
                const auto shown = staying.find(file.sha256);
                if (made == made_.end() && shown == staying.end()) {
                    if (!loses || replaced_ == Replaced::are_known) continue;
                    return Error{Errc::forged, "the request takes a compression dictionary away "
                                               "and does not show who needs it"};
                }
                const auto& needed = made == made_.end() ? shown->second : made->dictionary;
                if (needed && !listed.contains(*needed))
                    return Error{Errc::forged,
                                 "the request leaves articles without the compression dictionary "
                                 "that they need: readers would lose them"};
            }
        }
        return done();
    }

    std::vector<MadeFile> take() { return std::move(made_); }

private:
    void note_volume(std::uint32_t volume) {
        if (const auto* info = next_.list_of(volume))
            before_.try_emplace(volume, dictionaries_in(*info));
    }

    Status hold(const std::string& file) {
        if (file.size() > limits::dictionary) return damaged_request("dictionary");
        if (dictionaries_.contains(sha256(file))) return done();
        if (dictionaries_.size() == most_dictionaries_)
            return damaged_request("one compression dictionary too many");
        auto loaded = COLPORT_TRY(Dictionary::load(file));
        dictionaries_[loaded->hash()] = std::move(loaded);
        return done();
    }

    Status add_bundle(const pb::RequestedFile& file, FileKind kind, std::string& content, int i) {
        std::optional<BundleReader> before;
        if (!file.replaces().empty() && replaced_ == Replaced::are_shown)
            before = COLPORT_TRY(replaced_bundle(file, next_));
        COLPORT_TRY(seal_(content, i));
        const auto bundle = COLPORT_TRY(BundleReader::open_alone(content));
        COLPORT_TRY(read_bundle(bundle, kind, next_, dictionaries_,
                                before ? records_of(*before) : std::set<Record>(), out_));
        if (!before) return done();
        return note_vanishing(*before, records_of(bundle), dictionaries_, out_);
    }

    const pb::ReleaseRequest& release_;
    NextRelease& next_;
    Replaced replaced_;
    const Seal& seal_;
    RequestSummary& out_;
    std::size_t most_dictionaries_ = 1;
    Dictionaries dictionaries_;
    std::map<std::uint32_t, std::set<Sha256>> before_;   ///< listed by volumes that change
    std::vector<MadeFile> made_;
};

}  // namespace

Error damaged_request(const char* what) {
    return {Errc::corrupt, fmt::format("damaged request: {}", what),
            "prepare it again and carry it over once more"};
}

Result<std::vector<MadeFile>> add_requested_files(const pb::ReleaseRequest& release,
                                                  NextRelease& next, Replaced replaced,
                                                  const Seal& seal, RequestSummary& out) {
    FileAdder adder(release, next, replaced, seal, out);
    COLPORT_TRY(adder.hold_dictionaries());
    for (int i = 0; i < release.files_size(); ++i) COLPORT_TRY(adder.add(i));
    COLPORT_TRY(adder.check_dictionaries());
    return adder.take();
}

}  // namespace colport
