#include "press/intake/full_text.h"

#include "core/limits.h"
#include "feed/files.h"
#include "press/clean_text.h"
#include "press/formats/feed_elements.h"
#include "press/intake/ledger.h"
#include "press/intake/sources.h"
#include "press/page/inline_text.h"
#include "press/urls.h"

namespace colport {
namespace {

constexpr std::size_t max_page = 16 * limits::mib;
constexpr std::size_t whole_text = std::size_t{4} << 20;

std::string text_of_article(const pb::Article& article) {
    return text_of_blocks(article.blocks(), whole_text);
}

void complete(pb::Article& article, pb::Article page) {
    const auto teaser = text_of_article(article);
    if (text_of_article(page).size() <= teaser.size()) return;
    if (article.title().empty()) article.set_title(page.title());
    std::string brief = article.summary();
    if (brief.empty()) brief = teaser.substr(0, teaser.find('\n'));
    article.clear_summary();
    *article.mutable_blocks() = std::move(*page.mutable_blocks());
    set_summary(article, brief);
    if (!article.has_lead() && page.has_lead()) *article.mutable_lead() = page.lead();
    if (article.authors().empty()) *article.mutable_authors() = page.authors();
    if (article.section().empty()) article.set_section(page.section());
    for (const auto& tag : page.tags()) add_tag(article, tag);
    if (article.published() == 0) {
        article.set_published(page.published());
        article.set_zone(page.zone());
    }
    if (article.language().empty()) article.set_language(page.language());
}

/// `<!-- saved from url=(0028)https://pier.example/a -->`
std::string noted_address(Bytes page) {
    constexpr std::string_view mark = "saved from url=(";
    const auto begin = page.substr(0, 2048);
    const auto at = begin.find(mark);
    if (at == begin.npos) return {};
    const auto rest = begin.substr(at + mark.size());
    const auto close = rest.find(')');
    if (close == rest.npos) return {};
    return resolve_web_address(rest.substr(close + 1, rest.find(" -->") - close - 1), {});
}

}  // namespace

Result<Completed> complete_article(pb::Article& article, const ImportOptions& options,
                                   const FindPage& find, const ImportPage& read) {
    Completed out;
    if (article.url().empty()) return out;
    const auto page = find(article.url());
    if (!page && page.error().code == Errc::network) return page.error();
    auto page_options = options;
    page_options.format = SourceFormat::html;
    page_options.charset = page ? page->charset : std::string();
    page_options.base_url = article.url();
    page_options.stable_name = article.url();
    auto found = page ? read(page->body, article.url(), page_options) : Result<Imported>(page.error());
    if (!found) {
        out.warnings.push_back(article.url() + ": " + found.error().message);
    } else if (!found->articles.empty()) {
        complete(article, std::move(found->articles[0].article));
        out.pictures = std::move(found->pictures);
        out.warnings = std::move(found->warnings);
    }
    return out;
}

Result<SavedPages> SavedPages::open(const std::filesystem::path& folder, const ImportPage& read) {
    SavedPages out;
    out.folder_ = folder;
    ImportOptions options;
    options.format = SourceFormat::html;
    const auto sources = COLPORT_TRY(find_sources(folder));
    for (const auto& source : sources.files) {
        if (source.path.extension().string().find("htm") == std::string::npos) continue;
        const auto page = read_file(source.path, max_page);
        if (!page) continue;
        auto address = noted_address(*page);
        if (address.empty())
            if (const auto found = read(*page, source.path.string(), options);
                found && !found->articles.empty())
                address = found->articles[0].article.url();
        if (!address.empty()) out.by_address_.try_emplace(address_key(address), source.path);
    }
    return out;
}

Result<std::string> SavedPages::find(const std::string& url) const {
    const auto key = address_key(url);
    std::error_code failed;
    const auto home = std::filesystem::canonical(folder_, failed);
    if (const auto known = by_address_.find(key); known != by_address_.end())
        return read_file(known->second, max_page);
    const auto path = std::filesystem::path(key.substr(0, key.find('?'))).lexically_normal();
    if (!path.empty() && path.is_relative() && *path.begin() != "..")
        for (const char* ending : {"/index.html", ".html", ".htm", ""})
            for (const char* host : {"", "www."}) {
                const auto file = folder_ / (host + path.string() + ending);
                if (!std::filesystem::is_regular_file(file, failed)) continue;
                const auto real = std::filesystem::canonical(file, failed);
                const auto inside = real.lexically_relative(home);
                if (!inside.empty() && *inside.begin() != "..") return read_file(real, max_page);
            }
    return Error{Errc::not_found, "no page of that address in " + folder_.string()};
}

}  // namespace colport
