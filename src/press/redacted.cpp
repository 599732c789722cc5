#include "press/redacted.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/limits.h"
#include "feed/files.h"
#include "press/correction.h"
#include "press/draft_store.h"
#include "press/drafts.h"
#include "press/formats/json_fields.h"

namespace colport {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

fs::path note_path(const Workshop& workshop, const ArticleId& id) {
    return workshop.redacted() / (id.hex() + ".json");
}

}  // namespace

bool is_redacted(const Workshop& workshop, const ArticleId& id) {
    std::error_code ignored;
    return fs::exists(note_path(workshop, id), ignored);
}

std::vector<ArticleId> redacted_articles(const Workshop& workshop) {
    std::vector<ArticleId> out;
    std::error_code error;
    for (fs::directory_iterator at(workshop.redacted(), error), end; !error && at != end;
         at.increment(error))
        if (const auto id = ArticleId::from_hex_text(at->path().stem().string()))
            out.push_back(*id);
    std::sort(out.begin(), out.end());
    return out;
}

Result<std::set<Sha256>> redacted_pictures(const Workshop& workshop) {
    std::set<Sha256> out;
    for (const auto& id : redacted_articles(workshop)) {
        const auto path = note_path(workshop, id);
        auto article = decode_redacted(COLPORT_TRY(read_file(path, limits::mib)));
        if (!article) return std::move(article).error().in(path.string());
        out.merge(article->pictures);
    }
    return out;
}

std::size_t leave_out_pictures(const std::set<Sha256>& refused, pb::Article& article) {
    std::size_t out = 0;
    const auto clear = [&](pb::Figure& figure) {
        const auto picture = Sha256::from(figure.picture());
        if (!picture || !refused.contains(*picture)) return;
        figure.clear_picture();
        figure.clear_width();
        figure.clear_height();
        figure.clear_size();
        ++out;
    };
    if (refused.empty()) return 0;
    if (article.has_lead()) clear(*article.mutable_lead());
    for (auto& block : *article.mutable_blocks())
        if (block.has_figure()) clear(*block.mutable_figure());
    return out;
}

std::string encode_redacted(const RedactedArticle& article) {
    Json pictures = Json::array();
    for (const auto& picture : article.pictures) pictures.push_back(picture.hex());
    const Json out{{"id", article.id.hex()},
                   {"time", article.time},
                   {"reason", article.reason},
                   {"pictures", pictures}};
    return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<RedactedArticle> decode_redacted(const std::string& note) {
    const auto json = Json::parse(note, nullptr, false);
    const auto id = json.is_object() ? ArticleId::from_hex_text(string_of(json, {"id"}))
                                     : std::nullopt;
    if (!id || !json.contains("time") || !json["time"].is_number_integer())
        return Error{Errc::corrupt, "damaged note of a redaction"};
    RedactedArticle out{*id, json["time"].get<std::int64_t>(), string_of(json, {"reason"}), {}};
    for (const auto& picture : strings_of(json, "pictures"))
        if (const auto hash = Sha256::from_hex_text(picture)) out.pictures.insert(*hash);
    return out;
}

Status forget_article(const Workshop& workshop, const RedactedArticle& article) {
    COLPORT_TRY(make_directory(workshop.redacted(), 0700));
    COLPORT_TRY(write_file(note_path(workshop, article.id), encode_redacted(article), 0600));
    auto& store = *COLPORT_TRY(workshop.draft_store());
    COLPORT_TRY(store.remove({article.id}));
    COLPORT_TRY(store.note_wording(article.id, {}));
    for (const auto& picture : article.pictures)
        COLPORT_TRY(remove_path(picture_path(workshop, picture)));
    COLPORT_TRY(remove_path(overruled_path(workshop, article.id)));
    COLPORT_TRY(remove_path(workshop.web()));
    COLPORT_TRY(remove_path(workshop.prepared_release()));
    return sync_drafts(workshop);
}

Status allow_again(const Workshop& workshop, const ArticleId& id) {
    if (!is_redacted(workshop, id))
        return Error{Errc::not_found, "no article with the id " + id.hex() + " was redacted"};
    return remove_path(note_path(workshop, id));
}

}  // namespace colport
