#include "press/drafts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <set>

#include "article/article.h"
#include "core/limits.h"
#include "core/message.h"
#include "feed/files.h"
#include "feed/record.h"
#include "press/correction.h"
#include "press/draft_store.h"
#include "press/page/inline_text.h"
#include "press/pictures/lost_pictures.h"
#include "press/prepared.h"
#include "press/redacted.h"
#include "press/wording.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

// A caption or a stub; in letters.
constexpr std::size_t short_article = 200;

Error failed(std::string_view doing, const fs::path& path) {
    return {errno == EACCES || errno == EROFS ? Errc::denied : Errc::io,
            fmt::format("cannot {} {}: {}", doing, path.string(), strerror(errno)),
            errno == ENOSPC ? "free some disk space and try again" : ""};
}

/// Whole or absent like write_file, but not yet proof against a power cut.
Status write_unsynced(const fs::path& path, Bytes content) {
    const fs::path temporary = path.string() + ".tmp";
    ::unlink(temporary.c_str());
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                            0600);
    if (file < 0) return failed("write", temporary);
    auto written = done();
    while (written && !content.empty()) {
        const auto size = ::write(file, content.data(), content.size());
        if (size >= 0) content.remove_prefix(static_cast<std::size_t>(size));
        else if (errno != EINTR) written = failed("write", temporary);
    }
    if (::close(file) != 0 && written) written = failed("write", temporary);
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0) written = failed("write", path);
    if (!written) ::unlink(temporary.c_str());
    return written;
}

std::vector<fs::path> files_in(const fs::path& folder, std::string_view suffix) {
    std::vector<fs::path> out;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        if (entry->path().extension() == suffix) out.push_back(entry->path());
    std::sort(out.begin(), out.end());
    return out;
}

/// The pictures that an article names.
void collect_pictures(const pb::Article& article, std::set<Sha256>& out) {
    const auto add = [&](const pb::Figure& figure) {
        if (const auto id = Sha256::from(figure.picture())) out.insert(*id);
    };
    if (article.has_lead()) add(article.lead());
    for (const auto& block : article.blocks())
        if (block.has_figure()) add(block.figure());
}

DraftFacts facts_of(const pb::Article& article, Bytes bytes) {
    std::set<Sha256> pictures;
    collect_pictures(article, pictures);
    return {sha256(bytes),       article.revision(), article.status() == pb::Article::RETRACTED,
            article.published(), bytes.size(),       {pictures.begin(), pictures.end()}};
}

Error damaged_draft(const ArticleId& id) {
    return {Errc::corrupt, fmt::format("the draft {} is damaged", id.hex()),
            fmt::format("colport-press drafts DIR --drop {}, then add its source again", id.hex())};
}

/// To list it; whoever publishes it looks closer.
Result<pb::Article> glance_at_draft(Bytes bytes, const ArticleId& id) {
    auto article = parse_known_message<pb::Article>(bytes, limits::article, "draft");
    if (article && article->id() == id.view()) return article;
    return damaged_draft(id);
}

Result<pb::Article> parse_draft(Bytes bytes, const ArticleId& id) {
    auto article = glance_at_draft(bytes, id);
    if (article && check(*article) && record_of(bytes)) return article;
    return damaged_draft(id);
}

Error no_draft(const ArticleId& id) {
    return {Errc::not_found, fmt::format("no draft with the id {}", id.hex())};
}

bool is_published(const Catalogue& published, const ArticleId& id, const pb::Article& article) {
    const auto known = published.articles.find(id);
    if (known == published.articles.end()) return false;
    auto same = article;
    same.set_revision(known->second.revision);
    return sha256(encode_message(same)) == known->second.sha256;
}

enum class Added { as_new, as_change, not_needed, for_want_of_pictures };

/// As the next release has it, or the last had it.
Result<pb::Article> known_article(const Workshop& workshop, const ArticleId& id,
                                  const std::optional<std::string>& draft,
                                  const Catalogue& published) {
    if (draft) return parse_draft(*draft, id);
    return published_article(workshop.feed(), COLPORT_TRY(workshop.records()), published, id);
}

