#include "web/settings.h"

#include <algorithm>
#include <initializer_list>

#include "web/language.h"

namespace colport::web {
namespace {

void take(std::string& out, const std::map<std::string, std::string>& kept, const char* name,
          std::initializer_list<const char*> known) {
    const auto found = kept.find(name);
    if (found != kept.end() && std::find(known.begin(), known.end(), found->second) != known.end())
        out = found->second;
}

}  // namespace

Settings settings_from(const std::map<std::string, std::string>& kept) {
    Settings out;
    take(out.size, kept, "size", {"small", "normal", "large", "huge"});
    take(out.typeface, kept, "typeface", {"serif", "sans"});
    take(out.colours, kept, "colours", {"auto", "light", "dark"});
    take(out.history, kept, "history", {"session", "on", "off"});
    take(out.panic, kept, "panic", {"leave", "forget", "purge"});
    if (const auto found = kept.find("language");
        found != kept.end() && language_named(found->second) != nullptr)
        out.language = found->second;
    return out;
}

std::map<std::string, std::string> to_map(const Settings& settings) {
    return {{"size", settings.size},         {"typeface", settings.typeface},
            {"colours", settings.colours},   {"language", settings.language},
            {"history", settings.history},   {"panic", settings.panic}};
}

}  // namespace colport::web
