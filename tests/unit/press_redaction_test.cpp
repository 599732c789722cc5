#include <catch2/catch.hpp>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include "core/message.h"
#include "feed/stick.h"
#include "feed/verify.h"
#include "press/correction.h"
#include "press/draft_store.h"
#include "press/redaction_journal.h"
#include "press/signing/key_work.h"
#include "press/signing/signing.h"
#include "press/signing/training.h"
#include "support/must.h"
#include "support/peer_fixture.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::test;

namespace {

/// A newsroom with five articles in three volumes. The second names a source, was
/// corrected in the third volume, and has a picture of its own.
struct Danger {
    Folder folder;
    Newsroom newsroom{folder.path / "newsroom"};
    const Workshop& workshop = newsroom.workshop;
    ArticleId id;

    Danger() {
        newsroom.release("Harbour");
        newsroom.release("Zolotarenko speaks", 1 << 20, true);
        newsroom.release("Lighthouse", 1);
        newsroom.release("Market", 1);
        id = newsroom.id(2);
        correct("Zolotarenko speaks again");
    }
    void correct(const std::string& title) {
        const auto state = must(workshop.records());
        const auto published = must(read_catalogue(workshop.feed(), state));
        pb::Article corrected;
        corrected.set_title(title);
        corrected.add_blocks()->mutable_paragraph()->add_spans()->set_text("About " + title);
        must(correct_article(workshop, state, published, id, corrected, "", newsroom.now));
        newsroom.release("Beside the correction");
    }
    Catalogue published() const {
        return must(read_catalogue(workshop.feed(), must(workshop.records())));
    }
    Verification verify() const { return verify_directory(workshop.feed().root, newsroom.now); }
    /// Is a word in any record, dictionary or plain file of the folder?
    bool is_anywhere(const std::string& word) const {
        const auto state = must(workshop.records());
        bool out = false;
        must(visit_bundles(workshop.feed(), state,
                           [&](const BundleReader& bundle, const InfoDictionary& info,
                               const VolumeFile&) -> Result<bool> {
                               if (bundle.index().kind() == pb::BundleIndex::MEDIA) return true;
                               std::shared_ptr<const Dictionary> dictionary;
                               if (const auto hash = bundle.dictionary()) {
                                   dictionary = must(load_dictionary(workshop.feed(), info, *hash));
                                   out = out || dictionary->bytes().find(word) != Bytes::npos;
                               }
                               for (std::size_t i = 0; i < bundle.size(); ++i)
                                   out = out || encode_message(must(bundle.article(i, dictionary.get())))
                                                        .find(word) != std::string::npos;
                               return true;
                           }));
        for (const auto& entry : fs::recursive_directory_iterator(workshop.root))
            if (entry.is_regular_file())
                out = out || must(read_file(entry.path(), limits::bundle)).find(word) != std::string::npos;
        return out;
    }
    Imported source(const std::string& text) const {
        Imported out;
        out.articles.push_back({"2", {}});
        out.articles.back().article.set_title("Zolotarenko speaks");
        out.articles.back().article.add_blocks()->mutable_paragraph()->add_spans()->set_text(text);
        return out;
    }
    std::size_t drafts() const { return must(list_drafts(workshop, published())).articles.size(); }
};

}  // namespace

