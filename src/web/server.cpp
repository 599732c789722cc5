#include "web/server.h"

#include <microhttpd.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "core/crypto.h"
#include "core/limits.h"
#include "web/actions.h"
#include "web/api.h"
#include "web/desk.h"
#include "web/host.h"
#include "web/listen.h"
#include "web/reply.h"
#include "web/typing.h"
#include "web/upload.h"

namespace colport::web {
namespace {

constexpr unsigned threads = 2;
// Hundreds of half-open connections must not keep the reader from her page.
constexpr unsigned most_connections = 512;
constexpr unsigned idle_seconds = 10;
// Request line and headers; bodies are kept apart.
constexpr std::size_t connection_memory = 32 * limits::kib;
constexpr std::size_t most_body = 64 * limits::kib;
constexpr auto patience = std::chrono::seconds(2);

/// What arrives of one request. MHD hands its body over in parts.
struct Exchange {
    std::string body;
    std::unique_ptr<Upload> upload;  ///< takes the body where it may be large
};

std::string header(MHD_Connection* connection, const char* name) {
    const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value == nullptr ? "" : value;
}

MHD_Result add_argument(void* query, MHD_ValueKind, const char* name, std::size_t name_size,
                        const char* value, std::size_t value_size) {
    static_cast<std::map<std::string, std::string>*>(query)->emplace(
        std::string(name, name_size), value == nullptr ? "" : std::string(value, value_size));
    return MHD_YES;
}

int descriptor_of(MHD_Connection* connection) {
    const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == nullptr ? -1 : info->connect_fd;
}

/// A form as browsers send it, by libmicrohttpd's reading.
std::map<std::string, std::string> form_of(MHD_Connection* connection, const std::string& body) {
    const auto take = [](void* form, MHD_ValueKind, const char* name, const char*, const char*,
                         const char*, const char* data, std::uint64_t, std::size_t size) {
        if (name != nullptr && data != nullptr)
            (*static_cast<std::map<std::string, std::string>*>(form))[name].append(data, size);
        return MHD_YES;
    };
    const MHD_PostDataIterator on_part = take;
    std::map<std::string, std::string> out;
    constexpr std::size_t buffer = 4 * limits::kib;
    auto* reader = MHD_create_post_processor(connection, buffer, on_part, &out);
    if (reader == nullptr) return out;
    MHD_post_process(reader, body.data(), body.size());
    MHD_destroy_post_processor(reader);
    return out;
}

MHD_Response* make_body(Response& answer) {
    // The descriptor is libmicrohttpd's from then on.
    if (answer.file)
        return MHD_create_response_from_fd64(answer.file->size, answer.file->descriptor.release());
    auto* body = new std::string(std::move(answer.body));
    auto* response = MHD_create_response_from_buffer_with_free_callback_cls(
        body->size(), body->data(), [](void* kept) { delete static_cast<std::string*>(kept); },
        body);
    if (response == nullptr) delete body;
    return response;
}

/// Null when there is no memory for it.
MHD_Response* make_response(Response answer) {
    auto* response = make_body(answer);
    if (response == nullptr) return nullptr;
    if (!answer.content_type.empty())
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                answer.content_type.c_str());
    for (const auto& [name, value] : answer.headers)
        MHD_add_response_header(response, name.c_str(), value.c_str());
    return response;
}

MHD_Result send(MHD_Connection* connection, Response answer) {
    const auto status = static_cast<unsigned>(answer.status);
    auto* response = make_response(std::move(answer));
    if (response == nullptr) return MHD_NO;
    const auto sent = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return sent;
}

/// Did the browser send it? Compared by hashes, which take the same time whatever
/// was sent.
bool knows_password(MHD_Connection* connection, const std::string& password) {
    char* sent = nullptr;
    char* name = MHD_basic_auth_get_username_password(connection, &sent);
    const bool right = sent != nullptr && sha256(sent) == sha256(password);
    MHD_free(name);
    MHD_free(sent);
    return right;
}

/// Its fields, or a problem for the page to tell.
std::map<std::string, std::string> form_of(Upload& upload, const std::atomic<bool>& closed) {
    auto fields = upload.finish(closed);
    if (fields) return std::move(fields).value();
    auto out = upload.token();
    if (fields.error().code != Errc::denied) out["problem"] = fields.error().message;
    return out;
}

MHD_Result ask_for_password(MHD_Connection* connection) {
    auto refused = text_reply(401, "a password is needed\n");
    add_security_headers(refused);
    auto* response = make_response(std::move(refused));
    if (response == nullptr) return MHD_NO;
    const auto sent = MHD_queue_basic_auth_fail_response(connection, "page", response);
    MHD_destroy_response(response);
    return sent;
}

bool announces_too_much(MHD_Connection* connection) {
    const auto length = header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length.size() > 5 || std::atol(length.c_str()) > static_cast<long>(most_body);
}

}  // namespace

