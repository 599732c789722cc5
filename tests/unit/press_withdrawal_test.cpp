#include <catch2/catch.hpp>

#include "core/message.h"
#include "feed/verify.h"
#include "press/correction.h"
#include "press/draft_store.h"
#include "press/leftovers.h"
#include "press/redacted.h"
#include "press/retraction.h"
#include "press/signing/signing.h"
#include "support/must.h"
#include "support/peer_fixture.h"

using namespace colport;
using namespace colport::test;

namespace {

/// A newsroom that has published article 1, and whose site has changed it since.
struct Desk {
    Folder folder;
    Newsroom newsroom{folder.path / "newsroom"};
    const Workshop& workshop = newsroom.workshop;
    ArticleId id;

    Desk() {
        newsroom.release("Ferry");
        id = newsroom.id(1);
    }
    SignedRecords records() const { return must(workshop.records()); }
    Catalogue published() const { return must(read_catalogue(workshop.feed(), records())); }
    Verification verify() const { return verify_directory(workshop.feed().root, newsroom.now); }

    AddReport add(const std::string& guid, const std::string& text,
                  TextOrigin origin = TextOrigin::site) {
        Imported imported;
        imported.articles.push_back({guid, {}});
        imported.articles.back().origin = origin;
        auto& article = imported.articles.back().article;
        article.set_title("Ferry");
        article.set_language("en");
        article.set_published(start_of_time);
        article.add_blocks()->mutable_paragraph()->add_spans()->set_text(text);
        return must(add_drafts(workshop, records().feed, published(), std::move(imported)));
    }
    pb::Article correction(const std::string& text) const {
        pb::Article out;
        out.add_blocks()->mutable_paragraph()->add_spans()->set_text(text);
        return out;
    }
    Status correct(pb::Article article) {
        const auto corrected = correct_article(workshop, records(), published(), id,
                                               std::move(article), "", newsroom.now);
        if (!corrected) return corrected.error();
        return done();
    }
    std::string prepare() { return must(prepare_release(workshop, {}, newsroom.now)).request; }
    std::string sign(const std::string& request) {
        return must(sign_request(request, newsroom.signing())).file;
    }
    std::size_t drafts() const { return must(list_drafts(workshop, published())).articles.size(); }
};

}  // namespace

TEST_CASE_METHOD(Desk, "what an editor decides while a release is signed comes into force after it",
                 "[press]") {
    add("1", "The site's new words.");
    const auto made = sign(prepare());
    const auto leave = [&](std::uint32_t revision) {
        newsroom.publish();
        CHECK(published().articles.at(id).revision == revision);
        CHECK(verify().errors.empty());
        CHECK(drafts() == 0);
    };
    SECTION("a correction") {
        must(correct(correction("The editor's words.")));
        must(finish_request(workshop, made, newsroom.now));
        CHECK(must(load_draft(workshop, id)).revision() == 3);
        leave(3);
    }
    SECTION("a retraction that was drafted before versions knew better") {
        pb::Article retraction;
        retraction.set_id(id.str());
        retraction.set_revision(2);
        retraction.set_status(pb::Article::RETRACTED);
        must(save_draft(workshop, retraction));
        must(finish_request(workshop, made, newsroom.now));
        CHECK_FALSE(published().articles.at(id).retracted);
        CHECK(must(load_draft(workshop, id)).revision() == 3);
        leave(3);
        CHECK(published().articles.at(id).retracted);
    }
    SECTION("the site's next words, which keep their way of coming") {
        add("1", "The site's newest \"words\".");
        must(finish_request(workshop, made, newsroom.now));
        CHECK(add("1", "The site\xe2\x80\x99s newest \xe2\x80\x9cwords\xe2\x80\x9d.",
                  TextOrigin::site_export).unchanged == 1);
        leave(3);
    }
}

