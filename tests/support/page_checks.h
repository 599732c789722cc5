#pragma once

#include "press/page/running_text.h"
#include "support/import_checks.h"

/// What tests of pages and of plain texts ask again and again.
namespace colport::test {

inline const std::string prose =
    "The pilot keeps a notebook of every crossing, with the hour, the wind and the number of "
    "people aboard, and has never once left the landing late.";

inline std::string text_of_page(const std::string& html) {
    const auto out = import_ok("<!doctype html><html><body>" + html, "page.html");
    REQUIRE(out.articles.size() == 1);
    return running_text(out.articles.front().article);
}

inline std::string text_of_note(const std::string& text) {
    const auto out = import_ok(text, "note.txt");
    REQUIRE(out.articles.size() == 1);
    return running_text(out.articles.front().article);
}

inline bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

inline std::string paragraph(const std::string& text) { return "<p>" + text + "</p>"; }

}  // namespace colport::test
