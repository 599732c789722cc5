#include "press/intake/intake.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/limits.h"
#include "feed/files.h"
#include "press/clean_text.h"
#include "press/draft_store.h"
#include "press/intake/same_article.h"
#include "press/intake/sources.h"
#include "press/pictures/picture_file.h"
#include "press/prepared.h"
#include "press/redacted.h"
#include "press/retraction.h"
#include "press/urls.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_fetched = 64 * limits::mib;
constexpr std::size_t max_fetched_page = 16 * limits::mib;
// A kill costs the names of so many articles, which adding them again brings back.
constexpr std::size_t save_after = 256;

void merge(AddReport& total, AddReport part) {
    total.added += part.added;
    total.changed += part.changed;
    total.unchanged += part.unchanged;
    total.pictures += part.pictures;
    total.pictures_stay += part.pictures_stay;
    for (auto& warning : part.warnings) total.warnings.push_back(std::move(warning));
}

bool is_page(const Source& source) {
    const auto ending = ascii_lower(source.path.extension().string());
    return ending == ".html" || ending == ".htm" || ending == ".xhtml";
}

fs::path ledger_path(const Workshop& workshop) { return workshop.secrets() / "names.jsonl"; }

}  // namespace

Intake::Intake(const Workshop& workshop, const PublicKey& feed, const Catalogue& published,
               IntakeOptions options, Ledger ledger)
    : workshop_(workshop),
      feed_(feed),
      published_(published),
      options_(std::move(options)),
      ledger_(std::move(ledger)),
      web_(options_.fetch, workshop.web(), options_.has_time) {
    web_.allow(options_.import.base_url);
    for (const auto& host : options_.hosts)
        web_.allow(is_web_source(host) ? host : "https://" + host);
}

Result<Intake> Intake::open(const Workshop& workshop, const PublicKey& feed,
                            const Catalogue& published, IntakeOptions options) {
    auto ledger = COLPORT_TRY(Ledger::load(ledger_path(workshop)));
    Intake out(workshop, feed, published, std::move(options), std::move(ledger));
    out.refused_pictures_ = COLPORT_TRY(redacted_pictures(workshop));
    COLPORT_TRY(out.find_withdrawn());
    if (out.options_.full_text && !out.options_.pages.empty())
        out.pages_ = COLPORT_TRY(SavedPages::open(out.options_.pages, out.reader()));
    return out;
}

Status Intake::find_withdrawn() {
    const auto note = [&](const ArticleId& id, Withdrawn& out) {
        for (const auto& address : ledger_.addresses_of(id)) out.try_emplace(address, id);
    };
    const auto ids = redacted_articles(workshop_);
    for (const auto& id : ids) note(id, redacted_at_);
    const std::set<ArticleId> redacted(ids.begin(), ids.end());
    std::set<ArticleId> retracted;
    for (const auto& [id, article] : published_.articles)
        if (article.retracted) retracted.insert(id);
    for (const auto& id : COLPORT_TRY(draft_ids(workshop_))) {
        if (!published_.articles.contains(id)) continue;
        // One that is damaged says nothing of what is to become of its article.
        const auto retracts = is_retraction_draft(workshop_, id);
        if (retracts && *retracts) retracted.insert(id);
    }
    for (const auto& id : retracted) note(id, retracted_at_);
    if (redacted_at_.empty() && retracted_at_.empty()) return done();
    // Several articles may stand on one page: what is left there goes on.
    for (const auto& [id, article] : published_.articles) {
        if (retracted.contains(id) || redacted.contains(id)) continue;
        for (const auto& address : ledger_.addresses_of(id)) {
            redacted_at_.erase(address);
            retracted_at_.erase(address);
        }
    }
    return done();
}

Result<std::optional<ArticleId>> Intake::withdrawn_at(const Withdrawn& withdrawn,
                                                      const ArticleId& id,
                                                      const std::string& url) const {
    const auto found = withdrawn.find(address_key(url));
    if (found == withdrawn.end() || found->second == id || COLPORT_TRY(is_known(id)))
        return std::optional<ArticleId>();
    return std::optional(found->second);
}

