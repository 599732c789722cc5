#include "web/form.h"

#include "web/parameters.h"

namespace colport::web {

std::string field(const Context& context, const char* name) {
    const auto found = context.request.form.find(name);
    return found == context.request.form.end() ? "" : typed_text(found->second);
}

/// Where to go then. Only ever a page of ours.
std::string way_back(const Context& context, const std::string& otherwise) {
    const auto back = field(context, "back");
    const bool ours = back.starts_with('/') && !back.starts_with("//") &&
                      back.find_first_of("\\\r\n\t") == back.npos;
    return ours ? back : otherwise;
}

Response see(const std::string& address) { return {303, "", "", {{"Location", address}}}; }

Error no_daemon() {
    return {Errc::network, "no daemon is running", "start it with `colportd`"};
}

}  // namespace colport::web