TEST_CASE_METHOD(Desk, "what was taken back while a release is signed is not published with it",
                 "[press]") {
    newsroom.draft("Harbour");
    const auto harbour = newsroom.id(2);
    add("1", "The site's new words.");
    const auto made = sign(prepare());
    newsroom.draft("Lighthouse");
    const auto lighthouse = newsroom.id(3);
    const auto finish = [&] { return finish_request(workshop, made, newsroom.now); };
    SECTION("a draft that was dropped") {
        must(drop_draft(workshop, harbour));
        REQUIRE_FALSE(finish());
        CHECK_FALSE(published().articles.contains(harbour));
        newsroom.publish();
        CHECK_FALSE(published().articles.contains(harbour));
        CHECK(published().articles.at(id).revision == 2);
    }
    SECTION("a draft that was retracted") {
        must(retract_article(workshop, published(), harbour, ""));
        REQUIRE_FALSE(finish());
        CHECK_FALSE(published().articles.contains(harbour));
    }
    SECTION("a published article that was retracted") {
        must(retract_article(workshop, published(), id, "It was not true."));
        REQUIRE_FALSE(finish());
        newsroom.publish();
        CHECK(published().articles.at(id).retracted);
        CHECK(published().articles.at(id).revision == 2);
    }
    SECTION("what it does not hold stands in nobody's way") {
        must(drop_draft(workshop, lighthouse));
        must(finish());
        CHECK(published().articles.contains(harbour));
        CHECK_FALSE(published().articles.contains(lighthouse));
    }
    SECTION("a request of a version that noted nothing of its drafts may hold anything") {
        const auto path = workshop.secrets() / "prepared-release";
        auto note = must(read_file(path, limits::mib));
        REQUIRE(write_file(path, note.substr(0, note.find('\n') + 1), 0600));
        must(drop_draft(workshop, lighthouse));
        REQUIRE_FALSE(finish());
    }
}

TEST_CASE_METHOD(Desk, "a redaction that waits for its signature outlives a draft that is dropped",
                 "[press][redaction]") {
    newsroom.draft("Harbour");
    const auto harbour = newsroom.id(2);
    std::string request;
    {
        auto redaction = must(Redaction::open(workshop, id, {}, newsroom.now));
        request = must(redaction.prepare());
    }
    must(drop_draft(workshop, harbour));
    must(finish_request(workshop, sign(request), newsroom.now));
    CHECK_FALSE(published().articles.contains(id));
}

TEST_CASE_METHOD(Desk, "a redaction that waits for its signature is not told of by a retraction",
                 "[press][redaction]") {
    std::string request;
    {
        auto redaction = must(Redaction::open(workshop, id, {}, newsroom.now));
        request = must(redaction.prepare());
    }
    const auto refused = retract_article(workshop, published(), id, "It is gone.");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::denied);
    CHECK(refused.error().hint.find("--finish") != std::string::npos);
    CHECK(drafts() == 0);
    must(finish_request(workshop, sign(request), newsroom.now));
    CHECK_FALSE(published().articles.contains(id));
}

TEST_CASE_METHOD(Desk, "a release that is out already is finished, however often it is asked",
                 "[press]") {
    add("1", "The site's new words.");
    const auto request = prepare();
    const auto made = sign(request);
    const auto note = workshop.secrets() / "prepared-release";
    const auto kept = must(read_file(note, limits::mib));
    const auto first = must(finish_request(workshop, made, newsroom.now));
    const auto head = newsroom.head().file;
    // As a kill leaves it that comes when the head is written, and before the rest.
    REQUIRE(write_file(note, kept, 0600));
    add("1", "The site's new words.");
    const auto again = must(finish_request(workshop, made, newsroom.now));
    CHECK(again.seq == first.seq);
    CHECK(again.articles.size() == 1);
    CHECK(newsroom.head().file == head);
    CHECK(drafts() == 0);
    CHECK_FALSE(fs::exists(note));
}