ImportPage Intake::reader() {
    return [sandbox = page_sandbox_.get()](Bytes content, const std::string& name,
                                      const ImportOptions& options) {
        return sandbox->import_bytes(content, name, options);
    };
}

Status Intake::add(const std::string& argument, const Tell& tell) {
    auto added = add_argument(argument, tell);
    failed_ = failed_ || !added;
    return added;
}

Status Intake::add_argument(const std::string& argument, const Tell& tell) {
    ++arguments_;
    if (is_web_source(argument)) {
        tell(0, 1);
        return add_address(argument);
    }
    auto list = COLPORT_TRY(find_sources(argument));
    for (auto& warning : list.warnings) report_.warnings.push_back(std::move(warning));
    if (!list.folder.empty()) return add_folder(list, tell);
    if (list.files.empty()) return done();
    tell(0, 1);
    return add_file(list.files[0], {}, false);
}

Status Intake::add_folder(const SourceList& list, const Tell& tell) {
    const auto name = "folder:" + list.folder.string();
    std::size_t failed = 0;
    std::optional<Error> first;
    auto& facts = origins_[name];
    facts.complete = facts.complete && list.is_whole;
    // A page that is alone is what its folder was made for.
    const bool has_pages = std::count_if(list.files.begin(), list.files.end(), is_page) > 1;
    no_articles_ = 0;
    for (std::size_t i = 0; i < list.files.size(); ++i) {
        tell(i, list.files.size());
        const auto added = add_file(list.files[i], name, has_pages || !is_page(list.files[i]));
        if (added) continue;
        const auto& error = added.error();
        if (error.code == Errc::io) return error;
        ++failed;
        if (!first) first = error;
        facts.complete = false;
        report_.warnings.push_back(error.message + ", left out");
    }
    if (no_articles_ > 0)
        report_.warnings.push_back(fmt::format(
            "{}: {} left out", list.folder.string(),
            no_articles_ == 1 ? "one file is no article,"
                              : fmt::format("{} files are no articles,", no_articles_)));
    // Nothing could be read: that is no success with warnings.
    if (failed == list.files.size() && first) return *first;
    return done();
}

Status Intake::add_file(const Source& source, const std::string& folder_origin, bool is_of_site) {
    auto options = options_.import;
    options.is_of_site = is_of_site;
    options.stable_name = source.stable_name;
    options.folder = fs::absolute(source.path).parent_path();
    const auto local = find_pictures(source.path, source.root, options_.media);
    options.pictures = [this, local](const std::string& from, const std::string& base) {
        auto file = local(from, base);
        return file ? file : fetch_picture(from, base);
    };
    auto origin = folder_origin;
    std::error_code failed;
    if (origin.empty()) origin = "file:" + fs::canonical(source.path, failed).string();
    const auto name = source.path.string();
    return add_source(
        [&](const ImportOptions& all) { return sandbox_->import_file(source.path, name, all); },
        std::move(options), origin, !folder_origin.empty());
}

Status Intake::add_address(const std::string& url) {
    web_.allow(url);
    auto page = web_.get(url, max_fetched);
    if (!page) return std::move(page).error().in(url);
    auto options = options_.import;
    options.stable_name = url;
    options.base_url = page->address;
    options.charset = page->charset;
    options.pictures = [this](const std::string& source, const std::string& base) {
        return fetch_picture(source, base);
    };
    const bool forgot = std::exchange(forgets_, false);
    auto added = add_source(
        [&](const ImportOptions& all) { return sandbox_->import_bytes(page->body, url, all); },
        std::move(options), "file:" + url, false);
    if (forgets_) web_.forget(url);
    forgets_ = forgets_ || forgot;
    return added;
}

Status Intake::take(pb::Picture picture) {
    if (refused_pictures_.contains(sha256(picture.data()))) return done();
    Imported one;
    one.pictures.push_back(std::move(picture));
    merge(report_, COLPORT_TRY(add_drafts(workshop_, feed_, published_, std::move(one))));
    return done();
}

