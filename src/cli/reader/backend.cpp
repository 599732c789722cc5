#include "cli/reader/backend.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/terminal.h"

namespace colport::cli {
namespace {

bool answers(const std::filesystem::path& socket_path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = socket_path.string();
    if (path.size() >= sizeof address.sun_path) return false;
    path.copy(address.sun_path, path.size());
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool out =
        ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(probe);
    return out;
}

Errc code_of(const std::string& name) {
    return name == "not_found" ? Errc::not_found : name == "invalid" ? Errc::invalid : Errc::io;
}

Result<std::string> checked(int status, std::string body) {
    if (status >= 200 && status < 300) return body;
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("error") || !json["error"].is_object())
        return Error{Errc::network, fmt::format("the daemon answered with status {}", status)};
    const auto& error = json["error"];
    return Error{code_of(error.value("code", "")), error.value("message", "unknown error"),
                 error.value("hint", "")};
}

std::size_t collect(char* data, std::size_t, std::size_t size, void* out) {
    static_cast<std::string*>(out)->append(data, size);
    return size;
}

struct CurlClose {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(char* text) const noexcept { curl_free(text); }
};

std::string escape(CURL* curl, const std::string& text) {
    const std::unique_ptr<char, CurlClose> out(
        curl_easy_escape(curl, text.data(), static_cast<int>(text.size())));
    return out ? out.get() : "";
}

/// Every segment escaped, so that none of it can be read as a query or as "..".
std::string escape_path(CURL* curl, const std::string& path) {
    std::string out;
    for (std::size_t begin = 0; begin <= path.size();) {
        const auto end = std::min(path.find('/', begin), path.size());
        out += escape(curl, path.substr(begin, end - begin));
        if (end < path.size()) out += '/';
        begin = end + 1;
    }
    return out;
}

}  // namespace

Backend::Backend(std::filesystem::path data)
    : data_{std::move(data)}, daemon_(answers(data_.control())) {
    if (!daemon_) site_ = std::make_unique<web::Site>(data_.archive(), nullptr, now);
}

Result<std::string> Backend::get(const std::string& path, const Query& query) {
    web::Request request;
    request.path = path;
    request.query = query;
    return ask(std::move(request));
}

Result<std::string> Backend::post(const std::string& path, const std::string& body) {
    web::Request request;
    request.method = "POST";
    request.path = path;
    request.body = body;
    return ask(std::move(request));
}

Result<std::string> Backend::ask(web::Request request) {
    request.origin = web::Origin::control;
    if (daemon_) return ask_daemon(request);
    std::error_code ignored;
    if (!std::filesystem::exists(data_.archive(), ignored))
        return Error{Errc::not_found, fmt::format("no archive in {} yet", data_.root.string()),
                     "follow a feed first: colport follow LINK"};
    auto response = site_->render(request);
    return checked(response.status, std::move(response.body));
}

Result<std::string> Backend::ask_daemon(const web::Request& request) {
    const std::unique_ptr<CURL, CurlClose> curl(curl_easy_init());
    std::string url = "http://localhost" + escape_path(curl.get(), request.path);
    char separator = '?';
    for (const auto& [name, value] : request.query) {
        url += separator + name + "=" + escape(curl.get(), value);
        separator = '&';
    }
    std::string body;
    curl_easy_setopt(curl.get(), CURLOPT_UNIX_SOCKET_PATH, data_.control().c_str());
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 120L);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
    if (request.method == "POST") {
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
        curl_easy_setopt(curl.get(), CURLOPT_COPYPOSTFIELDS, request.body.c_str());
    }
    if (const auto failed = curl_easy_perform(curl.get()); failed != CURLE_OK)
        return Error{Errc::network,
                     fmt::format("the daemon of {} does not answer: {}", data_.root.string(),
                                 curl_easy_strerror(failed))};
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    return checked(static_cast<int>(status), std::move(body));
}

}  // namespace colport::cli