TEST_CASE_METHOD(Danger, "a redaction takes every revision of an article, and its pictures, from the feed",
                 "[press][redaction]") {
    REQUIRE(is_anywhere("Zolotarenko"));
    REQUIRE(published().pictures.size() == 1);
    const auto before = newsroom.head();
    const auto report = newsroom.redact(id);
    CHECK(report.title == "Zolotarenko speaks again");
    CHECK(report.revisions == 2);
    CHECK(report.pictures == 1);
    CHECK(report.files == 3);
    CHECK(report.volumes == 2);
    CHECK(report.seq == before.seq() + 1);
    CHECK_FALSE(is_anywhere("Zolotarenko"));
    CHECK_FALSE(published().articles.contains(id));
    CHECK(published().articles.size() == 4);
    CHECK(published().pictures.empty());
    const auto verified = verify();
    CHECK(verified.errors.empty());
    CHECK(verified.warnings.empty());
    CHECK(newsroom.head().message.fresh_for() == before.message.fresh_for());
    CHECK_FALSE(fs::exists(workshop.redaction()));

    SECTION("the sealed volume is of the release that changed it, and as old as it was") {
        const auto shelf = must(workshop.records()).shelf;
        CHECK(shelf.volumes(0).last_seq() == report.seq);
        CHECK(shelf.volumes(0).last_time() < newsroom.now - 180);
        const auto info = must(load_info(workshop.feed(), volumes_of(must(workshop.records()))[0],
                                         must(workshop.records()).feed));
        CHECK(info.seq == report.seq);
        CHECK(info.files[1].name == "00000002-000.00000006.articles.zst");
    }
    SECTION("among what its key signed it is the newest, whichever volumes it changed") {
        const auto works = must(work_of_keys(workshop.feed(), must(workshop.records()),
                                             {newsroom.signing().public_key()}, 2, 1));
        REQUIRE(works.size() == 2);
        CHECK(works[0].seq == 6);
        CHECK(works[0].titles == std::vector<std::string>{"Beside the correction"});
        CHECK(works[1].seq == 4);
        CHECK(works[1].articles == 1);
        CHECK(must(work_of_keys(workshop.feed(), must(workshop.records()),
                                {SigningKey::generate().public_key()}, 2, 1)).empty());
    }
    SECTION("the feed goes on, also with a redaction of another article of the same file") {
        newsroom.release("Afterwards");
        newsroom.redact(newsroom.id(5));
        CHECK(published().articles.size() == 4);
        CHECK(verify().errors.empty());
    }
    SECTION("its sources do not bring it back until they may") {
        const auto feed = must(workshop.records()).feed;
        must(add_drafts(workshop, feed, published(), source("The same.")));
        CHECK(drafts() == 0);
        CHECK(redacted_articles(workshop) == std::vector{id});
        must(allow_again(workshop, id));
        must(add_drafts(workshop, feed, published(), source("The same.")));
        CHECK(drafts() == 1);
        CHECK_FALSE(allow_again(workshop, id));
    }
    SECTION("what is not there any more cannot be redacted") {
        const auto again = Redaction::open(workshop, id, {}, newsroom.now);
        REQUIRE_FALSE(again);
        CHECK(again.error().code == Errc::not_found);
    }
}

TEST_CASE_METHOD(Danger, "a redaction with a reason leaves that in the article's place",
                 "[press][redaction]") {
    newsroom.redact(id, {.reason = "For somebody's safety."});
    CHECK_FALSE(is_anywhere("Zolotarenko"));
    const auto state = must(workshop.records());
    REQUIRE(published().articles.at(id).retracted);
    const auto left = must(published_article(workshop.feed(), state, published(), id));
    CHECK(left.note() == "For somebody's safety.");
    CHECK(left.revision() == 3);
    CHECK(verify().errors.empty());
    // And even that can go.
    newsroom.redact(id);
    CHECK_FALSE(published().articles.contains(id));
    CHECK_FALSE(Redaction::open(workshop, id, {.reason = std::string(1, '\0')}, newsroom.now));
}

TEST_CASE_METHOD(Danger, "a picture that another article shows stays", "[press][redaction]") {
    const auto state = must(workshop.records());
    const auto shown = must(published_article(workshop.feed(), state, published(), id));
    auto other = source("Another story.");
    other.articles.back().guid = "other";
    const auto picture = *published().pictures.begin();
    const auto show = [&](Imported imported) {
        imported.articles.back().article.mutable_lead()->set_picture(picture.str());
        must(add_drafts(workshop, state.feed, published(), std::move(imported)));
    };
    show(std::move(other));
    const bool drafted = GENERATE(false, true);
    if (!drafted) newsroom.release("With the other");
    const auto report = newsroom.redact(id);
    CHECK(report.pictures == 0);
    CHECK(report.pictures_kept == 1);
    CHECK(report.shown_by == std::set{article_id(state.feed, "other")});
    CHECK(published().pictures.contains(picture));
    CHECK(verify().errors.empty());
}

TEST_CASE_METHOD(Danger, "a draft that was never published is dropped for good", "[press][redaction]") {
    const auto feed = must(workshop.records()).feed;
    auto imported = source("Zabolotny was there.");
    imported.articles.back().guid = "unpublished";
    must(add_drafts(workshop, feed, published(), std::move(imported)));
    auto redaction = must(Redaction::open(workshop, article_id(feed, "unpublished"), {}, newsroom.now));
    CHECK_FALSE(redaction.needs_release());
    must(redaction.drop_draft());
    CHECK_FALSE(is_anywhere("Zabolotny"));
    CHECK(is_redacted(workshop, article_id(feed, "unpublished")));
}

