#pragma once

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "article/article.h"
#include "core/crypto.h"
#include "feed/bundle.h"
#include "feed/directory.h"
#include "feed/files.h"
#include "storage/archive.h"
#include "support/must.h"
#include "web/web.h"

/// Archives made by hand, for tests of the reading page.
namespace colport::web_testing {

inline constexpr std::int64_t noon = 1'773'489'600;  ///< 2026-03-14T12:00:00Z
inline constexpr std::int64_t one_day = 24 * 3600;

using test::must;

/// A folder that goes with its owner.
class Folder {
public:
    Folder() : path_(std::filesystem::temp_directory_path() / ("web-" + to_hex(random_bytes(6)))) {
        std::filesystem::create_directory(path_);
    }
    Folder(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// A feed of one release that was signed at noon and is fresh for a week.
class Feed {
public:
    Feed(const std::filesystem::path& folder, const std::string& name) {
        record.feed = key();
        record.name = name;
        record.directory = folder / key().hex();
        record.link = "magnet:?xs=urn:btpk:" + key().hex();
        record.updated = noon;
        record.seen_seq = 1;
        record.head = head();
        record.keyring = keyring();
    }
    [[nodiscard]] const PublicKey& key() const { return root_.public_key(); }

    /// An article of one paragraph, published `age` seconds before noon.
    pb::Article& add(const std::string& title, const std::string& text,
                     const std::string& language = "en", std::int64_t age = 0) {
        auto& out = articles.emplace_back();
        out.set_id(article_id(key(), std::to_string(articles.size())).str());
        out.set_revision(1);
        out.set_title(title);
        out.set_language(language);
        out.set_published(noon - age);
        out.add_blocks()->mutable_paragraph()->add_spans()->set_text(text);
        return out;
    }
    /// Gives the picture's hash.
    std::string add_picture(std::string type, std::string bytes) {
        auto& out = pictures.emplace_back();
        out.set_media_type(std::move(type));
        out.set_data(std::move(bytes));
        return sha256(out.data()).str();
    }
    /// A keyring that says why some key was revoked.
    void revoke(const std::string& reason) { record.keyring = keyring(reason); }
    /// One that says so of the key that signs, which others may have had since then.
    void lose_key(std::int64_t since, const std::string& reason) {
        record.keyring = keyring(reason, since);
    }
    /// One that has never heard of the key that signs.
    void forget_key() { record.keyring = keyring("", 0, SigningKey::generate().public_key()); }
    void save(Archive& archive, std::uint64_t release = 1) const {
        must(archive.save_feed(record));
        const BundleInfo info{key(), release, noon};
        if (!articles.empty())
            import(archive, volume_file_name(release, 1, FileKind::articles),
                   must(write_article_bundle(info, articles, nullptr, signer_)));
        if (!pictures.empty())
            import(archive, volume_file_name(release, 2, FileKind::media),
                   must(write_media_bundle(info, pictures, signer_)));
    }

    FeedRecord record;
    std::vector<pb::Article> articles;
    std::vector<pb::Picture> pictures;

private:
    [[nodiscard]] std::string keyring(const std::string& revoked = "", std::int64_t since = 0) const {
        return keyring(revoked, since, signer_.public_key());
    }
    [[nodiscard]] std::string keyring(const std::string& revoked, std::int64_t since,
                                      const PublicKey& signs) const {
        pb::Keyring out;
        if (!revoked.empty()) {
            auto& gone = *out.add_revoked();
            gone.set_key(since == 0 ? SigningKey::generate().public_key().str()
                                    : signer_.public_key().str());
            gone.set_since(since);
            gone.set_reason(revoked);
            out.set_least_seq(1);
        }
        out.set_format(1);
        out.set_feed(key().str());
        out.set_version(1);
        out.set_name(record.name);
        out.add_signing()->set_key(signs.str());
        const SigningKey* roots[] = {&root_};
        return sign_keyring(out, roots);
    }
    [[nodiscard]] std::string head() const {
        pb::Head out;
        out.set_format(1);
        out.set_feed(key().str());
        out.set_seq(1);
        out.set_time(noon);
        out.set_fresh_for(7 * one_day);
        out.set_keyring_version(1);
        out.set_volume(1);
        out.set_info_sha256(std::string(Sha256::size, '\1'));
        out.set_info_size(1);
        return sign_head(out, InfoHash{}, signer_);
    }
    void import(Archive& archive, const std::string& name, const std::string& bundle) const {
        const auto volume = FeedDirectory{record.directory}.volume(1);
        must(make_directory(volume));
        must(write_file(volume / name, bundle));
        const auto known = must(Keyring::verify(record.keyring, key()));
        must(archive.import_bundle(key(), 1, name, must(BundleReader::open(bundle, known)),
                                   nullptr, {}, {noon, signer_.public_key()}));
    }

    SigningKey root_ = SigningKey::generate();
    SigningKey signer_ = SigningKey::generate();
};

/// Two feeds, in English and in Persian, and a site over them at noon.
struct Library {
    Folder folder;
    std::filesystem::path file = folder.path() / "archive.sqlite";
    Feed gazette{folder.path(), "Gazette"};
    Feed ruznameh{folder.path(), "روزنامه"};
    std::int64_t now = noon;
    web::Site site{file, nullptr, [this] { return now; }};

    void save() {
        auto archive = must(Archive::open(file));
        gazette.save(archive);
        ruznameh.save(archive);
    }
    web::Response get(const std::string& path, std::map<std::string, std::string> query = {},
                      web::Origin origin = web::Origin::page) {
        web::Request request;
        request.origin = origin;
        request.path = path;
        request.query = std::move(query);
        request.host = "127.0.0.1:8080";
        return site.render(request);
    }
    /// As a form of the page would send it.
    web::Response post(const std::string& path, std::map<std::string, std::string> form = {}) {
        const auto page = get("/keys").body;
        const std::string begin = "data-token=\"";
        const auto at = page.find(begin) + begin.size();
        web::Request request;
        request.method = "POST";
        request.path = path;
        request.host = "127.0.0.1:8080";
        request.form = std::move(form);
        request.form.emplace("token", page.substr(at, page.find('"', at) - at));
        return site.render(request);
    }
};

inline std::string id_of(const pb::Article& article) { return to_hex(article.id()); }

inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

}  // namespace colport::web_testing
