#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "press/import.h"
#include "press/page/inline_text.h"

/// What tests of importers ask again and again.
namespace colport::test {

inline Imported import_ok(Bytes content, const std::string& name,
                          const ImportOptions& options = {}) {
    auto out = import_source(content, name, options);
    INFO(name << ": " << (out ? std::string() : out.error().message));
    REQUIRE(out);
    return *out;
}

inline bool has_warning(const Imported& imported, const std::string& words) {
    for (const auto& line : imported.warnings)
        if (line.find(words) != std::string::npos) return true;
    return false;
}

inline std::string text_of_article(const pb::Article& article) {
    return text_of_blocks(article.blocks(), 1 << 20);
}

}  // namespace colport::test
