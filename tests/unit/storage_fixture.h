#pragma once

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "article/article.h"
#include "feed/bundle.h"
#include "feed/directory.h"
#include "feed/files.h"
#include "storage/archive.h"
#include "support/must.h"

/// A feed with real keys on a real disk, for tests of the archive.
namespace colport::testing {

using test::must;

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "colport-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

struct Draft {
    std::string guid, title, body;
    std::string language = "en";
    std::int64_t published = 1'700'000'000;
    std::uint32_t revision = 1;
    std::string section = {};
    std::vector<std::string> authors = {};
};

class TestFeed {
public:
    TestFeed(const std::filesystem::path& folder, const std::string& name)
        : root_(SigningKey::generate()), signing_(SigningKey::generate()),
          directory_{folder / name} {
        keyring.set_format(1);
        keyring.set_feed(key().str());
        keyring.set_name(name);
        keyring.add_signing()->set_key(signing_.public_key().str());
        must(make_directory(directory_.volume(1)));
        record.feed = key();
        record.name = name;
        record.directory = directory_.root;
        sign_keyring_anew();
    }
    /// The next keyring says what `keyring` says by then.
    void sign_keyring_anew() {
        keyring.set_version(keyring.version() + 1);
        const SigningKey* roots[] = {&root_};
        keyring_ = must(Keyring::verify(sign_keyring(keyring, roots), key()));
        record.keyring = keyring_->file();
    }
    [[nodiscard]] const PublicKey& signer() const { return signing_.public_key(); }

    [[nodiscard]] const PublicKey& key() const { return root_.public_key(); }
    [[nodiscard]] ArticleId id(const std::string& guid) const { return article_id(key(), guid); }
    [[nodiscard]] std::filesystem::path path(const std::string& name) const {
        return directory_.volume(1) / name;
    }

    [[nodiscard]] pb::Article article(const Draft& draft) const {
        pb::Article out;
        out.set_id(id(draft.guid).str());
        out.set_revision(draft.revision);
        out.set_title(draft.title);
        out.set_language(draft.language);
        out.set_published(draft.published);
        out.set_section(draft.section);
        for (const auto& author : draft.authors) out.add_authors(author);
        if (!draft.body.empty())
            out.add_blocks()->mutable_paragraph()->add_spans()->set_text(draft.body);
        return out;
    }
    [[nodiscard]] pb::Article retraction(const std::string& guid, std::uint32_t revision,
                                         const std::string& note) const {
        pb::Article out;
        out.set_id(id(guid).str());
        out.set_revision(revision);
        out.set_status(pb::Article::RETRACTED);
        out.set_note(note);
        return out;
    }

    /// Writes a bundle into volume 1; gives its name.
    std::string write(std::vector<pb::Article> articles,
                      std::shared_ptr<const Dictionary> dictionary = nullptr) {
        const auto name = volume_file_name(++seq_, 1, FileKind::articles);
        must(write_file(path(name), must(write_article_bundle({key(), seq_, 1'700'000'000},
                                                              std::move(articles),
                                                              std::move(dictionary), signing_))));
        return name;
    }
    std::string write(const std::vector<Draft>& drafts) {
        std::vector<pb::Article> articles;
        for (const auto& draft : drafts) articles.push_back(article(draft));
        return write(std::move(articles));
    }
    std::string write_pictures(std::vector<pb::Picture> pictures) {
        const auto name = volume_file_name(++seq_, 2, FileKind::media);
        must(write_file(path(name), must(write_media_bundle({key(), seq_, 1'700'000'000},
                                                            std::move(pictures), signing_))));
        return name;
    }

    Result<Archive::ImportCount> try_import(Archive& archive, const std::string& name,
                                            const Dictionary* dictionary = nullptr) {
        const auto file = must(read_file(path(name), std::size_t{64} << 20));
        return archive.import_bundle(key(), 1, name, must(BundleReader::open(file, *keyring_)),
                                     dictionary, {}, arrival);
    }
    Archive::ImportCount import(Archive& archive, const std::string& name,
                                const Dictionary* dictionary = nullptr) {
        return must(try_import(archive, name, dictionary));
    }
    /// Writes and imports.
    Archive::ImportCount publish(Archive& archive, const std::vector<Draft>& drafts) {
        return import(archive, write(drafts));
    }

    FeedRecord record;
    pb::Keyring keyring;
    Arrival arrival;                ///< of what is imported

private:
    SigningKey root_, signing_;
    FeedDirectory directory_;
    std::optional<Keyring> keyring_;
    std::uint64_t seq_ = 0;
};

/// Flips the bytes in the middle of a file, where frames are, and keeps its size.
inline void damage(const std::filesystem::path& path, std::size_t at = 20) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at));
    file.write("\xff\x00\xff\x00\xff\x00\xff\x00", 8);
    REQUIRE(file.good());
}

/// One feed and an archive that knows it.
struct Fixture {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "archive.db";
    TestFeed feed{folder.path(), "Gazette"};
    Archive archive = must(Archive::open(file));

    Fixture() { must(archive.save_feed(feed.record)); }
    [[nodiscard]] ArchiveReader reader() const { return must(ArchiveReader::open(file)); }
    [[nodiscard]] Page search(const std::string& words) const {
        Query query;
        query.words = words;
        return must(reader().search(query));
    }
    [[nodiscard]] std::vector<std::string> titles(const Query& query) const {
        std::vector<std::string> out;
        for (const auto& hit : must(reader().search(query)).hits) out.push_back(hit.title);
        return out;
    }
    [[nodiscard]] std::vector<std::string> titles(const std::string& words) const {
        Query query;
        query.words = words;
        return titles(query);
    }
};

using Titles = std::vector<std::string>;

}  // namespace colport::testing
