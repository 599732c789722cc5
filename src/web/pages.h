#pragma once

#include "web/context.h"

/// The pages that people read. Each answers one request.
namespace colport::web {

Response front_page(const Context& context);
Response search_page(const Context& context);
Response starred_page(const Context& context);
Response history_page(const Context& context);
Response sections_page(const Context& context);
Response tags_page(const Context& context);
Response authors_page(const Context& context);
/// The picture that stands for a key: `rest` is the key and ".svg".
Response fingerprint(const Context& context, std::string_view rest);
Response feeds_page(const Context& context);
/// `rest` is the address after /feed/: a key, and qr.svg or link.txt of it.
Response feed_page(const Context& context, std::string_view rest);
Response follow_page(const Context& context);
Response settings_page(const Context& context);
Response keys_page(const Context& context);
/// Has nothing to do with any of this, and is where leaving at once leads.
Response harmless_page();
/// `?format=text|markdown|json` gives the article in another form.
Response article_page(const Context& context, const std::string& id_prefix);
/// A picture of an article, by its hash.
Response picture(const Context& context, const std::string& hash);

/// An article in the form that a person or a script asked for. `format` is
/// text, markdown, json or html, the last as a page that stands by itself.
/// Errors: invalid.
Result<Response> article_as(const StoredArticle& stored, const std::string& format);

/// A page that says what went wrong.
Response error_page(const Context& context, const Error& error);
Response error_page(const Context& context, int status, std::string_view heading,
                    const Error& error);
Response no_such_page(const Context& context);

inline constexpr const char* harmless_address = "/kitchen";

}  // namespace colport::web
