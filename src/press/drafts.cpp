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

namespace colport {
namespace {

namespace fs = std::filesystem;

fs::path picture_path(const Workshop& workshop, const Sha256& id) {
    return workshop.pictures() / (id.hex() + ".picture");
}

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

Result<pb::Article> load_draft(const fs::path& path) {
    const auto bytes = COLPORT_TRY(read_file(path, limits::article));
    auto article = parse_message<pb::Article>(bytes, limits::article, "draft");
    if (!article) return std::move(article).error().in(path.string());
    if (to_hex(article->id()) != path.stem().string())
        return Error{Errc::corrupt, fmt::format("{}: damaged draft", path.string()),
                     "remove the file and add the article again"};
    return article;
}

bool is_published(const Catalogue& published, const ArticleId& id, pb::Article article) {
    const auto known = published.articles.find(id);
    if (known == published.articles.end()) return false;
    article.set_revision(known->second.revision);
    return sha256(encode_message(article)) == known->second.sha256;
}

enum class Added { as_new, as_change, not_needed };

Result<Added> add_draft(const Workshop& workshop, const ArticleId& id, const Catalogue& published,
                        pb::Article article) {
    article.set_id(id.str());
    const auto path = draft_path(workshop, id);
    std::error_code ignored;
    const bool had_draft = fs::exists(path, ignored);
    if (is_published(published, id, article)) {
        // The newest words are those that are out already: an older draft is void.
        if (had_draft) fs::remove(path, ignored);
        return Added::not_needed;
    }
    const auto known = published.articles.find(id);
    const bool revises = known != published.articles.end();
    article.set_revision(revises ? known->second.revision + 1 : 1);
    COLPORT_TRY(check(article));
    const auto bytes = encode_message(article);
    if (had_draft && COLPORT_TRY(read_file(path, limits::article)) == bytes)
        return Added::not_needed;
    COLPORT_TRY(write_unsynced(path, bytes));
    return revises || had_draft ? Added::as_change : Added::as_new;
}

}  // namespace

fs::path draft_path(const Workshop& workshop, const ArticleId& id) {
    return workshop.drafts() / (id.hex() + ".article");
}

bool is_retraction_draft(const Workshop& workshop, const ArticleId& id) {
    const auto path = draft_path(workshop, id);
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return false;
    const auto draft = load_draft(path);
    return draft && draft->status() == pb::Article::RETRACTED;
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
        auto added = add_draft(workshop, id, published, std::move(item.article));
        if (!added && added.error().code != Errc::corrupt && added.error().code != Errc::too_large)
            return std::move(added).error();
        if (!added)
            out.warnings.push_back(fmt::format("{}: left out: {}", item.guid,
                                               added.error().message));
        else
            ++(*added == Added::as_new      ? out.added
               : *added == Added::as_change ? out.changed
                                            : out.unchanged);
    }
    return out;
}

Status sync_drafts(const Workshop& workshop) {
    const auto folder = workshop.drafts();
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return failed("sync", folder);
    auto synced = done();
    if (::syncfs(file) != 0) synced = failed("sync", folder);
    ::close(file);
    return synced;
}

Result<Drafts> load_drafts(const Workshop& workshop, const Catalogue& published) {
    Drafts out;
    std::map<Sha256, std::string> wanted;  // by the title of an article that names it
    for (const auto& path : files_in(workshop.drafts(), ".article")) {
        out.articles.push_back(COLPORT_TRY(load_draft(path)));
        const auto& article = out.articles.back();
        std::set<Sha256> named;
        collect_pictures(article, named);
        for (const auto& id : named) wanted.emplace(id, article.title());
        if (article.title().empty())
            out.warnings.push_back(to_hex(article.id()) + ": no title");
        if (article.language().empty())
            out.warnings.push_back(fmt::format("{}: language unknown", article.title()));
    }
    std::stable_sort(out.articles.begin(), out.articles.end(), [](const auto& a, const auto& b) {
        return a.published() < b.published();
    });
    for (const auto& [id, title] : wanted) {
        const auto path = picture_path(workshop, id);
        std::error_code ignored;
        if (published.pictures.contains(id)) continue;
        if (!fs::exists(path, ignored)) {
            out.missing.push_back(fmt::format("picture {} of “{}” is missing: add the article again",
                                              id.hex().substr(0, 16), title));
            continue;
        }
        const auto bytes = COLPORT_TRY(read_file(path, limits::frame));
        auto picture = parse_message<pb::Picture>(bytes, limits::frame, "picture");
        if (!picture) return std::move(picture).error().in(path.string());
        out.pictures.push_back(std::move(*picture));
    }
    out.warnings.insert(out.warnings.end(), out.missing.begin(), out.missing.end());
    return out;
}

Status remove_published_drafts(const Workshop& workshop, const Catalogue& published) {
    std::set<Sha256> wanted;
    std::error_code ignored;
    for (const auto& path : files_in(workshop.drafts(), ".article")) {
        const auto article = COLPORT_TRY(load_draft(path));
        const auto id = ArticleId::from(article.id());
        if (id && is_published(published, *id, article)) fs::remove(path, ignored);
        else collect_pictures(article, wanted);
    }
    for (const auto& path : files_in(workshop.pictures(), ".picture")) {
        const auto id = Sha256::from_hex_text(path.stem().string());
        if (!id || !wanted.contains(*id) || published.pictures.contains(*id))
            fs::remove(path, ignored);
    }
    return done();
}

}  // namespace colport