struct Server::State {
    State(ServerSettings given, Peer* borrowed, Clock with_clock, Listener at)
        : settings(std::move(given)), peer(borrowed), clock(std::move(with_clock)),
          listener(std::move(at)) {
        desk->purge = settings.purge;
    }
    ~State();

    Status start();
    [[nodiscard]] bool may_upload(MHD_Connection* connection, const char* path,
                                  const char* method) const;
    Request head_of(MHD_Connection* connection, const char* path, const char* method) const;
    MHD_Result receive(MHD_Connection* connection, const char* path, const char* method,
                       const char* data, std::size_t* size, void** kept);
    Response render(const Request& request);

    ServerSettings settings;
    Peer* peer;
    Clock clock;
    Listener listener;
    Typing typing;
    std::shared_ptr<Desk> desk = std::make_shared<Desk>();
    MHD_Daemon* daemon = nullptr;
    std::atomic<int> under_way = 0;
    std::shared_mutex gate;                   ///< shared while a site answers
    std::mutex mutex;
    std::vector<std::unique_ptr<Site>> idle;  ///< at most one a thread; under `mutex`
};

Status Server::State::start() {
    const auto answer = [](void* state, MHD_Connection* connection, const char* path,
                           const char* method, const char*, const char* data, std::size_t* size,
                           void** kept) {
        return static_cast<State*>(state)->receive(connection, path, method, data, size, kept);
    };
    const auto forget = [](void* state, MHD_Connection*, void** kept,
                           MHD_RequestTerminationCode) {
        if (*kept == nullptr) return;
        delete static_cast<Exchange*>(*kept);
        *kept = nullptr;
        --static_cast<State*>(state)->under_way;
    };
    const MHD_AccessHandlerCallback on_request = answer;
    const MHD_RequestCompletedCallback on_completed = forget;
    daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, nullptr, nullptr, on_request, this,
        MHD_OPTION_LISTEN_SOCKET, listener.descriptor(), MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, most_connections, MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, this, MHD_OPTION_END);
    if (daemon == nullptr)
        return Error{Errc::io, "cannot start the web server on " + listener.bound()};
    return done();
}

