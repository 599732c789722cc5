#include "press/formats/front_matter.h"

#include <fmt/format.h>
#include <yaml.h>

#include <sstream>
#include <toml++/toml.h>

#include "press/clean_text.h"

namespace colport {
namespace {

using Json = nlohmann::json;

constexpr std::size_t max_size = std::size_t{256} << 10;
constexpr std::size_t max_depth = 32;

Error not_readable(const char* language, std::string why, std::size_t line) {
    return {Errc::corrupt,
            fmt::format("its front matter is no {}: {}{}", language, why,
                        line == 0 ? "" : fmt::format(" in line {}", line))};
}

/// Builds a value from libyaml's events, one after the other.
class YamlReader {
public:
    explicit YamlReader(std::string_view text) {
        yaml_parser_initialize(&parser_);
        yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size());
    }
    YamlReader(const YamlReader&) = delete;
    YamlReader& operator=(const YamlReader&) = delete;
    ~YamlReader() { yaml_parser_delete(&parser_); }

    Result<Json> read() {
        while (true) {
            yaml_event_t event;
            if (!yaml_parser_parse(&parser_, &event))
                return error(parser_.problem ? parser_.problem : "not readable");
            const auto kind = event.type;
            auto taken = take(event);
            yaml_event_delete(&event);
            COLPORT_TRY(std::move(taken));
            if (kind == YAML_STREAM_END_EVENT || kind == YAML_DOCUMENT_END_EVENT) return root_;
        }
    }

private:
    Error error(const std::string& why) const {
        return not_readable("YAML", why, parser_.mark.line + 2);
    }

    Status take(const yaml_event_t& event) {
        switch (event.type) {
            case YAML_ALIAS_EVENT: return error("aliases are not understood");
            case YAML_SCALAR_EVENT: return put(scalar(event));
            case YAML_SEQUENCE_START_EVENT: return open(Json::array());
            case YAML_MAPPING_START_EVENT: return open(Json::object());
            case YAML_SEQUENCE_END_EVENT:
            case YAML_MAPPING_END_EVENT:
                open_.pop_back();
                keys_.pop_back();
                return done();
            default: return done();
        }
    }

    static Json scalar(const yaml_event_t& event) {
        std::string text(reinterpret_cast<const char*>(event.data.scalar.value),
                         event.data.scalar.length);
        const bool plain = event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        if (plain && (text.empty() || text == "~" || text == "null")) return nullptr;
        return text;
    }

    /// Puts a value where the reader stands: the first scalar of a pair is its key.
    Status put(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return done();
        }
        auto& around = *open_.back();
        if (around.is_array()) {
            around.push_back(std::move(value));
        } else if (!keys_.back()) {
            keys_.back() = value.is_string() ? ascii_lower(value.get<std::string>()) : "";
        } else {
            around[*std::exchange(keys_.back(), std::nullopt)] = std::move(value);
        }
        return done();
    }

    Status open(Json empty) {
        if (open_.size() >= max_depth) return error("nested too deeply");
        if (open_.empty()) {
            root_ = std::move(empty);
            open_.push_back(&root_);
        } else if (auto& around = *open_.back(); around.is_array()) {
            around.push_back(std::move(empty));
            open_.push_back(&around.back());
        } else if (!keys_.back()) {
            return error("a key that is no text");
        } else {
            auto& place = around[*std::exchange(keys_.back(), std::nullopt)];
            place = std::move(empty);
            open_.push_back(&place);
        }
        keys_.emplace_back();
        return done();
    }

    yaml_parser_t parser_;
    Json root_;
    // Elements of a container that is open stay where they are: only the last
    // one of each is being filled.
    std::vector<Json*> open_;
    std::vector<std::optional<std::string>> keys_;
};

