#include <fmt/format.h>

#include "article/render.h"
#include "feed/fingerprint.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/range.h"
#include "web/reply.h"
#include "web/words.h"

namespace colport::web {
namespace {

constexpr std::string_view picture_types[] = {"image/webp", "image/jpeg", "image/png",
                                              "image/gif"};

Text heading_of(int status) {
    switch (status) {
        case 400: return words::error_400;
        case 403: return words::error_403;
        case 404: return words::error_404;
        case 405: return words::error_405;
        case 503: return words::error_503;
        default: return words::error_500;
    }
}

}  // namespace

Response error_page(const Context& context, const Error& error) {
    const int status = status_of(error.code);
    return error_page(context, status, heading_of(status).view(), error);
}

Response error_page(const Context& context, int status, std::string_view heading,
                    const Error& error) {
    std::string main = notice_html(heading, "");
    for (const auto& detail : {error.message, error.hint})
        if (!detail.empty()) main += detail_html(detail);
    main += back_html();
    return html_reply(status, layout(context, {std::string(heading), main, "", ""}));
}

Response no_such_page(const Context& context) {
    return html_reply(404, layout(context, {std::string(words::error_404),
                                            notice_html(words::error_404, words::no_such_page) +
                                                back_html(),
                                            "", ""}));
}

Response fingerprint(const Context& context, std::string_view rest) {
    constexpr std::string_view end = ".svg";
    if (!rest.ends_with(end)) return no_such_page(context);
    rest.remove_suffix(end.size());
    const auto key = PublicKey::from_hex_text(std::string(rest));
    if (!key) return no_such_page(context);
    return {200, "image/svg+xml", fingerprint_svg(*key), {}};
}

Response picture(const Context& context, const std::string& hash) {
    const auto id = Sha256::from_hex_text(hash);
    if (!id || context.archive == nullptr)
        return error_page(context, {Errc::not_found, "this picture is not in the archive"});
    // A picture's name is its hash: who has it, has this very one.
    const auto tag = "\"" + hash + "\"";
    const std::map<std::string, std::string> headers{{"ETag", tag}};
    auto found = context.archive->picture(*id);
    if (!found) {
        if (found.error().code != Errc::not_found) return error_page(context, found.error());
        return error_page(context, {Errc::not_found, "this picture is not in the archive"});
    }
    // Whatever a publisher signs, nothing but a picture is served as one.
    if (std::find(std::begin(picture_types), std::end(picture_types), found->media_type()) ==
        std::end(picture_types))
        return error_page(context, {Errc::not_found, "this picture is not in the archive"});
    return wanted_part(context.request, {200, found->media_type(),
                                         std::move(*found->mutable_data()), headers});
}

}  // namespace colport::web