TEST_CASE_METHOD(Desk, "files of a release that was broken off leave the folder that is handed on",
                 "[press]") {
    const auto feed = workshop.feed();
    const auto before = newsroom.head().file;
    const std::uint64_t volume_size = GENERATE(std::uint64_t{1}, limits::default_volume_bytes);
    newsroom.draft("Secret");
    newsroom.publish(volume_size);
    const auto next = volume_size == 1 ? 2 : 1;
    const auto secret = feed.volume(next) / "00000002-000.articles.zst";
    REQUIRE(fs::exists(secret));
    const auto half = feed.volume(next) / "00000002-001.media.zst.tmp";
    REQUIRE(write_file(half, "half"));
    REQUIRE(write_file(feed.volumes() / "0001.torrent.tmp", "half"));
    SECTION("whoever locks the workshop next removes them") {
        REQUIRE(begin_publishing(workshop));
        REQUIRE(write_file(feed.head(), before));
        REQUIRE(lock_workshop(workshop));
        CHECK_FALSE(fs::exists(secret));
        CHECK_FALSE(fs::exists(half));
        CHECK_FALSE(fs::exists(feed.volumes() / "0001.torrent.tmp"));
        CHECK_FALSE(fs::exists(feed.volume(2)));
        CHECK_FALSE(fs::exists(feed.torrent(2)));
        CHECK(verify().errors.empty());
        CHECK(verify().articles == 1);
        newsroom.draft("Other");
        newsroom.publish(volume_size);
        CHECK(verify().errors.empty());
    }
    SECTION("but not where a copy lacks the newest head") {
        REQUIRE(write_file(feed.head(), before));
        REQUIRE(lock_workshop(workshop));
        CHECK(fs::exists(secret));
        CHECK_FALSE(fs::exists(half));
    }
    SECTION("what is listed stays") {
        REQUIRE(begin_publishing(workshop));
        REQUIRE(lock_workshop(workshop));
        CHECK(fs::exists(secret));
        CHECK_FALSE(fs::exists(half));
        CHECK(verify().errors.empty());
        CHECK(verify().articles == 2);
    }
    SECTION("of a feed whose head is lost, or older than its files, nothing is taken away") {
        newsroom.release("Third", volume_size);
        const bool lost = GENERATE(true, false);
        REQUIRE(begin_publishing(workshop));
        if (lost) fs::remove(feed.head());
        else REQUIRE(write_file(feed.head(), before));
        REQUIRE(lock_workshop(workshop));
        CHECK(fs::exists(secret));
        CHECK(fs::exists(feed.volume(1) / "00000001-000.articles.zst"));
    }
}

TEST_CASE("files of a first release that was broken off leave the folder too", "[press]") {
    Folder folder;
    Newsroom newsroom(folder.path / "newsroom");
    newsroom.release("Secret", limits::default_volume_bytes, true);
    const auto feed = newsroom.workshop.feed();
    fs::remove(feed.head());
    REQUIRE(lock_workshop(newsroom.workshop));
    REQUIRE(fs::exists(feed.volume(1)));
    REQUIRE(begin_publishing(newsroom.workshop));
    REQUIRE(lock_workshop(newsroom.workshop));
    CHECK_FALSE(fs::exists(feed.volume(1)));
    CHECK_FALSE(fs::exists(feed.torrent(1)));
}

TEST_CASE_METHOD(Desk, "a correction stays whichever way the site's old words come again", "[press]") {
    add("other", "The ferry's \"last\" run -- in 1978.", TextOrigin::site_export);
    newsroom.publish();
    id = article_id(records().feed, "other");
    const std::string typeset =
        "The ferry\xe2\x80\x99s \xe2\x80\x9clast\xe2\x80\x9d run \xe2\x80\x93 in 1978.";
    REQUIRE(add("other", typeset).unchanged == 1);
    must(correct(correction("The ferry's \"last\" run -- in 1987.")));
    CHECK(add("other", typeset).unchanged == 1);
    newsroom.publish();
    CHECK(published().articles.at(id).revision == 2);
    CHECK(add("other", typeset).unchanged == 1);
    CHECK(add("other", "The ferry's \"last\" run -- in 1978.", TextOrigin::site_export).unchanged == 1);
    CHECK(drafts() == 0);
    CHECK(add("other", "The ferry's last run was in 1988.").changed == 1);
}

TEST_CASE_METHOD(Desk, "a correction stays against words that were away to be signed", "[press]") {
    add("1", "The site's new words.");
    const auto answer = sign(prepare());
    must(correct(correction("The editor's words.")));
    REQUIRE(finish_request(workshop, answer, newsroom.now));
    CHECK(published().articles.at(id).revision == 2);
    CHECK(add("1", "The site's new words.").unchanged == 1);
    newsroom.publish();
    CHECK(published().articles.at(id).revision == 3);
    const auto out = published_article(workshop.feed(), records(), published(), id);
    CHECK(must(out).blocks(0).paragraph().spans(0).text() == "The editor's words.");
}