Result<Added> add_draft(const Workshop& workshop, const ArticleId& id, const Catalogue& published,
                        ImportedArticle imported) {
    auto& article = imported.article;
    const auto origin = imported.origin;
    article.set_id(id.str());
    auto& store = *COLPORT_TRY(workshop.draft_store());
    if (is_redacted(workshop, id)) return Added::not_needed;
    const auto draft = COLPORT_TRY(store.find(id));
    const auto known = published.articles.find(id);
    const bool revises = known != published.articles.end();
    // Words that were corrected say nothing against the correction, published or not.
    if (revises && is_overruled(workshop, id, article)) return Added::not_needed;
    if (is_published(published, id, article)) {
        // The newest words are those that are out already: an older draft is void.
        if (!draft) return Added::not_needed;
        COLPORT_TRY(store.note_wording(id, wording_of(article, origin)));
        COLPORT_TRY(store.remove({id}));
        return Added::not_needed;
    }
    article.set_revision(revises ? known->second.revision + 1 : 1);
    COLPORT_TRY(check(article));
    const auto bytes = encode_message(article);
    if (draft == bytes) return Added::not_needed;
    // A bundle could not hold it.
    COLPORT_TRY(record_of(bytes));
    const auto facts = facts_of(article, bytes);
    // The same words from the site's feed and from its export are no news.
    const auto wording = wording_of(article, origin);
    const auto held = COLPORT_TRY(store.wording(id));
    if ((draft || (revises && !known->second.retracted)) && held &&
        wording.is_typesetting_of(*held))
        return Added::not_needed;
    if (imported.pictures_missed && (draft || revises)) {
        const auto before = known_article(workshop, id, draft, published);
        if (before && only_loses_pictures(article, *before, *imported.pictures_missed))
            return Added::for_want_of_pictures;
    }
    COLPORT_TRY(store.put(id, bytes, facts, wording));
    return revises || draft ? Added::as_change : Added::as_new;
}

/// Makes a draft the revision after the one that was published meanwhile.
Status renumber(DraftStore& store, pb::Article& article, const Catalogue& published) {
    const auto id = *ArticleId::from(article.id());
    article.set_revision(published.articles.at(id).revision + 1);
    const auto bytes = encode_message(article);
    return store.put(id, bytes, facts_of(article, bytes), COLPORT_TRY(store.wording(id)));
}

