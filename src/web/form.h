#pragma once

#include <string>

#include "web/context.h"

/// What the page's forms say, and what answers them.
namespace colport::web {

/// A field as text that was typed; empty when there is none.
std::string field(const Context& context, const char* name);
/// Where the form says to go then, or else `otherwise`. Only ever a page of ours.
std::string way_back(const Context& context, const std::string& otherwise);
/// Leads to a page of ours.
Response see(const std::string& address);
Error no_daemon();

/// The mode that was left by a pause; nothing when it is not known.
std::optional<Reach> paused_mode(const Context& context);

using Action = Result<Response> (*)(const Context&);

/// Those that concern feeds and the network.
namespace action {
Result<Response> look_at(const Context& context);
Result<Response> follow(const Context& context);
Result<Response> take_in(const Context& context);
Result<Response> unfollow(const Context& context);
Result<Response> change_mode(const Context& context);
Result<Response> pause(const Context& context);
Result<Response> resume(const Context& context);
Result<Response> look(const Context& context);
Result<Response> carry(const Context& context);
}  // namespace action

}  // namespace colport::web