TEST_CASE_METHOD(Danger, "and its pictures go although another draft is damaged", "[press][redaction]") {
    const auto feed = must(workshop.records()).feed;
    auto imported = source("Zabolotny was there.");
    pb::Picture picture;
    picture.set_media_type("image/png");
    picture.set_data("\x89PNG\r\nZabolotny");
    const auto hash = sha256(picture.data());
    imported.articles.back().guid = "unpublished";
    imported.articles.back().article.mutable_lead()->set_picture(hash.str());
    imported.pictures.push_back(std::move(picture));
    must(add_drafts(workshop, feed, published(), std::move(imported)));
    REQUIRE(fs::exists(picture_path(workshop, hash)));
    must(must(workshop.draft_store())->put(article_id(feed, "damaged"), "damaged", {}, {}));
    must(must(Redaction::open(workshop, article_id(feed, "unpublished"), {}, newsroom.now)).drop_draft());
    CHECK_FALSE(fs::exists(picture_path(workshop, hash)));
}

TEST_CASE_METHOD(Danger, "what was redacted cannot be corrected", "[press][redaction]") {
    newsroom.redact(id, {.reason = "For somebody's safety."});
    pb::Article corrected;
    corrected.set_title("Zolotarenko speaks");
    const auto state = must(workshop.records());
    const auto refused = correct_article(workshop, state, published(), id, corrected, "", newsroom.now);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().hint.find("--allow") != std::string::npos);
    CHECK(drafts() == 0);
}

TEST_CASE_METHOD(Danger, "whatever instant a redaction is killed at, it is undone or ended", "[press][redaction]") {
    const auto all = published().articles.size();
    int undone = 0, ended = 0;
    for (int step = 0; step < 24; ++step) {
        const auto copy = folder.path / ("copy" + std::to_string(step));
        fs::copy(workshop.root, copy, fs::copy_options::recursive);
        const Workshop killed{copy};
        const auto child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            auto redaction = Redaction::open(killed, id, {.level = 1}, newsroom.now);
            if (redaction) static_cast<void>(redaction->publish(newsroom.signing()).ok());
            ::_exit(0);
        }
        // Ever later, and the last times after the end.
        ::usleep(static_cast<useconds_t>(1000 + step * step * 250));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        const auto state = must(killed.records());
        const auto now = must(read_catalogue(killed.feed(), state)).articles;
        const auto verified = verify_directory(killed.feed().root, newsroom.now);
        CHECK(verified.errors.empty());
        CHECK_FALSE(is_redaction_due(killed));
        if (now.contains(id)) {
            ++undone;
            CHECK(now.size() == all);
            CHECK_FALSE(is_redacted(killed, id));
        } else {
            ++ended;
            CHECK(now.size() == all - 1);
            CHECK(is_redacted(killed, id));
            CHECK(verified.warnings.empty());
        }
        fs::remove_all(copy);
    }
    CHECK(undone > 0);
    CHECK(ended > 0);
}

TEST_CASE_METHOD(Danger, "a redaction that lies ready is put in force by whoever comes next",
                 "[press][redaction]") {
    // As a kill between the first file and the last leaves it: the lists of the new release
    // with the head of the old.
    const auto old = folder.path / "old";
    fs::copy(workshop.feed().root, old, fs::copy_options::recursive);
    newsroom.redact(id);
    const auto journal = must(begin_redaction(workshop));
    fs::copy(workshop.feed().root, journal.root, fs::copy_options::recursive |
                                                     fs::copy_options::overwrite_existing);
    fs::rename(journal.root, workshop.redaction());
    fs::copy(old, workshop.feed().root, fs::copy_options::recursive |
                                            fs::copy_options::overwrite_existing);
    for (const char* file : {"volumes/0001.torrent", "shelf"})
        fs::copy(workshop.redaction() / file, workshop.feed().root / file,
                 fs::copy_options::overwrite_existing);
    const auto state = must(workshop.records());
    CHECK(state.head->seq() == 6);
    CHECK_FALSE(is_anywhere("Zolotarenko"));
    CHECK(verify().errors.empty());
    CHECK(verify().warnings.empty());
}

