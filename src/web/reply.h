#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/result.h"
#include "web/web.h"

/// Makes responses. Pure.
namespace colport::web {

Response html_reply(int status, std::string body);
Response text_reply(int status, std::string body);
Response json_reply(int status, const nlohmann::json& body);

/// {"error":{"code","message","hint"}} with the HTTP status that fits.
Response json_error(const Error& error);
Response json_error(int status, std::string_view code, std::string message, std::string hint);

/// A stable word for scripts: "not_found".
std::string_view code_of(Errc code);
int status_of(Errc code);

/// An error that names a query parameter.
Error bad_parameter(std::string_view name, std::string_view wanted);

/// Sets what every answer carries, and forbids storing it unless it says
/// otherwise itself.
void add_security_headers(Response& response);

}  // namespace colport::web