Status Intake::take(ImportedArticle item, std::vector<ArticleId>& found, Postponed& postponed) {
    const auto trouble = std::exchange(trouble_, {});
    item.id = ledger_.id_of(feed_, item.guid, item.article.url());
    found.push_back(*item.id);
    if (++since_saved_ >= save_after) {
        COLPORT_TRY(ledger_.save(ledger_path(workshop_)));
        since_saved_ = 0;
    }
    if (is_redacted(workshop_, *item.id)) {
        ++redacted_;
        forgets_ = true;
        for (const auto& picture : trouble.asked) web_.forget(picture);
        return done();
    }
    if (const auto other = COLPORT_TRY(withdrawn_at(redacted_at_, *item.id, item.article.url()))) {
        report_.warnings.push_back(fmt::format(
            "{}: left out, since article {} was redacted and stood at this address: take it off "
            "the site", address_key(item.article.url()), other->hex()));
        forgets_ = true;
        for (const auto& picture : trouble.asked) web_.forget(picture);
        return done();
    }
    if (!options_.restore && COLPORT_TRY(is_retracted(*item.id))) {
        ++retracted_;
        return done();
    }
    if (!options_.restore &&
        COLPORT_TRY(withdrawn_at(retracted_at_, *item.id, item.article.url()))) {
        report_.warnings.push_back(fmt::format(
            "{}: left out, since an article at this address was retracted (--restore lets it in)",
            address_key(item.article.url())));
        return done();
    }
    if (!trouble.waits.empty() && !options_.incomplete) {
        ++postponed.count;
        postponed.why = trouble.waits;
        return done();
    }
    const bool refused = leave_out_pictures(refused_pictures_, item.article) > 0;
    if ((trouble.refused || !trouble.missed.empty()) && !trouble.gone && !refused)
        item.pictures_missed = trouble.missed.size();
    const Taken fresh{.letters = article_text(item.article).size(),
                      .argument = arguments_,
                      .of_feed = item.of_feed};
    auto& taken = taken_[*item.id];
    if (taken.is_counted) {
        COLPORT_TRY(compare(*item.id, item.article));
        if (outweighs(taken, fresh)) {
            // A page beside its feed is what every site has.
            if (taken.argument != fresh.argument || taken.of_feed == fresh.of_feed) ++teasers_;
            return done();
        }
    }
    taken.letters = fresh.letters;
    taken.argument = fresh.argument;
    taken.of_feed = fresh.of_feed;
    return store(std::move(item), taken);
}

bool Intake::outweighs(const Taken& taken, const Taken& other) {
    if (taken.argument == other.argument && taken.of_feed != other.of_feed)
        return taken.letters >= other.letters;
    // Else the later text counts: a site cuts a sentence for a reason.
    return 2 * other.letters < taken.letters;
}

Status Intake::compare(const ArticleId& id, const pb::Article& other) {
    const auto draft = load_draft(workshop_, id);
    if (!draft && draft.error().code == Errc::not_found) return done();
    if (!draft) return draft.error();
    if (!are_one(*draft, other))
        report_.warnings.push_back(fmt::format(
            "“{}” and “{}” have one name, {}: only one of them is taken", shorten(draft->title(), 80),
            shorten(other.title(), 80), shorten(ledger_.name_of(id), 200)));
    return done();
}

Status Intake::store(ImportedArticle item, Taken& taken) {
    Imported one;
    one.articles.push_back(std::move(item));
    auto report = COLPORT_TRY(add_drafts(workshop_, feed_, published_, std::move(one)));
    const bool counts = report.added + report.changed + report.unchanged > 0;
    // An article counts once, as what it was to readers before this run.
    if (taken.is_counted && counts)
        --(taken.as == Taken::added     ? report_.added
           : taken.as == Taken::changed ? report_.changed
                                        : report_.unchanged);
    if (taken.as == Taken::added)
        report.added += std::exchange(report.changed, 0) + std::exchange(report.unchanged, 0);
    if (taken.as == Taken::changed) report.changed += std::exchange(report.unchanged, 0);
    taken.is_counted = taken.is_counted || counts;
    if (counts)
        taken.as = report.added > 0     ? Taken::added
                   : report.changed > 0 ? Taken::changed
                                        : Taken::unchanged;
    merge(report_, std::move(report));
    return done();
}

