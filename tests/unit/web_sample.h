#pragma once

#include <string>
#include <utility>
#include <vector>

#include "feed/head.h"
#include "storage_fixture.h"
#include "web/web.h"

/// Archives made by hand, for tests of the reading page.
namespace colport::testing {

inline constexpr std::int64_t noon = 1'773'489'600;  ///< 2026-03-14T12:00:00Z
inline constexpr std::int64_t one_day = 24 * 3600;

/// A feed of one release that was signed at noon and is fresh for a week.
struct SampleFeed : TestFeed {
    using TestFeed::TestFeed;
    std::vector<pb::Article> articles;
    std::vector<pb::Picture> pictures;

    /// An article of one paragraph, published `age` seconds before noon.
    pb::Article& add(const std::string& title, const std::string& text,
                     const std::string& language = "en", std::int64_t age = 0) {
        const auto guid = std::to_string(articles.size());
        return articles.emplace_back(article({guid, title, text, language, noon - age}));
    }
    /// Gives the picture's hash.
    std::string add_picture(std::string type, std::string bytes) {
        auto& out = pictures.emplace_back();
        out.set_media_type(std::move(type));
        out.set_data(std::move(bytes));
        return sha256(out.data()).str();
    }
    void save(Archive& archive) {
        record.link = "magnet:?xs=urn:btpk:" + key().hex();
        record.updated = noon;
        record.seen_seq = 1;
        record.head = head();
        must(archive.save_feed(record));
        if (!articles.empty()) import(archive, write(articles));
        if (!pictures.empty()) import(archive, write_pictures(pictures));
    }

private:
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
        return sign_head(out, InfoHash{}, SigningKey::generate());
    }
};

/// Two feeds, in English and in Persian, and a site over them at noon.
struct Library {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "archive.sqlite";
    SampleFeed gazette{folder.path(), "Gazette"};
    SampleFeed ruznameh{folder.path(), "روزنامه"};
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
};

inline std::string id_of(const pb::Article& article) { return to_hex(article.id()); }

inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

}  // namespace colport::testing
