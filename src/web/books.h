#pragma once

#include "web/context.h"

/// Articles for the news and e-book readers that people have.
namespace colport::web {

/// The newest of a feed, as "atom.xml" or "feed.json". Errors: not_found.
Result<Response> feed_syndication(const Context& context, const PublicKey& feed,
                                  std::string_view form);
/// What a search finds, newest first. `?q=` and the filters; the same forms.
Result<Response> search_syndication(const Context& context, std::string_view form);

/// An OPDS 1.2 catalogue: /opds, /opds/days, /opds/weeks, and the same of one
/// feed below /opds/feed/KEY. `rest` follows /opds.
Result<Response> catalogue_page(const Context& context, std::string_view rest);

/// "day/2026-03-14.epub" or "week/2026-03-09.epub", of all feeds or of ?feed.
Result<Response> book_of_days(const Context& context, std::string_view rest);
/// The bundle that the article lies in, with what proves it (feed/package.h), for any
/// Colport to import.
Result<Response> package_of_article(const Context& context, const StoredArticle& stored);
Result<Response> book_of_article(const Context& context, const StoredArticle& stored);

}  // namespace colport::web