Json value_of(const toml::node& node, std::size_t depth) {
    if (depth > max_depth) return nullptr;
    if (const auto* table = node.as_table()) {
        auto out = Json::object();
        for (const auto& [key, value] : *table)
            out[ascii_lower(key.str())] = value_of(value, depth + 1);
        return out;
    }
    if (const auto* array = node.as_array()) {
        auto out = Json::array();
        for (const auto& value : *array) out.push_back(value_of(value, depth + 1));
        return out;
    }
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* flag = node.as_boolean()) return flag->get();
    if (const auto* number = node.as_integer()) return number->get();
    std::ostringstream out;
    node.visit([&](const auto& value) {
        if constexpr (!toml::is_table<decltype(value)> && !toml::is_array<decltype(value)>)
            out << value.get();
    });
    return out.str();
}

Result<Json> read_toml(std::string_view text) {
    try {
        return value_of(toml::parse(text), 0);
    } catch (const toml::parse_error& error) {
        return not_readable("TOML", std::string(error.description()),
                            error.source().begin.line + 1);
    }
}

/// The line at the front, without its end.
std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    while (line.ends_with('\r') || line.ends_with(' ') || line.ends_with('\t'))
        line.remove_suffix(1);
    return line;
}

/// What stands between two lines of `mark`; nothing when the second is missing.
std::optional<std::string_view> fenced(std::string_view text, std::string_view mark,
                                       std::string_view& rest) {
    rest = text;
    if (take_line(rest) != mark) return std::nullopt;
    const auto inside = rest;
    while (!rest.empty()) {
        const auto at = static_cast<std::size_t>(rest.data() - inside.data());
        const auto line = take_line(rest);
        if (line == mark || (mark == "---" && line == "...")) return inside.substr(0, at);
    }
    return std::nullopt;
}

/// The end of the JSON object that `text` begins with.
std::size_t end_of_object(std::string_view text) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size() && at < max_size; ++at) {
        const char c = text[at];
        if (quoted) {
            if (c == '\\') ++at;
            else if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{') {
            ++depth;
        } else if (c == '}' && --depth == 0) {
            return at + 1;
        }
    }
    return text.npos;
}

Json lower_keys(const Json& object) {
    auto out = Json::object();
    for (const auto& [key, value] : object.items()) out[ascii_lower(key)] = value;
    return out;
}

}  // namespace

bool begins_json_object(std::string_view text) {
    if (!text.starts_with('{')) return false;
    const auto next = text.find_first_not_of(" \t\r\n", 1);
    return next != text.npos && (text[next] == '"' || text[next] == '}');
}

Result<FrontMatter> read_front_matter(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    FrontMatter out;
    out.text = text;
    std::string_view rest;
    Result<Json> fields = Json::object();
    if (const auto yaml = fenced(text, "---", rest)) {
        if (yaml->size() > max_size) return Error{Errc::too_large, "its front matter is too large"};
        fields = YamlReader(*yaml).read();
    } else if (const auto toml = fenced(text, "+++", rest)) {
        if (toml->size() > max_size) return Error{Errc::too_large, "its front matter is too large"};
        fields = read_toml(*toml);
    } else if (begins_json_object(text)) {
        const auto end = end_of_object(text);
        if (end == text.npos) return out;
        fields = Json::parse(text.substr(0, end), nullptr, false);
        if (!fields->is_object()) return not_readable("JSON", "it is not an object", 0);
        fields = lower_keys(*fields);
        rest = text.substr(end);
    } else {
        return out;
    }
    auto read = COLPORT_TRY(std::move(fields));
    // An empty one is null; a rule that opens a text encloses prose.
    if (read.is_null()) read = Json::object();
    if (!read.is_object()) return out;
    out.fields = std::move(read);
    out.text = rest;
    out.present = true;
    return out;
}

std::optional<bool> flag_of(const Json& fields, const char* key) {
    const auto at = fields.find(key);
    if (at == fields.end()) return std::nullopt;
    if (at->is_boolean()) return at->get<bool>();
    if (!at->is_string()) return std::nullopt;
    const auto word = ascii_lower(at->get<std::string>());
    for (const char* yes : {"true", "yes", "on"})
        if (word == yes) return true;
    for (const char* no : {"false", "no", "off"})
        if (word == no) return false;
    return std::nullopt;
}

}  // namespace colport