/// What a reader would miss.
std::vector<std::string> warnings_of(const pb::Article& article) {
    std::vector<std::string> out;
    if (article.status() == pb::Article::RETRACTED) return out;
    if (article.title().empty()) out.emplace_back("no title");
    if (article.language().empty()) out.emplace_back("language unknown");
    std::size_t lost = article.has_lead() && article.lead().picture().empty() ? 1 : 0;
    std::size_t embeds = 0;
    std::size_t letters = 0;
    for (const auto& block : article.blocks()) {
        if (block.has_figure() && block.figure().picture().empty()) ++lost;
        if (block.has_embed()) ++embeds;
        std::string text;
        if (letters < short_article) append_block_text(text, block);
        letters += static_cast<std::size_t>(std::count_if(
            text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
    }
    if (letters < short_article) out.emplace_back("very short");
    if (lost > 0)
        out.push_back(lost == 1 ? "a picture is missing"
                                : fmt::format("{} pictures are missing", lost));
    if (embeds > 0)
        out.push_back(embeds == 1 ? "an embed is a link now"
                                  : fmt::format("{} embeds are links now", embeds));
    return out;
}

DraftEntry entry_of(const pb::Article& article, const ArticleId& id, std::size_t bytes) {
    return {id,
            article.revision(),
            article.status() == pb::Article::RETRACTED,
            article.title(),
            article.language(),
            article.published(),
            article.zone(),
            bytes,
            warnings_of(article)};
}

/// The drafts' pictures that are still to be published.
template <class List>
Status list_pictures(const Workshop& workshop, const Catalogue& published,
                     const std::map<Sha256, ArticleId>& wanted, List& out) {
    for (const auto& [id, by] : wanted) {
        if (published.pictures.contains(id)) continue;
        const auto path = picture_path(workshop, id);
        std::error_code failed;
        const auto size = fs::file_size(path, failed);
        if (failed)
            out.missing.push_back(fmt::format("picture {} of “{}” is missing: add the article again",
                                              id.hex().substr(0, 16),
                                              COLPORT_TRY(load_draft(workshop, by)).title()));
        else
            out.pictures.push_back({id, size});
    }
    return done();
}

}  // namespace

fs::path picture_path(const Workshop& workshop, const Sha256& id) {
    return workshop.pictures() / (id.hex() + ".picture");
}

Result<bool> is_retraction_draft(const Workshop& workshop, const ArticleId& id) {
    const auto draft = load_draft(workshop, id);
    if (!draft && draft.error().code == Errc::not_found) return false;
    if (!draft) return draft.error();
    return draft->status() == pb::Article::RETRACTED;
}

Result<AddReport> add_drafts(const Workshop& workshop, const PublicKey& feed,
                             const Catalogue& published, Imported imported) {
    AddReport out;
    out.warnings = std::move(imported.warnings);
    for (const auto& picture : imported.pictures) {
        const auto id = sha256(picture.data());
        std::error_code ignored;
        if (published.pictures.contains(id) || fs::exists(picture_path(workshop, id), ignored))
            continue;
        COLPORT_TRY(write_unsynced(picture_path(workshop, id), encode_message(picture)));
        ++out.pictures;
    }
    for (auto& item : imported.articles) {
        const auto id = item.id ? *item.id : article_id(feed, item.guid);
        const auto guid = item.guid;
        auto added = add_draft(workshop, id, published, std::move(item));
        if (!added && added.error().code != Errc::corrupt && added.error().code != Errc::too_large)
            return std::move(added).error();
        if (!added)
            out.warnings.push_back(fmt::format("{}: left out: {}", guid, added.error().message));
        else
            ++(*added == Added::as_new      ? out.added
               : *added == Added::as_change ? out.changed
                                            : out.unchanged);
        if (added && *added == Added::for_want_of_pictures) ++out.pictures_stay;
    }
    return out;
}

Status sync_drafts(const Workshop& workshop) {
    COLPORT_TRY(COLPORT_TRY(workshop.draft_store())->sync());
    const auto folder = workshop.pictures();
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return failed("sync", folder);
    auto synced = done();
    if (::syncfs(file) != 0) synced = failed("sync", folder);
    ::close(file);
    return synced;
}

Result<Drafts> list_drafts(const Workshop& workshop, const Catalogue& published) {
    Drafts out;
    std::map<Sha256, ArticleId> wanted;  // by an article that names it
    COLPORT_TRY(COLPORT_TRY(workshop.draft_store())
                    ->visit([&](const StoredDraft& draft) -> Status {
        const auto article = COLPORT_TRY(glance_at_draft(draft.article, draft.id));
        out.articles.push_back(entry_of(article, draft.id, draft.article.size()));
        std::set<Sha256> named;
        collect_pictures(article, named);
        for (const auto& picture : named) wanted.emplace(picture, draft.id);
        return done();
    }));
    // They come by id.
    std::stable_sort(out.articles.begin(), out.articles.end(), [](const auto& a, const auto& b) {
        return a.published < b.published;
    });
    COLPORT_TRY(list_pictures(workshop, published, wanted, out));
    return out;
}

Result<Waiting> list_waiting(const Workshop& workshop, const Catalogue& published) {
    Waiting out;
    std::map<Sha256, ArticleId> wanted;
    COLPORT_TRY(COLPORT_TRY(workshop.draft_store())
                    ->visit([&](const StoredDraft& draft) -> Status {
        auto facts = draft.facts();
        if (!facts) {
            const auto article = COLPORT_TRY(parse_draft(draft.article, draft.id));
            facts = facts_of(article, encode_message(article));
        }
        for (const auto& picture : facts->pictures) wanted.emplace(picture, draft.id);
        out.articles.push_back({draft.id, std::move(*facts)});
        return done();
    }));
    std::stable_sort(out.articles.begin(), out.articles.end(), [](const auto& a, const auto& b) {
        return a.facts.published < b.facts.published;
    });
    COLPORT_TRY(list_pictures(workshop, published, wanted, out));
    return out;
}

Result<ArticleMessage> load_message(const Workshop& workshop, const Waiting::Article& draft) {
    const auto& [id, facts] = draft;
    auto bytes = COLPORT_TRY(COLPORT_TRY(workshop.draft_store())->find(id));
    if (!bytes) return no_draft(id);
    const auto hash = sha256(*bytes);
    if (hash == facts.sha256)
        return ArticleMessage{id,   facts.revision,    facts.retracts, facts.published,
                              std::move(*bytes), hash};
    return article_message(COLPORT_TRY(parse_draft(*bytes, id)));
}

Result<pb::Article> load_draft(const Workshop& workshop, const ArticleId& id) {
    const auto bytes = COLPORT_TRY(COLPORT_TRY(workshop.draft_store())->find(id));
    if (!bytes) return no_draft(id);
    return parse_draft(*bytes, id);
}

Status save_draft(const Workshop& workshop, const pb::Article& article) {
    const auto id = ArticleId::from(article.id());
    COLPORT_ASSERT(id.has_value());
    const auto bytes = encode_message(article);
    COLPORT_TRY(record_of(bytes));
    return COLPORT_TRY(workshop.draft_store())
        ->put(*id, bytes, facts_of(article, bytes),
              wording_of(article, TextOrigin::newsroom));
}

Result<pb::Picture> load_draft_picture(const Workshop& workshop, const Sha256& id) {
    const auto path = picture_path(workshop, id);
    const auto bytes = COLPORT_TRY(read_file(path, limits::frame));
    auto picture = parse_message<pb::Picture>(bytes, limits::frame, "picture");
    if (!picture) return std::move(picture).error().in(path.string());
    if (sha256(picture->data()) != id)
        return Error{Errc::corrupt, fmt::format("{}: damaged picture", path.string()),
                     "remove the file and add the article again"};
    return picture;
}

std::set<Sha256> pictures_of(const pb::Article& article) {
    std::set<Sha256> out;
    collect_pictures(article, out);
    return out;
}

Status drop_draft(const Workshop& workshop, const ArticleId& id) {
    auto& store = *COLPORT_TRY(workshop.draft_store());
    if (!COLPORT_TRY(store.holds(id))) return no_draft(id);
    COLPORT_TRY(void_prepared_release(workshop, {id}));
    // Whoever adds it again wants it.
    COLPORT_TRY(store.note_wording(id, {}));
    return store.remove({id});
}

Result<std::vector<ArticleId>> draft_ids(const Workshop& workshop) {
    std::vector<ArticleId> out;
    COLPORT_TRY(COLPORT_TRY(workshop.draft_store())->visit([&](const StoredDraft& draft) {
        out.push_back(draft.id);
        return done();
    }));
    return out;
}

Status remove_published_drafts(const Workshop& workshop, const Catalogue& published) {
    std::set<Sha256> wanted;
    bool all_wanted = false;
    std::vector<pb::Article> overtaken;
    std::error_code ignored;
    const auto stored = files_in(workshop.pictures(), ".picture");
    if (stored.empty() && published.articles.empty()) return done();
    std::vector<ArticleId> needless;
    auto& store = *COLPORT_TRY(workshop.draft_store());
    COLPORT_TRY(store.visit([&](const StoredDraft& draft) -> Status {
        const auto& id = draft.id;
        const auto known = published.articles.find(id);
        const bool revises = known != published.articles.end();
        if (!revises && stored.empty()) return done();
        const auto facts = draft.facts();
        if (facts && !revises) {
            wanted.insert(facts->pictures.begin(), facts->pictures.end());
        } else if (facts && facts->sha256 == known->second.sha256) {
            needless.push_back(id);
        } else {
            auto article = parse_draft(draft.article, id);
            if (!article) {
                // Whoever lists or publishes it is told.
                all_wanted = true;
            } else if (is_published(published, id, *article)) {
                needless.push_back(id);
            } else {
                collect_pictures(*article, wanted);
                if (revises && article->revision() <= known->second.revision)
                    overtaken.push_back(std::move(*article));
            }
        }
        return done();
    }));
    COLPORT_TRY(store.remove(needless));
    for (auto& article : overtaken)
        COLPORT_TRY(renumber(store, article, published));
    for (const auto& path : stored) {
        const auto id = Sha256::from_hex_text(path.stem().string());
        if (!id || (!all_wanted && !wanted.contains(*id)) || published.pictures.contains(*id))
            fs::remove(path, ignored);
    }
    return done();
}

}  // namespace colport
