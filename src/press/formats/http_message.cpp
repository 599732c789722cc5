#include "press/formats/http_message.h"

#include <http_parser.h>

#include "press/clean_text.h"
#include "press/formats/byte_source.h"

namespace colport {
namespace {

constexpr std::size_t max_fields = 200;

/// What http_parser says, gathered.
struct Gathered {
    HttpMessage message;
    std::string name, value;
    bool in_value = false;
    std::size_t limit = 0;
    bool too_large = false;

    void end_field() {
        if (!name.empty() && message.fields.size() < max_fields)
            message.fields[ascii_lower(name)] = clean_line(value);
        name.clear();
        value.clear();
    }
};

Gathered& gathered(http_parser* parser) { return *static_cast<Gathered*>(parser->data); }

int on_name(http_parser* parser, const char* at, std::size_t size) {
    auto& all = gathered(parser);
    if (std::exchange(all.in_value, false)) all.end_field();
    all.name.append(at, size);
    return 0;
}

int on_value(http_parser* parser, const char* at, std::size_t size) {
    auto& all = gathered(parser);
    all.in_value = true;
    all.value.append(at, size);
    return 0;
}

int on_head(http_parser* parser) {
    auto& all = gathered(parser);
    all.end_field();
    all.message.status = parser->status_code;
    return 0;
}

int on_head_alone(http_parser* parser) {
    on_head(parser);
    return 1;   // no body is to be looked for
}

int on_body(http_parser* parser, const char* at, std::size_t size) {
    auto& all = gathered(parser);
    if (all.message.body.size() + size > all.limit) {
        all.too_large = true;
        return 1;
    }
    all.message.body.append(at, size);
    return 0;
}

/// Without `body` the head alone is read.
http_errno gather(Bytes message, http_cb head, http_data_cb body, Gathered& all) {
    http_parser parser;
    http_parser_init(&parser, HTTP_RESPONSE);
    parser.data = &all;
    http_parser_settings settings;
    http_parser_settings_init(&settings);
    settings.on_header_field = on_name;
    settings.on_header_value = on_value;
    settings.on_headers_complete = head;
    settings.on_body = body;
    http_parser_execute(&parser, &settings, message.data(), message.size());
    if (body != nullptr && !all.too_large && HTTP_PARSER_ERRNO(&parser) == HPE_OK)
        http_parser_execute(&parser, &settings, nullptr, 0);
    return HTTP_PARSER_ERRNO(&parser);
}

/// Where the body stands, for messages whose head and body disagree: crawlers
/// store bodies without the chunks that the head promises.
Bytes raw_body(Bytes message) {
    auto at = message.find("\r\n\r\n");
    return at == message.npos ? Bytes() : message.substr(at + 4);
}

}  // namespace

std::string HttpMessage::media_type() const {
    const auto type = field("content-type");
    return ascii_lower(clean_line(type.substr(0, type.find(';'))));
}

Result<HttpMessage> read_http_head(Bytes message) {
    Gathered all;
    gather(message, on_head_alone, nullptr, all);
    if (all.message.status == 0)
        return Error{Errc::corrupt, "holds no answer of a web server"};
    return std::move(all.message);
}

Result<HttpMessage> read_http_message(Bytes message, std::size_t limit) {
    Gathered all;
    all.limit = limit;
    const auto ended = gather(message, on_head, on_body, all);
    if (all.message.status == 0)
        return Error{Errc::corrupt, "holds no answer of a web server"};
    if (all.too_large) return Error{Errc::too_large, "is too large"};
    const bool chunked = ascii_lower(all.message.field("transfer-encoding")).find("chunked") !=
                         std::string::npos;
    if (ended != HPE_OK && chunked)
        all.message.body = raw_body(message);
    // A length that was counted before the crawler unpacked the body.
    else if (!chunked && raw_body(message).size() > all.message.body.size())
        all.message.body = raw_body(message);
    all.message.body = COLPORT_TRY(
        decode_content(all.message.field("content-encoding"), all.message.body, limit));
    return std::move(all.message);
}

}  // namespace colport
