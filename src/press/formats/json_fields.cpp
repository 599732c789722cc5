#include "press/formats/json_fields.h"

namespace colport {

using Json = nlohmann::json;

std::string string_of(const Json& object, std::initializer_list<const char*> keys) {
    for (const char* key : keys) {
        const auto at = object.find(key);
        if (at == object.end()) continue;
        if (at->is_number_integer()) return at->dump();
        if (!at->is_string()) continue;
        auto out = at->get<std::string>();
        if (out.find_first_not_of(" \t\r\n") != out.npos) return out;
    }
    return {};
}

std::vector<std::string> strings_of(const Json& object, const char* key) {
    std::vector<std::string> out;
    const auto at = object.find(key);
    if (at == object.end()) return out;
    const auto add = [&](const Json& value) {
        if (value.is_string()) out.push_back(value.get<std::string>());
        if (value.is_number_integer()) out.push_back(value.dump());
        if (value.is_object()) out.push_back(string_of(value, {"name"}));
    };
    if (at->is_array())
        for (const auto& value : *at) add(value);
    else
        add(*at);
    return out;
}

}  // namespace colport
