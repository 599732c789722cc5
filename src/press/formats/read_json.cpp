#include "press/formats/read_json.h"

#include <simdjson.h>

namespace colport {
namespace {

using Json = nlohmann::json;
namespace dom = simdjson::dom;

/// No deeper than the parser went.
Json copy_of(const dom::element& value) {
    switch (value.type()) {
        case dom::element_type::OBJECT: {
            auto out = Json::object();
            for (const auto& [key, held] : dom::object(value)) out[std::string(key)] = copy_of(held);
            return out;
        }
        case dom::element_type::ARRAY: {
            auto out = Json::array();
            for (const auto& held : dom::array(value)) out.push_back(copy_of(held));
            return out;
        }
        case dom::element_type::STRING: return std::string_view(value);
        case dom::element_type::INT64:
            if (std::int64_t(value) < 0) return std::int64_t(value);
            [[fallthrough]];
        case dom::element_type::UINT64: return std::uint64_t(value);
        case dom::element_type::DOUBLE: return double(value);
        case dom::element_type::BOOL: return bool(value);
        case dom::element_type::NULL_VALUE: break;
    }
    return nullptr;
}

}  // namespace

Json read_json(Bytes text) {
    dom::parser parser;
    if (const auto parsed = parser.parse(text.data(), text.size());
        parsed.error() == simdjson::SUCCESS)
        return copy_of(parsed.value_unsafe());
    // It refuses what is no fault: numbers of any length, deep nesting.
    return Json::parse(text, nullptr, false);
}

}  // namespace colport
