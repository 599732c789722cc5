#pragma once

#include <string>

#include "press/page/page_facts.h"

namespace colport {

/// `https://gazette.example/`
bool is_front_page(const std::string& address);

/// Whether a source's stable name is that of a site's front page: its address, or
/// `folder/index.html`.
bool is_front_name(const std::string& stable_name);

/// What og:type says, in lower case; empty when it is silent.
std::string kind_of_page(const xmlNode* root);

/// Whether a page says that it is an article, or at least does not deny it: what is of
/// another kind and undated is none.
bool may_be_article(const std::string& kind, bool is_dated);

/// Whether a page of a whole site is one of its lists, by where it lies: the front
/// page, tags, categories, authors, `page/2`.
bool is_list_name(const std::string& stable_name);

}  // namespace colport