Server::State::~State() {
    if (daemon == nullptr) return;
    // From here on nobody new is let in; the listener closes its socket itself.
    MHD_quiesce_daemon(daemon);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (under_way > 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    MHD_stop_daemon(daemon);
}

MHD_Result Server::State::receive(MHD_Connection* connection, const char* path,
                                  const char* method, const char* data, std::size_t* size,
                                  void** kept) {
    if (*kept == nullptr) {
        auto* exchange = new Exchange;
        *kept = exchange;
        ++under_way;
        if (may_upload(connection, path, method)) {
            exchange->upload = Upload::begin(
                connection, settings.archive.parent_path(),
                [this, head = head_of(connection, path, method)](const auto& fields) mutable {
                    head.form = fields;
                    return is_our_host(head) && !is_foreign_request(head) &&
                           is_our_form(head, desk->token) && !desk->closed;
                });
            return exchange->upload ? MHD_YES : MHD_NO;
        }
        if (!announces_too_much(connection)) return MHD_YES;
        auto refused = json_error({Errc::too_large, "the body is over 64 KiB"});
        add_security_headers(refused);
        return send(connection, std::move(refused));
    }
    auto& exchange = *static_cast<Exchange*>(*kept);
    // What is erased meanwhile must not come back.
    if (exchange.upload && desk->closed) exchange.upload->drop();
    if (*size != 0 && exchange.upload) {
        // What is wrong with it is said when all has come: nobody hears it before.
        static_cast<void>(exchange.upload->take(data, *size));
        *size = 0;
        return MHD_YES;
    }
    if (*size != 0) {
        // Only a body of unannounced length gets here; closing is all it deserves.
        if (exchange.body.size() + *size > most_body) return MHD_NO;
        exchange.body.append(data, *size);
        *size = 0;
        return MHD_YES;
    }
    auto request = head_of(connection, path, method);
    request.body = std::move(exchange.body);
    if (!settings.password.empty() && !knows_password(connection, settings.password))
        return ask_for_password(connection);
    if (exchange.upload) {
        request.form = form_of(*exchange.upload, desk->closed);
        exchange.upload.reset();
    } else if (settings.origin == Origin::page && request.method == "POST") {
        request.form = form_of(connection, request.body);
    }
    if (path != complete_path) return send(connection, render(request));
    const auto turn = typing.begin(descriptor_of(connection), request.query["client"]);
    request.stop = turn.stop();
    return send(connection, render(request));
}

bool Server::State::may_upload(MHD_Connection* connection, const char* path,
                               const char* method) const {
    return settings.origin == Origin::page && std::string_view(method) == "POST" &&
           std::string_view(path) == "/do/look-at" &&
           header(connection, MHD_HTTP_HEADER_CONTENT_TYPE)
               .starts_with(MHD_HTTP_POST_ENCODING_MULTIPART_FORMDATA) &&
           (settings.password.empty() || knows_password(connection, settings.password));
}

Request Server::State::head_of(MHD_Connection* connection, const char* path,
                               const char* method) const {
    Request request;
    request.origin = settings.origin;
    request.method = method;
    request.path = path;
    MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, add_argument, &request.query);
    request.host = header(connection, MHD_HTTP_HEADER_HOST);
    if (listener.is_tcp()) request.bound = listener.bound();
    request.if_none_match = header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH);
    request.range = header(connection, MHD_HTTP_HEADER_RANGE);
    request.if_range = header(connection, MHD_HTTP_HEADER_IF_RANGE);
    request.accept_language = header(connection, MHD_HTTP_HEADER_ACCEPT_LANGUAGE);
    request.fetch_site = header(connection, "Sec-Fetch-Site");
    request.fetch_mode = header(connection, "Sec-Fetch-Mode");
    request.fetch_dest = header(connection, "Sec-Fetch-Dest");
    request.sent_from = header(connection, MHD_HTTP_HEADER_ORIGIN);
    return request;
}

Response Server::State::render(const Request& request) {
    const std::shared_lock answering(gate);
    std::unique_ptr<Site> site;
    {
        const std::lock_guard lock(mutex);
        if (!idle.empty()) {
            site = std::move(idle.back());
            idle.pop_back();
        }
    }
    if (!site) site = std::make_unique<Site>(settings.archive, peer, clock, desk);
    auto out = site->render(request);
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(site));
    return out;
}

Result<std::unique_ptr<Server>> Server::start(const ServerSettings& settings, Peer* peer,
                                              Clock clock) {
    auto listener = COLPORT_TRY(Listener::open(settings.listen));
    if (settings.origin == Origin::control && listener.is_tcp())
        return Error{Errc::invalid, "commands are taken over a Unix socket only"};
    auto address = listener.is_tcp() ? "http://" + listener.bound() + "/" : listener.bound();
    auto state = std::make_unique<State>(settings, peer, std::move(clock), std::move(listener));
    // Of a run that was killed.
    if (settings.origin == Origin::page)
        sweep_uploads(settings.archive.parent_path(), nullptr, true);
    COLPORT_TRY(state->start());
    return std::unique_ptr<Server>(new Server(std::move(state), std::move(address)));
}

Server::Server(std::unique_ptr<State> state, std::string address)
    : state_(std::move(state)), address_(std::move(address)) {}

Server::~Server() = default;

void Server::close() {
    state_->desk->closed = true;
    const std::unique_lock nobody_answers(state_->gate);
    state_->idle.clear();
}

}  // namespace colport::web
