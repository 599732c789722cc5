// Vectors of whole feed directories.

#include "feed/files.h"
#include "support/test_feed.h"
#include "support/vector_writer.h"

namespace colport::support {
namespace {

namespace fs = std::filesystem;

void flip(const fs::path& file, std::size_t at) {
    auto bytes = must(read_file(file, 1 << 20));
    bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
    must(write_file(file, bytes));
}

FeedFolder small_feed(const fs::path& folder) {
    FeedFolder out(folder, "gazette");
    out.add_articles({test_article(out.feed(), "one", "First", "The first text.")});
    out.publish();
    return out;
}

}  // namespace

void write_directory_vectors(VectorWriter& out) {
    const auto add = [&](const char* name, const char* expect, const char* note, auto make) {
        const auto file = std::string("feed-directory/") + name;
        make(out.folder() / file);
        out.list("feed-directory", file, {{"now", test_time + 60}}, expect, note);
    };
    add("two-volumes", "ok", "a sealed volume, a growing one, a dictionary and a picture",
        [](const fs::path& folder) {
            auto feed = small_feed(folder);
            feed.seal();
            const auto bytes = Dictionary::pack(test_dictionary(feed.feed(), 2048));
            feed.add_dictionary(bytes);
            feed.add_articles({test_article(feed.feed(), "two", "Second", "The second text.")},
                              must(Dictionary::load(bytes)));
            feed.publish();
            pb::Picture picture;
            picture.set_media_type("image/png");
            picture.set_data("not looked at here");
            feed.add_pictures({picture});
            feed.publish();
        });
    const auto redacted = [](const fs::path& folder) {
        FeedFolder feed(folder, "gazette");
        feed.add_articles({test_article(feed.feed(), "one", "First", "The first text."),
                           test_article(feed.feed(), "two", "Second", "The second text.")});
        feed.publish();
        feed.seal();
        feed.add_articles({test_article(feed.feed(), "three", "Third", "The third text.")});
        feed.publish();
        const auto before = must(read_file(feed.directory().torrent(1), 1 << 20));
        feed.redact(0, {test_article(feed.feed(), "one", "First", "The first text.")});
        return std::pair(feed.directory(), before);
    };
    add("redacted", "ok", "release 3 put another file in the place of one of release 1",
        redacted);
    add("redacted-torrent-before", "forged", "the .torrent of the volume is of before the redaction",
        [&](const fs::path& folder) {
            const auto [directory, before] = redacted(folder);
            fs::remove(directory.torrent_signature(1));
            must(write_file(directory.torrent(1), before));
        });
    add("later-torrent", "ok", "the .torrent is one release ahead of the head",
        [](const fs::path& folder) {
            auto feed = small_feed(folder);
            const auto head = must(read_file(feed.directory().head(), 4096));
            feed.add_articles({test_article(feed.feed(), "two", "Second", "The second text.")});
            feed.publish();
            must(write_file(feed.directory().head(), head));
        });
    add("nothing-released", "ok", "a keyring and no head yet",
        [](const fs::path& folder) { FeedFolder(folder, "gazette"); });
    add("no-key", "not_found", "feed.pub is missing", [](const fs::path& folder) {
        fs::remove(small_feed(folder).directory().key());
    });
    add("other-key", "forged", "feed.pub is another feed's", [](const fs::path& folder) {
        const auto feed = small_feed(folder);
        must(write_file(feed.directory().key(),
                        must(read_file(feed.directory().signing_key(
                                           feed.signing().public_key()), 4096))));
    });
    add("file-changed", "forged", "one bit of a bundle", [](const fs::path& folder) {
        const auto feed = small_feed(folder);
        flip(feed.directory().volume(1) / feed.info().files[0].name, 40);
    });
    add("file-missing", "not_found", "a bundle is missing", [](const fs::path& folder) {
        const auto feed = small_feed(folder);
        fs::remove(feed.directory().volume(1) / feed.info().files[0].name);
    });
    add("torrent-changed", "forged", "one bit of a piece hash", [](const fs::path& folder) {
        const auto feed = small_feed(folder);
        const auto file = feed.directory().torrent(1);
        flip(file, static_cast<std::size_t>(fs::file_size(file)) - 5);
    });
    add("shelf-changed", "forged", "one bit of the shelf", [](const fs::path& folder) {
        auto feed = small_feed(folder);
        feed.seal();
        feed.add_articles({test_article(feed.feed(), "two", "Second", "The second text.")});
        feed.publish();
        flip(feed.directory().shelf(), 60);
    });
}

}  // namespace colport::support