Status Intake::add_source(const Read& read, ImportOptions options, const std::string& origin,
                          bool is_folder) {
    std::vector<ArticleId> found;
    Postponed postponed;
    trouble_ = {};
    const ImportTaker taker{
        [&](ImportedArticle item) -> Status {
            // What was redacted is not to be fetched again.
            const auto id = ledger_.id_of(feed_, item.guid, item.article.url());
            if (options_.full_text && !is_redacted(workshop_, id) &&
                !COLPORT_TRY(withdrawn_at(redacted_at_, id, item.article.url())) &&
                !COLPORT_TRY(complete(item, options, postponed)))
                return done();
            return take(std::move(item), found, postponed);
        },
        [&](pb::Picture picture) { return take(std::move(picture)); }};
    auto own = options;
    own.taker = &taker;
    auto imported = read(own);
    if (!imported) {
        // What came before the damage stays, under names that must be known again.
        COLPORT_TRY(ledger_.save(ledger_path(workshop_)));
        return std::move(imported).error();
    }
    report_.waiting += postponed.count;
    if (postponed.count > 0)
        report_.warnings.push_back(fmt::format(
            "{} for the next time: {}",
            postponed.count == 1 ? "one article waits"
                                 : fmt::format("{} articles wait", postponed.count),
            postponed.why));
    for (auto& warning : imported->warnings) report_.warnings.push_back(std::move(warning));
    for (const auto& left : imported->standing)
        for (const auto& id : ledger_.known_ids(left.guid, left.url)) found.push_back(id);
    no_articles_ += imported->no_articles;
    const bool is_export = !imported->site.empty();
    const bool is_whole = options_.whole || is_export || is_folder;
    const auto held_by = is_export ? "wordpress:" + address_key(imported->site) : origin;
    auto& facts = origins_[held_by];
    facts.complete = facts.complete && !imported->damaged && postponed.count == 0;
    facts.whole = facts.whole || is_whole;
    if (!is_whole) return done();
    facts.held.insert(found.begin(), found.end());
    for (const auto& id : found) ledger_.note_origin(id, held_by);
    return done();
}

Result<bool> Intake::complete(ImportedArticle& item, const ImportOptions& options,
                              Postponed& postponed) {
    auto completed = complete_article(
        item.article, options,
        [this](const std::string& url) -> Result<FoundPage> {
            if (pages_) return FoundPage{COLPORT_TRY(pages_->find(url)), {}};
            auto page = COLPORT_TRY(web_.get_in_turn(url, max_fetched_page));
            return FoundPage{std::move(page.body), std::move(page.charset)};
        },
        reader());
    if (!completed) {
        ++postponed.count;
        postponed.why = completed.error().message;
        trouble_ = {};
        return false;
    }
    for (auto& picture : completed->pictures) COLPORT_TRY(take(std::move(picture)));
    for (auto& warning : completed->warnings) report_.warnings.push_back(std::move(warning));
    return true;
}

/// What the newsroom took back is not to return because its site's cache is slow.
Result<bool> Intake::is_retracted(const ArticleId& id) const {
    const auto known = published_.articles.find(id);
    if (known == published_.articles.end()) return false;
    if (known->second.retracted) return true;
    return is_retraction_draft(workshop_, id);
}

