#include "cli/press/request_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "article/article.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "core/spoken.h"
#include "feed/fingerprint.h"

namespace colport::cli {
namespace {

constexpr std::size_t check_bytes = 16;

std::string text_of_release(const RequestSummary& summary) {
    auto out = fmt::format("release   {}, dated {} UTC, in volume {}{}\n", summary.seq,
                           format_time(summary.time, 0), summary.volume,
                           summary.new_volume ? ", which begins with it" : "");
    out += fmt::format("warns     readers after {} days of silence\n",
                       summary.fresh_for / (24 * 3600));
    for (const auto& tracker : summary.trackers)
        out += fmt::format("tracker   {}\n", one_line(tracker));
    for (const auto& mirror : summary.mirrors)
        out += fmt::format("mirror    {}\n", one_line(mirror));
    if (summary.replaced_files != 0) {
        out += fmt::format("REPLACES  {} files that readers have; {} articles in them stay\n",
                           summary.replaced_files, summary.unchanged);
        for (const auto& article : summary.vanishing)
            out += fmt::format("VANISHES  {}  {} ({} {})\n", article.id.hex(),
                               one_line(article.title), article.revisions,
                               article.revisions == 1 ? "revision" : "revisions");
        if (summary.vanishing_pictures != 0)
            out += fmt::format("VANISHES  {} pictures\n", summary.vanishing_pictures);
    } else if (summary.articles.empty() && summary.pictures == 0) {
        return out + "articles  none: the newest release is signed anew";
    }
    out += fmt::format("pictures  {}\narticles  {}", summary.pictures, summary.articles.size());
    for (const auto& article : summary.articles)
        out += fmt::format("\n  {}{}{}", one_line(article.title),
                           article.language.empty() ? "" : " [" + one_line(article.language) + "]",
                           article.retracted      ? " (RETRACTS an article)"
                           : article.revision > 1 ? fmt::format(" (revision {})", article.revision)
                                                  : "");
    return out;
}

std::string text_of_keyring(const RequestSummary& summary) {
    auto out = fmt::format("keyring   version {}, dated {} UTC\n", summary.version,
                           format_time(summary.time, 0));
    if (summary.appointing)
        out += fmt::format("appointed by {} of {} root keys of before; {} must\n",
                           summary.appointing->threshold - summary.appointing_left,
                           summary.appointing->keys.size(), summary.appointing->threshold);
    out += fmt::format("signed    by {} of {} root keys; {} must\n", summary.signatures,
                       summary.roots.keys.size(), summary.roots.threshold);
    out += "changes";
    for (const auto& change : summary.changes) out += "\n  " + one_line(change);
    return out;
}

}  // namespace

std::string text_of(const RequestSummary& summary) {
    return fmt::format("feed      {}\nwords     {}\nname      {}\n", summary.feed.hex(),
                       fingerprint_words(summary.feed), one_line(summary.name)) +
           (summary.is_release ? text_of_release(summary) : text_of_keyring(summary));
}

std::string check_words(const RequestSummary& summary) {
    const auto hash = Sha256::from_hex_text(summary.fingerprint);
    return hash ? to_spoken(hash->view().substr(0, check_bytes)) : "";
}

std::string check_line(const RequestSummary& summary) {
    return fmt::format("check     {}", check_words(summary));
}

bool are_check_words(const RequestSummary& summary, const std::string& typed) {
    const auto bytes = from_spoken(typed);
    return bytes && bytes->size() == check_bytes && to_spoken(*bytes) == check_words(summary);
}

nlohmann::json json_of(const RequestSummary& summary) {
    nlohmann::json out{{"feed", summary.feed.hex()}, {"name", summary.name}, {"time", summary.time}};
    if (!summary.fingerprint.empty()) out["check"] = check_words(summary);
    if (!summary.is_release) {
        out["version"] = summary.version;
        out["changes"] = summary.changes;
        out["threshold"] = summary.roots.threshold;
        out["signatures"] = summary.signatures;
        out["root_keys"] = nlohmann::json::array();
        for (const auto& key : summary.roots.keys) out["root_keys"].push_back(key.hex());
        out["still_to_sign"] = summary.signatures_left;
        out["still_to_appoint"] = summary.appointing_left;
        return out;
    }
    auto articles = nlohmann::json::array();
    for (const auto& article : summary.articles)
        articles.push_back({{"title", article.title},
                            {"language", article.language},
                            {"revision", article.revision},
                            {"retracted", article.retracted}});
    out["seq"] = summary.seq;
    out["volume"] = summary.volume;
    out["articles"] = articles;
    out["pictures"] = summary.pictures;
    auto vanishing = nlohmann::json::array();
    for (const auto& article : summary.vanishing)
        vanishing.push_back({{"id", article.id.hex()},
                             {"title", article.title},
                             {"revisions", article.revisions}});
    out["replaced_files"] = summary.replaced_files;
    out["vanishing"] = vanishing;
    out["vanishing_pictures"] = summary.vanishing_pictures;
    out["unchanged"] = summary.unchanged;
    out["trackers"] = summary.trackers;
    out["mirrors"] = summary.mirrors;
    return out;
}

std::string odd_clock(const RequestSummary& summary, std::int64_t now) {
    const auto apart = summary.time > now ? summary.time - now : now - summary.time;
    if (apart <= limits::clock_skew_seconds) return "";
    return fmt::format("the request is dated {} UTC, and this machine's clock says {} UTC",
                       format_time(summary.time, 0), format_time(now, 0));
}

}  // namespace colport::cli
