#include "press/release.h"

#include <fmt/format.h>

#include <algorithm>

#include "article/article.h"
#include "core/message.h"
#include "core/minisign.h"
#include "feed/bundle.h"
#include "feed/files.h"
#include "feed/shelf.h"
#include "metainfo/torrent_file.h"
#include "press/catalogue.h"
#include "press/drafts.h"

namespace colport {
namespace {

// What one bundle takes: an importer's transaction, and what is lost when a
// download breaks off.
constexpr std::size_t bundle_articles = 500;
constexpr std::size_t bundle_text = 4 * limits::mib;
constexpr std::size_t bundle_pictures = 8 * limits::mib;

// 300 articles train nearly as good a dictionary as 3,000.
constexpr std::size_t enough_to_train = 300;
constexpr std::size_t train_on = 3000;
constexpr std::size_t train_bytes = 32 * limits::mib;
constexpr std::size_t dictionary_size = 112'640;

/// Does the previous head lie so far ahead that one of the two clocks is wrong?
bool is_ahead(const SignedRecords& state, std::int64_t now) {
    return state.head && state.head->message.time() > now + limits::clock_skew_seconds;
}

/// Not before the previous release, for readers sort by it; but one wrong clock
/// must not date every later release into a future that readers refuse.
std::int64_t release_time(const SignedRecords& state, std::int64_t now) {
    return state.head && !is_ahead(state, now) ? std::max(now, state.head->message.time()) : now;
}

/// One release while it is being made.
class ReleaseMaker {
public:
    ReleaseMaker(const Workshop& workshop, const SigningKey& key, const ReleaseOptions& options,
                 std::int64_t now, SignedRecords state, ReleaseReport& report)
        : directory_(workshop.feed()), key_(key), options_(options), state_(std::move(state)),
          report_(report) {
        info_.feed = state_.feed;
        info_.seq = state_.head ? state_.head->seq() + 1 : 1;
        time_ = release_time(state_, now);
    }

    Status open_volume() {
        info_.volume = 1;
        if (!state_.head) return make_directory(directory_.volume(1));
        const auto volumes = volumes_of(state_);
        auto current = COLPORT_TRY(load_info(directory_, volumes.back(), state_.feed));
        dictionary_ = COLPORT_TRY(last_dictionary(current));
        if (is_full(current)) {
            seal(current);
            info_.volume = current.volume + 1;
        } else {
            info_.volume = current.volume;
            info_.files = std::move(current.files);
            info_.pieces = std::move(current.pieces);
        }
        return make_directory(directory_.volume(info_.volume));
    }

    Status use_dictionary(const Drafts& drafts, std::size_t published) {
        if (!dictionary_ && published + drafts.articles.size() >= enough_to_train)
            COLPORT_TRY(train(drafts));
        const bool listed = dictionary_ && std::any_of(info_.files.begin(), info_.files.end(),
                                                       [&](const VolumeFile& file) {
                                                           return file.sha256 ==
                                                                  dictionary_->hash();
                                                       });
        if (dictionary_ && !listed)
            COLPORT_TRY(add_file(FileKind::dictionary, dictionary_->bytes()));
        return done();
    }

    Status add_articles(std::vector<pb::Article> articles) {
        for (const auto& article : articles) report_.text_bytes += article.ByteSizeLong();
        report_.articles += articles.size();
        const auto bytes = COLPORT_TRY(write_article_bundle({state_.feed, info_.seq, time_},
                                                            std::move(articles), dictionary_, key_));
        return add_file(FileKind::articles, bytes);
    }

    Status add_pictures(std::vector<pb::Picture> pictures) {
        for (const auto& picture : pictures) report_.picture_bytes += picture.data().size();
        report_.pictures += pictures.size();
        const auto bytes = COLPORT_TRY(
            write_media_bundle({state_.feed, info_.seq, time_}, std::move(pictures), key_));
        return add_file(FileKind::media, bytes);
    }