/// The same with 400 articles more, in the volume that grows, and a dictionary for them
/// that holds what ten of them say of somebody.
struct DangerousDictionary : Danger {
    PublicKey key = must(workshop.records()).feed;

    DangerousDictionary() {
        Imported imported;
        for (auto& article : support::many_articles(key, 400)) {
            imported.articles.push_back({"many " + std::to_string(imported.articles.size()), article});
            if (imported.articles.size() % 40 == 20) tell(imported.articles.back().article);
        }
        must(add_drafts(workshop, key, published(), std::move(imported)));
        must(release_drafts(workshop, newsroom.signing(), {.level = 1}, newsroom.now));
        REQUIRE(is_anywhere("Wiktoria Przybylska told"));
    }
    static void tell(pb::Article& article) {
        for (int i = 0; i < 12; ++i)
            article.add_blocks()->mutable_paragraph()->add_spans()->set_text(
                "Wiktoria Przybylska told where the ledgers lie, number " + article.title() + ".");
    }
    ArticleId many(int number) const { return article_id(key, "many " + std::to_string(number)); }
    /// All that tell of her but the last, which is given.
    ArticleId redact_all_but_one() {
        for (int i = 19; i < 379; i += 40)
            newsroom.redact(many(i), {.level = 1, .keep_dictionary = true});
        return many(379);
    }
    pb::SigningRequest request_for(const ArticleId& article, const RedactionOptions& options) {
        auto redaction = must(Redaction::open(workshop, article, options, newsroom.now));
        pb::SigningRequest out;
        REQUIRE(out.ParseFromString(must(redaction.prepare())));
        return out;
    }
};

TEST_CASE_METHOD(DangerousDictionary,
                 "a dictionary that holds an article's own words is made anew with all that need it",
                 "[press][redaction]") {
    const auto last = redact_all_but_one();
    SECTION("where the key is, or not, when that is asked for") {
        const bool keep = GENERATE(false, true);
        const auto report = newsroom.redact(last, {.level = 1, .keep_dictionary = keep});
        CHECK(report.revisions == 1);
        CHECK(report.dictionary == !keep);
        CHECK(report.dictionary_kept == keep);
        CHECK(is_anywhere("Wiktoria Przybylska told") == keep);
    }
    SECTION("and where it is not, and then the file that is signed holds no such words either") {
        const auto request = request_for(last, {.level = 1});
        CHECK(request.release().dictionaries_size() == 1);
        CHECK(request.release().staying_size() > 0);
        const auto made = must(sign_request(encode_message(request), newsroom.signing()));
        pb::SigningRequest signed_one;
        REQUIRE(signed_one.ParseFromString(made.file));
        CHECK(signed_one.release().dictionaries_size() == 0);
        CHECK(signed_one.release().staying_size() == 0);
        must(finish_request(workshop, made.file, newsroom.now));
        CHECK_FALSE(is_anywhere("Wiktoria Przybylska told"));
    }
    CHECK(verify().errors.empty());
    CHECK(published().articles.size() == 395);
}

TEST_CASE_METHOD(DangerousDictionary, "a dictionary that a redaction made anew is no older than that",
                 "[press][redaction]") {
    newsroom.release("After the dictionary");
    REQUIRE(newsroom.redact(redact_all_but_one(), {.level = 1}).dictionary);
    const auto state = must(workshop.records());
    const auto info = must(load_info(workshop.feed(), volumes_of(state).back(), key));
    const auto file = std::find_if(info.files.begin(), info.files.end(), [](const auto& each) {
        return kind_of(each.name) == FileKind::dictionary;
    });
    REQUIRE(file != info.files.end());
    const auto text = published().text;
    CHECK(release_of(file->name) < state.head->seq());
    CHECK(must(training::text_when_made(workshop.feed(), state, text, file->sha256)) == sum_of(text));
}

TEST_CASE_METHOD(DangerousDictionary, "a draft whose words a dictionary holds takes them along",
                 "[press][redaction]") {
    newsroom.redact(redact_all_but_one(), {.level = 1, .keep_dictionary = true});
    REQUIRE(is_anywhere("Wiktoria Przybylska told"));
    Imported imported;
    imported.articles.push_back({"unpublished", {}});
    tell(imported.articles.back().article);
    must(add_drafts(workshop, key, published(), std::move(imported)));
    const auto unpublished = article_id(key, "unpublished");
    auto redaction = must(Redaction::open(workshop, unpublished, {.level = 1}, newsroom.now));
    CHECK(redaction.report().revisions == 0);
    CHECK(redaction.report().dictionary);
    REQUIRE(redaction.needs_release());
    must(redaction.publish(newsroom.signing()));
    CHECK_FALSE(is_anywhere("Wiktoria Przybylska told"));
    CHECK(drafts() == 0);
    CHECK(verify().errors.empty());
}