TEST_CASE_METHOD(Desk, "a correction does not bring a redacted picture back", "[press][redaction]") {
    newsroom.release("Witness", limits::default_volume_bytes, true);
    const auto witness = newsroom.id(2);
    newsroom.redact(witness);
    pb::Picture picture;
    picture.set_media_type("image/png");
    picture.set_data("\x89PNG\r\nWitness");
    const auto hash = sha256(picture.data());
    REQUIRE(must(redacted_pictures(workshop)) == std::set{hash});
    auto article = correction("The editor's words.");
    article.mutable_lead()->set_picture(hash.str());
    article.mutable_lead()->set_width(7);
    must(correct(std::move(article)));
    CHECK(must(load_draft(workshop, id)).lead().picture().empty());
    CHECK(must(load_draft(workshop, id)).lead().width() == 0);
}

TEST_CASE_METHOD(Desk, "a correction does not cancel a retraction that waits", "[press]") {
    must(retract_article(workshop, published(), id, "It was not true."));
    const auto refused = correct(correction("The editor's words."));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::invalid);
    CHECK(refused.error().hint.find("drafts DIR --drop " + id.hex()) != std::string::npos);
    newsroom.publish();
    CHECK(published().articles.at(id).retracted);
    // Once it is out, a correction brings the article back, as it says.
    must(correct(correction("The editor's words.")));
    newsroom.publish();
    CHECK_FALSE(published().articles.at(id).retracted);
}

TEST_CASE_METHOD(Desk, "a feed with nothing new is signed anew before readers are told of silence",
                 "[press]") {
    const auto first = newsroom.head();
    const auto half = first.message.fresh_for() / 2;
    const auto release = [&](std::int64_t now) {
        return must(release_drafts(workshop, newsroom.signing(), {}, now));
    };
    const auto time = first.message.time();
    CHECK(release(time + half).releases == 0);
    CHECK(must(prepare_release(workshop, {}, time + half)).request.empty());
    const auto shown = must(read_request(must(prepare_release(workshop, {}, time + half + 1)).request));
    CHECK(shown.seq == 2);
    CHECK(shown.articles.empty());
    // What is away to be signed would be void.
    CHECK(release(time + half + 1).releases == 0);
    CHECK_FALSE(must(prepare_release(workshop, {}, time + 2 * half + 2)).request.empty());
    REQUIRE(remove_path(workshop.prepared_release()));
    const auto report = release(time + half + 1);
    CHECK(report.releases == 1);
    CHECK(report.signed_anew);
    CHECK(newsroom.head().seq() == 2);
    CHECK(newsroom.head().message.time() == time + half + 1);
    CHECK_FALSE(newsroom.head().stale_at(first.message.time() + first.message.fresh_for() + 1));
    CHECK(release(time + half + 1).releases == 0);
    // What is new is as good.
    newsroom.draft("Lighthouse");
    const auto next = release(time + 3 * half);
    CHECK(next.releases == 1);
    CHECK_FALSE(next.signed_anew);
    CHECK(next.articles == 1);
    const auto verified = verify_directory(workshop.feed().root, time + 3 * half);
    CHECK(verified.errors.empty());
    CHECK(verified.articles == 2);
}

TEST_CASE_METHOD(Desk, "a release that fails takes back what it wrote for others to copy", "[press]") {
    newsroom.draft("Secret", true);
    const auto feed = workshop.feed();
    // Where the second file goes, something lies that it cannot take the place of.
    const auto blocked = feed.volume(1) / "00000002-001.media.zst";
    REQUIRE(make_directory(blocked / "in the way"));
    const auto failed = release_drafts(workshop, newsroom.signing(), {}, newsroom.now);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == Errc::io);
    CHECK_FALSE(fs::exists(feed.volume(1) / "00000002-000.articles.zst"));
    CHECK(drafts() == 1);
    CHECK(verify().articles == 1);
    REQUIRE(remove_path(blocked));
    newsroom.publish();
    CHECK(verify().articles == 2);
    CHECK(verify().errors.empty());
}
