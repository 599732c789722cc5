#include "press/import_sink.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/crypto.h"
#include "core/limits.h"
#include "press/clean_text.h"
#include "press/language.h"
#include "press/page/inline_text.h"
#include "press/page/line_shape.h"

namespace colport {
namespace {

constexpr std::size_t max_warnings = 100;
// More are as good as a source that cannot be read to its end.
constexpr std::size_t max_standing = 1000;
constexpr std::size_t max_standing_name = 4 * limits::kib;
constexpr std::size_t max_title = 500;
constexpr std::size_t max_name = 200;
constexpr std::size_t max_summary = 2000;
constexpr int max_names = 64;
// Id, revision and a note are added later.
constexpr std::size_t spare = 4 * limits::kib;
// Fewer words than these are a box; of more, a share like this may have been text.
constexpr std::size_t words_of_a_box = 40;
constexpr std::size_t suspicious_share = 8;
constexpr std::size_t whole_text = std::size_t{4} << 20;
// Twice what is looked at.
constexpr std::size_t enough_for_language = 4 * limits::kib;

template <class Names>
void add_once(Names* names, const std::string& name) {
    if (name.empty() || names->size() >= max_names) return;
    if (std::find(names->begin(), names->end(), name) == names->end()) *names->Add() = name;
}

std::string heading_text(const pb::Block& block) {
    std::string out;
    append_text(out, block.heading().spans());
    return clean_line(out);
}

/// Takes from the front what the article shows above its blocks anyway: the
/// title again, and the picture that leads.
void take_lead(pb::Article& article) {
    auto* blocks = article.mutable_blocks();
    const auto take_title = [&] {
        if (blocks->empty() || !(*blocks)[0].has_heading()) return;
        if (heading_text((*blocks)[0]) == article.title()) blocks->erase(blocks->begin());
    };
    take_title();
    // A lead that the text begins with once more.
    if (article.has_lead() && !blocks->empty() && (*blocks)[0].has_figure() &&
        (*blocks)[0].figure().picture() == article.lead().picture()) {
        if (article.lead().caption().empty())
            *article.mutable_lead() = std::move(*(*blocks)[0].mutable_figure());
        blocks->erase(blocks->begin());
    }
    if (!article.has_lead() && blocks->size() > 1 && (*blocks)[0].has_figure()) {
        *article.mutable_lead() = std::move(*(*blocks)[0].mutable_figure());
        blocks->erase(blocks->begin());
        take_title();
    }
}

/// Something to show where a source gives no title.
std::string title_from_text(const pb::Article& article) {
    for (const auto& block : article.blocks()) {
        std::string text;
        append_block_text(text, block);
        if (auto line = clean_line(text.substr(0, text.find('\n'))); !line.empty())
            return shorten(line, 80);
    }
    return {};
}

}  // namespace

void add_author(pb::Article& article, std::string_view text) {
    add_once(article.mutable_authors(), shorten(clean_line(text), max_name));
}

void add_tag(pb::Article& article, std::string_view text) {
    add_once(article.mutable_tags(), shorten(clean_line(text), max_name));
}

void set_summary(pb::Article& article, std::string_view summary) {
    auto line = clean_line(summary);
    auto start = line;
    for (const std::string_view end : {"[…]", "[...]", "…", "...", "[", "."})
        if (start.ends_with(end)) start = clean_line(start.substr(0, start.size() - end.size()));
    if (start.empty()) return;
    const auto body = clean_line(text_of_blocks(article.blocks(), 2 * start.size() + 4096));
    if (body.find(start) == body.npos && line != article.title())
        article.set_summary(shorten(line, max_summary));
}

void ImportSink::warn(const std::string& line) {
    if (out_.warnings.size() < max_warnings)
        out_.warnings.push_back(line);
    else
        ++unsaid_;
}

void ImportSink::report_damage(const std::string& where, const std::string& line) {
    warn(where + ": " + line);
    out_.damaged = true;
}

void ImportSink::leave_standing(const std::string& guid, const std::string& url,
                                const std::string& line) {
    if (!line.empty()) warn(line);
    stand(guid, url);
}

void ImportSink::pass_over_page(const std::string& guid, const std::string& url) {
    ++out_.no_articles;
    stand(guid, url);
}

void ImportSink::stand(const std::string& guid, const std::string& url) {
    if (out_.standing.size() < max_standing && guid.size() + url.size() <= max_standing_name)
        out_.standing.push_back({guid, url});
    else
        out_.damaged = true;
}

void ImportSink::add(FoundArticle found) {
    auto& article = found.article;
    const auto named = clean_line(article.title());
    const auto called = shorten(named.empty() ? found.guid : named, 100);
    for (const auto& line : pictures_.take_warnings()) warn(called + ": " + line);
    found.guid = clean_line(found.guid);
    if (found.guid.empty()) found.guid = stable_name();
    article.set_title(named.empty() ? title_from_text(article) : shorten(named, max_title));
    take_lead(article);
    if (found.words_cut >= words_of_a_box &&
        suspicious_share * found.words_cut >= words_in(text_of_blocks(article.blocks(), whole_text)))
        warn(fmt::format("{}: about {} words were left out as boxes beside the text: look at the preview",
                         called, found.words_cut));
    const bool says_something = !text_of_blocks(article.blocks(), 1).empty();
    if (!says_something && article.summary().empty() && !article.has_lead() &&
        article.blocks().empty() &&
        !(found.bare_counts && !(article.title() + article.url()).empty()))
        return leave_standing(found.guid, article.url(), called + ": has no text, left out");
    if (article.updated() <= article.published()) article.clear_updated();
    auto language = normalize_language(found.language);
    if (language.empty())
        language = choose_language(found.language_around, options_.language,
                                   article.title() + "\n" + article.summary() + "\n" +
                                       text_of_blocks(article.blocks(), enough_for_language));
    article.set_language(language);
    if (article.ByteSizeLong() + spare > limits::article)
        return leave_standing(found.guid, article.url(),
                              called + ": larger than an article may be, left out");
    take({std::move(found.guid), std::move(article), found.origin, found.bare_counts, {}, {}});
}

void ImportSink::take(ImportedArticle article) {
    if (!guids_.insert(article.guid).second)
        return warn(fmt::format("{}: a second article with the name '{}', left out",
                                shorten(clean_line(article.article.title()), 100),
                                shorten(article.guid, 100)));
    if (options_.taker) give_away(std::move(article));
    else out_.articles.push_back(std::move(article));
}

void ImportSink::give_picture(const pb::Figure& figure) {
    const auto* picture = pictures_.find(figure.picture());
    if (!picture || !taken_.insert(figure.picture()).second) return;
    if (!options_.taker->picture(*picture)) report_damage("a picture could not be stored");
}

void ImportSink::give_away(ImportedArticle article) {
    give_picture(article.article.lead());
    for (const auto& block : article.article.blocks()) give_picture(block.figure());
    if (!options_.taker->article(std::move(article)))
        report_damage("an article could not be stored");
}

void ImportSink::take(pb::Picture picture) {
    if (taken_.insert(sha256(picture.data()).str()).second)
        out_.pictures.push_back(std::move(picture));
}

void ImportSink::take(const Pictures& pictures) {
    for (const auto& [hash, picture] : pictures.all())
        if (taken_.insert(hash).second) out_.pictures.push_back(picture);
}

Imported ImportSink::finish() {
    const auto keep = [&](const pb::Figure& figure) {
        const auto* picture = pictures_.find(figure.picture());
        if (picture && taken_.insert(figure.picture()).second) out_.pictures.push_back(*picture);
    };
    for (const auto& item : out_.articles) {
        keep(item.article.lead());
        for (const auto& block : item.article.blocks()) keep(block.figure());
    }
    for (const auto& line : pictures_.take_warnings()) warn(line);
    for (const auto& [kind, count] : left_out_)
        warn(fmt::format("{}: {} {}, left out", name_, count,
                         count == 1 ? kind.first : kind.second));
    if (unsaid_ > 0) out_.warnings.push_back(fmt::format("… and {} warnings more", unsaid_));
    return std::move(out_);
}

}  // namespace colport
