#include "cli/config_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <istream>

#include "cli/nearest.h"
#include "cli/option_text.h"
#include "cli/terminal.h"
#include "net/proxy.h"

namespace colport::cli {
namespace {

std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

std::string unquoted(const std::string& text) {
    const bool quoted = text.size() > 1 && text.front() == text.back() &&
                        (text.front() == '"' || text.front() == '\'');
    return quoted ? text.substr(1, text.size() - 2) : text;
}

bool anybody_may_read(const std::string& file) {
    std::error_code error;
    const auto permissions = std::filesystem::status(file, error).permissions();
    return !error && (permissions & std::filesystem::perms::others_read) != std::filesystem::perms();
}

class KeysAndValues : public CLI::ConfigBase {
public:
    explicit KeysAndValues(const CLI::App& app) : app_(&app) {}

    std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
        std::vector<CLI::ConfigItem> out;
        std::string line;
        for (std::size_t number = 1; std::getline(input, line); ++number) {
            line = trimmed(line);
            if (!line.empty() && line.front() != '#' && line.front() != ';')
                take(line, number, out);
        }
        if (input.bad())
            throw UsageError(fmt::format("cannot read {}", file()), "is it a file?");
        std::erase_if(out, [this](const CLI::ConfigItem& item) { return is_overridden(item); });
        return out;
    }

private:
    [[nodiscard]] std::string file() const {
        return app_->get_config_ptr()->as<std::string>();
    }

    [[noreturn]] void refuse(std::size_t number, const std::string& message,
                             const std::string& hint) const {
        throw UsageError(fmt::format("{}, line {}: {}", file(), number, message), hint);
    }

    void take(const std::string& line, std::size_t number,
              std::vector<CLI::ConfigItem>& out) const {
        const auto equals = line.find('=');
        CLI::ConfigItem item;
        item.name = trimmed(line.substr(0, equals));
        const auto value = equals == line.npos ? "true" : unquoted(trimmed(line.substr(equals + 1)));
        if (item.name.front() == '[')
            refuse(number, "sections are not known here", "write one key = value a line");
        const auto keys = config_keys(*app_);
        if (std::find(keys.begin(), keys.end(), item.name) == keys.end()) {
            const auto meant = nearest(item.name, keys);
            refuse(number, fmt::format("unknown key: {}", one_line(item.name)),
                   meant.empty() ? fmt::format("all keys: man {}.conf", app_->get_name())
                                 : fmt::format("did you mean {}?", meant));
        }
        const auto* option = app_->get_option("--" + item.name);
        if (equals == line.npos && option->get_expected_min() != 0)
            refuse(number, fmt::format("{} has no value", item.name),
                   fmt::format("write {} = VALUE", item.name));
        if (const auto proxy = parse_proxy(value);
            item.name == "proxy" && proxy && !proxy->password.empty() && anybody_may_read(file()))
            say(fmt::format("{}: warning: {}, line {}: everybody on this machine may be able to "
                            "read the proxy's password here\nhint: set proxy-password-file\n",
                            app_->get_name(), file(), number));
        const auto known = std::find_if(out.begin(), out.end(), [&](const CLI::ConfigItem& other) {
            return other.name == item.name;
        });
        if (known == out.end()) {
            item.inputs = {value};
            return out.push_back(std::move(item));
        }
        if (!takes_many(*option))
            refuse(number, fmt::format("{} is set twice", item.name), "leave one of them out");
        known->inputs.push_back(value);
    }

    [[nodiscard]] bool is_overridden(const CLI::ConfigItem& item) const {
        const auto* option = app_->get_option("--" + item.name);
        const char* value = std::getenv(option->get_envname().c_str());
        return value != nullptr && *value != '\0';
    }

    const CLI::App* app_;
};

std::string variable_of(const std::string& prefix, const std::string& key) {
    std::string out = prefix + "_" + key;
    for (char& c : out) c = c == '-' ? '_' : static_cast<char>(std::toupper(c));
    return out;
}

}  // namespace

std::vector<std::string> config_keys(const CLI::App& app) {
    std::vector<std::string> out;
    for (const auto* option : app.get_options())
        if (option->get_configurable() && !option->get_lnames().empty())
            out.push_back(option->get_lnames().front());
    return out;
}

void take_config(CLI::App& app, const std::string& usual, const std::string& prefix) {
    app.set_config("--config", usual, "read options from this file");
    app.get_config_ptr()->envname(variable_of(prefix, "config"))->option_text("FILE");
    app.config_formatter(std::make_shared<KeysAndValues>(app));
    app.allow_config_extras(CLI::config_extras_mode::error);
    for (const auto& key : config_keys(app)) {
        auto* option = app.get_option("--" + key);
        if (option->get_envname().empty()) option->envname(variable_of(prefix, key));
    }
}

std::string sample_config(const CLI::App& app) {
    std::string out = fmt::format(
        "# Options of {0}, one \"key = value\" a line; see {0}.conf(5).\n"
        "# A key that takes several values is repeated. What stands behind a # is what\n"
        "# holds without it. Check the file with: {0} --config FILE --check-config\n",
        app.get_name());
    for (const auto& key : config_keys(app)) {
        const auto* option = app.get_option("--" + key);
        out += "\n" + wrapped(described(*option), 76, "# ");
        const auto value = takes_value(*option) ? default_text(*option) : "false";
        out += fmt::format("#{} ={}{}\n", key, value.empty() ? "" : " ", value);
    }
    return out;
}

}  // namespace colport::cli