    [[nodiscard]] bool is_full(const InfoDictionary& info) const {
        return info.total_size() >= options_.volume_bytes ||
               info.files.size() >= options_.volume_files;
    }
    [[nodiscard]] bool is_full() const { return is_full(info_); }

    /// Writes torrent, signature, shelf and, last, the head.
    Status publish(const std::vector<std::string>& trackers,
                   const std::vector<std::string>& mirrors) {
        const auto bytes = encode(info_);
        if (bytes.size() > limits::info_dictionary)
            return Error{Errc::too_large, "the volume's info dictionary is over 1 MiB",
                         "use a smaller --volume-size"};
        std::vector<std::string> seeds;
        for (const auto& mirror : mirrors)
            seeds.push_back(mirror + (mirror.ends_with('/') ? "" : "/") + "volumes/");
        const auto torrent = encode(TorrentFile{bytes, trackers, seeds});
        const auto name = volume_name(info_.volume) + ".torrent";
        COLPORT_TRY(write_file(directory_.torrent(info_.volume), torrent));
        COLPORT_TRY(write_file(
            directory_.torrent_signature(info_.volume),
            minisign::sign(key_, torrent,
                           fmt::format("release:{} file:{} time:{}", info_.seq, name, time_))));
        const auto shelf = encode_shelf(state_.shelf);
        const bool sealed = state_.shelf.volumes_size() != 0;
        if (sealed) COLPORT_TRY(write_file(directory_.shelf(), shelf));
        pb::Head head;
        head.set_format(1);
        head.set_feed(state_.feed.str());
        head.set_seq(info_.seq);
        head.set_time(time_);
        head.set_fresh_for(static_cast<std::uint32_t>(options_.fresh_for));
        head.set_keyring_version(state_.keyring.version());
        head.set_volume(info_.volume);
        head.set_info_sha256(sha256(bytes).str());
        head.set_info_size(static_cast<std::uint32_t>(bytes.size()));
        if (sealed) head.set_shelf_sha256(sha256(shelf).str());
        COLPORT_TRY(write_file(directory_.head(), sign_head(head, info_hash(bytes), key_)));
        report_.seq = info_.seq;
        report_.volume = info_.volume;
        ++report_.releases;
        return done();
    }

private:
    Result<std::shared_ptr<const Dictionary>> last_dictionary(const InfoDictionary& info) {
        for (auto file = info.files.rbegin(); file != info.files.rend(); ++file)
            if (kind_of(file->name) == FileKind::dictionary)
                return load_dictionary(directory_, info, file->sha256);
        return std::shared_ptr<const Dictionary>();
    }

    Status train(const Drafts& drafts) {
        std::vector<std::string> samples =
            COLPORT_TRY(newest_articles(directory_, state_, train_on, train_bytes));
        std::size_t total = 0;
        for (const auto& sample : samples) total += sample.size();
        for (auto draft = drafts.articles.rbegin();
             draft != drafts.articles.rend() && samples.size() < train_on && total < train_bytes;
             ++draft) {
            samples.push_back(encode_message(*draft));
            total += samples.back().size();
        }
        auto trained = Dictionary::train(samples, dictionary_size);
        // Articles too alike or too short give none: a feed lives without it.
        if (!trained) return done();
        dictionary_ = COLPORT_TRY(Dictionary::load(std::move(*trained)));
        report_.dictionary = true;
        return done();
    }

    void seal(const InfoDictionary& info) {
        const auto bytes = encode(info);
        auto* volume = state_.shelf.add_volumes();
        volume->set_number(info.volume);
        volume->set_info_hash(info_hash(bytes).str());
        volume->set_info_sha256(sha256(bytes).str());
        volume->set_info_size(static_cast<std::uint32_t>(bytes.size()));
        volume->set_last_seq(info.seq);
        volume->set_bytes(info.total_size());
        volume->set_last_time(state_.head->message.time());
    }

