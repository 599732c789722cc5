#pragma once

#include <optional>
#include <string_view>

/// What the daemon says of itself on stderr: one event a line, without times, which
/// the journal adds. No titles, no queries, no addresses of peers.
namespace colport {

enum class LogLevel { error, warning, info, debug };

/// Nothing for an unknown name.
std::optional<LogLevel> log_level_named(std::string_view name);
/// Says nothing beyond that, from now on. Any thread.
void set_log_level(LogLevel level);
/// "colportd: …", behind its priority where the journal reads. Any thread. Control
/// characters become spaces.
void log(LogLevel level, std::string_view event);

/// As an info, whatever the level.
void log_always(std::string_view event);

struct PeerStatus;
/// Logs what changed between two snapshots.
void log_changes(const PeerStatus& before, const PeerStatus& after);

}  // namespace colport