std::optional<std::string> Intake::fetch_picture(const std::string& source,
                                                 const std::string& base) {
    const auto address = resolve_web_address(source, base);
    if (options_.fetch && !address.empty() && !web_.is_allowed(address)) {
        refused_hosts_.insert(host_of(address));
        trouble_.refused = true;
        return std::nullopt;
    }
    if (!options_.fetch || address.empty()) {
        trouble_.missed.insert(source);
        return std::nullopt;
    }
    trouble_.asked.push_back(address);
    auto picture = web_.get_picture(address, max_picture_file);
    if (picture) return std::move(picture->body);
    const auto& error = picture.error();
    trouble_.missed.insert(source);
    if (error.code == Errc::not_found) trouble_.gone = true;
    if (error.code == Errc::network && !web_.is_given_up(address)) trouble_.waits = error.message;
    return std::nullopt;
}

Result<bool> Intake::is_known(const ArticleId& id) const {
    if (is_redacted(workshop_, id)) return false;
    const auto known = published_.articles.find(id);
    if (known != published_.articles.end()) return !known->second.retracted;
    return COLPORT_TRY(workshop_.draft_store())->holds(id);
}

Status Intake::settle_missing(const std::string& origin, const Origin& facts) {
    if (!facts.whole) return done();
    std::vector<ArticleId> gone;
    for (const auto& id : ledger_.missing_from(origin, facts.held))
        if (COLPORT_TRY(is_known(id)) && !COLPORT_TRY(is_retracted(id))) gone.push_back(id);
    if (gone.empty()) return done();
    if (!facts.complete || failed_) {
        report_.warnings.push_back(origin.substr(origin.find(':') + 1) +
                                   ": not read to its end, so nothing is taken for gone");
        return done();
    }
    const bool was_prepared = is_release_prepared(workshop_);
    for (const auto& id : gone) {
        report_.missing.push_back(ledger_.name_of(id));
        if (!options_.retract_missing) continue;
        COLPORT_TRY(retract_article(workshop_, published_, id, {}));
        ++report_.retracted;
    }
    if (was_prepared && !is_release_prepared(workshop_))
        report_.warnings.push_back("the release that was prepared for a signature holds what is "
                                   "retracted now and is finished no more: prepare it again");
    return done();
}

Result<IntakeReport> Intake::finish() {
    for (const auto& [origin, facts] : origins_) COLPORT_TRY(settle_missing(origin, facts));
    if (report_.pictures_stay > 0)
        report_.warnings.push_back(fmt::format(
            "{} not all pictures can be had now: those of before stay (correct or redact takes one "
            "away)", report_.pictures_stay == 1
                         ? "of one article"
                         : fmt::format("of {} articles", report_.pictures_stay)));
    for (const auto& host : refused_hosts_)
        report_.warnings.push_back(
            fmt::format("pictures on {0} are left out: allow them with --from {0}", host));
    if (teasers_ > 0)
        report_.warnings.push_back(fmt::format(
            "{} less than half as long as another text of the same name, left out",
            teasers_ == 1 ? "one text is" : fmt::format("{} texts are", teasers_)));
    if (retracted_ > 0)
        report_.warnings.push_back(fmt::format(
            "{} retracted, left out (--restore brings {} back)",
            retracted_ == 1 ? "one article was" : fmt::format("{} articles were", retracted_),
            retracted_ == 1 ? "it" : "them"));
    if (redacted_ > 0)
        report_.warnings.push_back(fmt::format(
            "{} redacted, left out: take {} off the site (redact --allow lets {} in again)",
            redacted_ == 1 ? "one article was" : fmt::format("{} articles were", redacted_),
            redacted_ == 1 ? "it" : "them", redacted_ == 1 ? "it" : "them"));
    if (!sandbox_->missing_filter().empty())
        report_.warnings.push_back(
            fmt::format("this system filters no system calls ({}): files were read under limits of "
                        "time and memory alone",
                        sandbox_->missing_filter()));
    COLPORT_TRY(save());
    web_.sweep();
    return std::move(report_);
}

/// A source that holds it came with its pictures.
Status Intake::forget_redacted() {
    if (!forgets_) return done();
    return remove_published_drafts(workshop_, published_);
}

Status Intake::save() {
    COLPORT_TRY(ledger_.save(ledger_path(workshop_)));
    COLPORT_TRY(forget_redacted());
    return sync_drafts(workshop_);
}

}  // namespace colport