TEST_CASE_METHOD(Danger, "a dictionary is made of what goes out with it, not of drafts that wait",
                 "[press][redaction]") {
    const auto key = must(workshop.records()).feed;
    Imported imported;
    for (auto& article : support::many_articles(key, 700)) {
        const auto number = imported.articles.size();
        imported.articles.push_back({"many " + std::to_string(number), article});
        // They go out by their dates.
        auto& last = imported.articles.back().article;
        last.set_published(newsroom.now - 100'000 + static_cast<std::int64_t>(number));
        if (number >= 600) DangerousDictionary::tell(last);
    }
    must(add_drafts(workshop, key, published(), std::move(imported)));
    const auto made = must(prepare_release(workshop, {.volume_bytes = 1, .level = 1}, newsroom.now));
    CHECK(made.left == 200);
    pb::SigningRequest request;
    REQUIRE(request.ParseFromString(made.request));
    REQUIRE(request.release().dictionaries_size() == 1);
    const auto dictionary = must(Dictionary::load(request.release().dictionaries(0)));
    CHECK(dictionary->bytes().find("Wiktoria Przybylska") == Bytes::npos);
}

TEST_CASE_METHOD(DangerousDictionary,
                 "attack: a request takes a dictionary from articles that stay, which nobody would see",
                 "[press][redaction][trust]") {
    auto request = request_for(many(19), {.level = 1, .keep_dictionary = true});
    auto& release = *request.mutable_release();
    REQUIRE(release.files_size() == 1);
    REQUIRE(release.dictionaries_size() == 1);
    REQUIRE(sign_request(encode_message(request), newsroom.signing()));
    const auto dictionary = must(Dictionary::load(release.dictionaries(0)));
    SECTION("it is left out of the list") {
        const auto info = must(load_info(workshop.feed(), volumes_of(must(workshop.records())).back(), key));
        const auto listed = std::find_if(info.files.begin(), info.files.end(), [&](const auto& file) {
            return file.sha256 == dictionary->hash();
        });
        REQUIRE(listed != info.files.end());
        auto& gone = *release.mutable_files(0);
        gone.Clear();
        gone.set_kind(static_cast<std::uint32_t>(FileKind::dictionary));
        gone.set_volume(info.volume);
        gone.set_replaces(listed->name);
        const bool shown = GENERATE(false, true);
        if (shown)
            for (const auto& file : info.files)
                if (kind_of(file.name) == FileKind::articles)
                    release.add_staying(must(read_file(
                        workshop.feed().volume(info.volume) / file.name, limits::bundle)));
    }
    SECTION("a bundle names another, which no reader can get") {
        const auto other = must(Dictionary::load(std::string(dictionary->bytes())));
        REQUIRE(other->hash() != dictionary->hash());
        auto& file = *release.mutable_files(0);
        std::vector<pb::Article> articles;
        auto content = file.content();
        must(sign_bundle(content, newsroom.signing()));
        const auto bundle = must(BundleReader::open_alone(content));
        for (std::size_t i = 0; i < bundle.size(); ++i)
            articles.push_back(must(bundle.article(i, dictionary.get())));
        BundleInfo info{key, bundle.index().seq(), bundle.index().time()};
        info.level = 1;
        file.set_content(must(write_article_bundle(info, std::move(articles), other, nullptr)));
        release.add_dictionaries(other->bytes().data(), other->bytes().size());
    }
    const auto made = sign_request(encode_message(request), newsroom.signing());
    REQUIRE_FALSE(made);
    CHECK(made.error().code == Errc::forged);
    CHECK(made.error().message.find("compression dictionary") != std::string::npos);
}

TEST_CASE_METHOD(Danger, "a redaction that a power cut brings back changes no later release",
                 "[press][redaction]") {
    newsroom.redact(id);
    const auto journal = must(begin_redaction(workshop));
    fs::copy(workshop.feed().root, journal.root, fs::copy_options::recursive |
                                                     fs::copy_options::overwrite_existing);
    fs::rename(journal.root, folder.path / "journal");
    newsroom.release("Afterwards");
    fs::rename(folder.path / "journal", workshop.redaction());
    CHECK(must(workshop.records()).head->seq() == 7);
    CHECK_FALSE(is_redaction_due(workshop));
    CHECK(published().articles.size() == 5);
    CHECK(verify().errors.empty());
}

TEST_CASE_METHOD(Danger, "a redaction is signed where there is no network, by who sees what vanishes",
                 "[press][redaction][trust]") {
    std::string file;
    {
        auto redaction = must(Redaction::open(workshop, id, {.reason = "Gone."}, newsroom.now));
        file = must(redaction.prepare());
    }
    REQUIRE(published().articles.contains(id));
    CHECK(is_redacted(workshop, id));
    const auto shown = must(read_request(file));
    CHECK(shown.replaced_files == 3);
    REQUIRE(shown.vanishing.size() == 1);
    CHECK(shown.vanishing[0].id == id);
    CHECK(shown.vanishing[0].revisions == 2);
    CHECK(shown.vanishing[0].title.find("Zolotarenko") == 0);
    CHECK(shown.vanishing_pictures == 1);
    CHECK(shown.unchanged == 1);
    REQUIRE(shown.articles.size() == 1);
    CHECK(shown.articles[0].retracted);

    pb::SigningRequest request;
    REQUIRE(request.ParseFromString(file));
    auto& files = *request.mutable_release()->mutable_files();
    SECTION("signed and finished") {
        const auto made = must(sign_request(file, newsroom.signing()));
        CHECK(made.file.size() < file.size());
        const auto again = sign_request(made.file, newsroom.signing());
        REQUIRE_FALSE(again);
        CHECK(again.error().code == Errc::invalid);
        must(finish_request(workshop, made.file, newsroom.now));
        CHECK_FALSE(is_anywhere("Zolotarenko"));
        CHECK(published().articles.at(id).retracted);
        CHECK(verify().errors.empty());
        CHECK(verify().warnings.empty());
        CHECK(must(workshop.records()).head->seq() == 6);
    }
    SECTION("attack: another file is shown than is replaced") {
        files[0].set_before(files[1].before());
        CHECK_FALSE(sign_request(encode_message(request), newsroom.signing()));
    }
    SECTION("attack: nothing is shown") {
        files[0].clear_before();
        CHECK_FALSE(sign_request(encode_message(request), newsroom.signing()));
    }
    SECTION("attack: a file that is not there, or of a volume that is not") {
        const bool name = GENERATE(false, true);
        if (name) files[0].set_replaces("00000001-000.media.zst");
        else files[0].set_volume(7);
        CHECK_FALSE(sign_request(encode_message(request), newsroom.signing()));
    }
    SECTION("attack: the list of a sealed volume is another") {
        auto& sealed = *request.mutable_release()->mutable_sealed(0);
        sealed[sealed.size() / 2] = static_cast<char>(sealed[sealed.size() / 2] ^ 1);
        CHECK_FALSE(sign_request(encode_message(request), newsroom.signing()));
    }
    SECTION("what was signed is what is finished") {
        auto made = must(sign_request(file, newsroom.signing())).file;
        REQUIRE(request.ParseFromString(made));
        request.mutable_release()->mutable_files(0)->clear_replaces();
        CHECK_FALSE(finish_request(workshop, encode_message(request), newsroom.now));
    }
    SECTION("a release in between makes it void") {
        const auto made = must(sign_request(file, newsroom.signing()));
        newsroom.release("In between");
        CHECK_FALSE(finish_request(workshop, made.file, newsroom.now));
        CHECK(published().articles.contains(id));
        newsroom.redact(id);
        CHECK_FALSE(published().articles.contains(id));
    }
}

TEST_CASE_METHOD(Danger, "a copy that is brought up to date loses what was redacted", "[press][redaction]") {
    const auto copy = folder.path / "stick";
    must(export_feed(workshop.feed(), copy, {}, newsroom.now));
    const auto old = FeedDirectory{copy}.volume(1) / "00000002-000.articles.zst";
    REQUIRE(fs::exists(old));
    newsroom.redact(id);
    // Also where the volume is too old to be copied now.
    const std::int64_t since = GENERATE(0, start_of_time * 2);
    must(export_feed(workshop.feed(), copy, {.since = since}, newsroom.now));
    CHECK_FALSE(fs::exists(old));
}