    Status add_file(FileKind kind, Bytes content) {
        VolumeFile file{volume_file_name(info_.seq, part_++, kind), content.size(),
                        sha256(content)};
        const auto path = directory_.volume(info_.volume) / file.name;
        COLPORT_TRY(write_file(path, content));
        info_.pieces += COLPORT_TRY(hash_pieces(path));
        info_.files.push_back(std::move(file));
        report_.packed_bytes += content.size();
        return done();
    }

    FeedDirectory directory_;
    const SigningKey& key_;
    const ReleaseOptions& options_;
    SignedRecords state_;
    ReleaseReport& report_;
    InfoDictionary info_;
    std::int64_t time_ = 0;
    std::size_t part_ = 0;
    std::shared_ptr<const Dictionary> dictionary_;
};

/// Takes from the front of `queue` what one bundle holds.
template <class Item, class Size>
std::vector<Item> take(std::vector<Item>& queue, std::size_t most_items, std::size_t most_bytes,
                       Size size) {
    std::size_t bytes = 0, count = 0;
    while (count < queue.size() && count < most_items && (count == 0 || bytes < most_bytes))
        bytes += size(queue[count++]);
    std::vector<Item> out(std::make_move_iterator(queue.begin()),
                          std::make_move_iterator(queue.begin() + static_cast<long>(count)));
    queue.erase(queue.begin(), queue.begin() + static_cast<long>(count));
    return out;
}

}  // namespace

Result<ReleaseReport> release_drafts(const Workshop& workshop, const SigningKey& key,
                                     const ReleaseOptions& options, std::int64_t now,
                                     const ReleaseProgress& progress) {
    ReleaseReport report;
    const auto lock = COLPORT_TRY(lock_workshop(workshop));
    const auto link = COLPORT_TRY(load_link(workshop));
    auto state = COLPORT_TRY(workshop.records());
    const auto published = COLPORT_TRY(read_catalogue(workshop.feed(), state));
    COLPORT_TRY(remove_published_drafts(workshop, published));
    auto drafts = COLPORT_TRY(load_drafts(workshop, published));
    if (!drafts.missing.empty()) return Error{Errc::not_found, drafts.missing.front()};
    if (!state.keyring.may_sign(key.public_key(), release_time(state, now)))
        return Error{Errc::denied, "the signing key may not sign for this feed now"};
    if (is_ahead(state, now))
        report.warnings.push_back(
            fmt::format("the last release is dated {} UTC, more than a day ahead of this "
                        "computer's clock: the clock was wrong then, or is now",
                        format_time(state.head->message.time(), 0)));
    if (state.head) report.seq = state.head->seq();
    const std::size_t total = drafts.articles.size();
    std::size_t known = published.articles.size();
    while (!drafts.articles.empty() || !drafts.pictures.empty()) {
        ReleaseMaker maker(workshop, key, options, now, std::move(state), report);
        COLPORT_TRY(maker.open_volume());
        COLPORT_TRY(maker.use_dictionary(drafts, known));
        do {
            if (progress) progress(total - drafts.articles.size(), total);
            if (!drafts.articles.empty()) {
                auto articles = take(drafts.articles, bundle_articles, bundle_text,
                                     [](const auto& a) { return a.ByteSizeLong(); });
                known += articles.size();
                COLPORT_TRY(maker.add_articles(std::move(articles)));
            } else {
                COLPORT_TRY(maker.add_pictures(
                    take(drafts.pictures, bundle_articles, bundle_pictures,
                         [](const auto& p) { return p.data().size(); })));
            }
        } while ((!drafts.articles.empty() || !drafts.pictures.empty()) && !maker.is_full());
        COLPORT_TRY(maker.publish(link.trackers, link.mirrors));
        state = COLPORT_TRY(workshop.records());
    }
    if (report.releases != 0) {
        if (progress) progress(total, total);
        const auto now_published = COLPORT_TRY(read_catalogue(workshop.feed(), state));
        COLPORT_TRY(remove_published_drafts(workshop, now_published));
    }
    return report;
}

}  // namespace colport
