#include "article/article.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "core/crypto.h"
#include "core/limits.h"

namespace colport {
namespace {

Error corrupt(std::string_view what) {
    return {Errc::corrupt, fmt::format("damaged article: {}", what)};
}

template <class Spans>
bool good_spans(const Spans& spans) {
    return std::all_of(spans.begin(), spans.end(), [](const pb::Span& span) {
        return is_text(span.text()) && span.style() < 64 &&
               (span.href().empty() || is_safe_link(span.href()));
    });
}

bool good_figure(const pb::Figure& figure) {
    return (figure.picture().empty() || figure.picture().size() == Sha256::size) &&
           is_text(figure.alt()) && is_text(figure.credit()) && good_spans(figure.caption());
}

bool good_list(const pb::List& list) {
    return std::all_of(list.items().begin(), list.items().end(), [](const auto& item) {
        return item.depth() <= 8 && good_spans(item.spans());
    });
}

bool good_quote(const pb::Quote& quote) {
    return is_text(quote.source()) &&
           std::all_of(quote.paragraphs().begin(), quote.paragraphs().end(),
                       [](const auto& paragraph) { return good_spans(paragraph.spans()); });
}

bool good_table(const pb::Table& table) {
    for (const auto& row : table.rows())
        for (const auto& cell : row.cells())
            if (!good_spans(cell.spans())) return false;
    return good_spans(table.caption());
}

bool good_block(const pb::Block& block) {
    switch (block.kind_case()) {
        case pb::Block::kParagraph: return good_spans(block.paragraph().spans());
        case pb::Block::kHeading:
            return block.heading().level() >= 2 && block.heading().level() <= 6 &&
                   good_spans(block.heading().spans());
        case pb::Block::kList: return good_list(block.list());
        case pb::Block::kQuote: return good_quote(block.quote());
        case pb::Block::kTable: return good_table(block.table());
        case pb::Block::kCode:
            return is_text(block.code().text()) && is_text(block.code().language());
        case pb::Block::kFigure: return good_figure(block.figure());
        case pb::Block::kEmbed:
            return is_text(block.embed().title()) && is_safe_link(block.embed().url());
        case pb::Block::kRule: return true;
        // A kind that a later version adds is left out, not refused.
        case pb::Block::KIND_NOT_SET: return true;
    }
    return false;
}

template <class Strings>
bool all_text(const Strings& strings) {
    return std::all_of(strings.begin(), strings.end(), [](const auto& s) { return is_text(s); });
}

std::optional<std::tm> local_time(std::int64_t seconds, int zone_minutes) {
    const std::time_t shifted = seconds + std::int64_t{zone_minutes} * 60;
    std::tm out{};
    if (gmtime_r(&shifted, &out) == nullptr) return std::nullopt;
    return out;
}

// The years 1 to 9999.
constexpr std::int64_t earliest = -62'135'596'800;
constexpr std::int64_t latest = 253'402'300'799;
constexpr int most_zone = 18 * 60;

bool good_time(std::int64_t seconds) { return seconds >= earliest && seconds <= latest; }

}  // namespace

ArticleId article_id(const PublicKey& feed, std::string_view guid) {
    const auto hash = sha256("colport article id v1\n" + feed.str() + std::string(guid));
    return *ArticleId::from(hash.view().substr(0, ArticleId::size));
}

Status check(const pb::Article& article) {
    if (article.ByteSizeLong() > limits::article)
        return Error{Errc::too_large, "article is over 4 MiB"};
    if (article.id().size() != ArticleId::size || article.revision() == 0)
        return corrupt("id or revision");
    if (!pb::Article::Status_IsValid(article.status()))
        return Error{Errc::unsupported, "the article is of a newer format",
                     "install a newer colport"};
    if (!is_text(article.title()) || !is_text(article.note()) || !is_text(article.language()) ||
        !is_text(article.section()) || !is_text(article.summary()) ||
        !all_text(article.authors()) || !all_text(article.tags()))
        return corrupt("text is not UTF-8");
    if (!article.url().empty() && !is_safe_link(article.url())) return corrupt("address");
    if (!good_time(article.published()) || !good_time(article.updated()) ||
        article.zone() < -most_zone || article.zone() > most_zone)
        return corrupt("time");
    if (article.status() == pb::Article::RETRACTED &&
        (!article.title().empty() || !article.summary().empty() || article.has_lead() ||
         article.blocks_size() != 0))
        return corrupt("a retraction that carries text");
    if (article.has_lead() && !good_figure(article.lead())) return corrupt("lead picture");
    for (const auto& block : article.blocks())
        if (!good_block(block)) return corrupt("block");
    return done();
}

bool is_safe_link(std::string_view url) {
    if (!url.starts_with("http://") && !url.starts_with("https://") && !url.starts_with("mailto:"))
        return false;
    if (url.size() > 4096 || !is_text(url)) return false;
    return std::all_of(url.begin(), url.end(), [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '"' && c != '<' && c != '>';
    });
}

bool is_right_to_left(std::string_view language) {
    const auto primary = language.substr(0, language.find('-'));
    for (const char* known : {"ar", "fa", "he", "ur", "ps", "ug", "yi", "dv", "ckb", "sd"})
        if (primary == known) return true;
    return false;
}

std::string format_time(std::int64_t seconds, int zone_minutes) {
    const auto time = seconds == 0 ? std::nullopt : local_time(seconds, zone_minutes);
    return time ? fmt::format("{:%Y-%m-%d %H:%M}", *time) : "";
}

std::string format_timestamp(std::int64_t seconds, int zone_minutes) {
    const auto time = seconds == 0 ? std::nullopt : local_time(seconds, zone_minutes);
    if (!time) return "";
    const int minutes = std::abs(zone_minutes);
    const std::string zone =
        zone_minutes == 0 ? "Z"
                          : fmt::format("{}{:02}:{:02}", zone_minutes < 0 ? '-' : '+', minutes / 60,
                                        minutes % 60);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}{}", *time, zone);
}

}  // namespace colport
