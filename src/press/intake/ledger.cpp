#include "press/intake/ledger.h"

#include <fcntl.h>
#include <fmt/format.h>

#include "article/article.h"
#include "core/limits.h"
#include "feed/descriptor.h"
#include "feed/files.h"
#include "press/clean_text.h"
#include "press/formats/json_fields.h"
#include "press/urls.h"

namespace colport {
namespace {

using Json = nlohmann::json;

constexpr std::size_t max_ledger = 512 * limits::mib;

}  // namespace

Result<Ledger> Ledger::load(const std::filesystem::path& path) {
    Ledger out;
    const auto file = read_file(path, max_ledger);
    if (!file && file.error().code == Errc::not_found) return out;
    if (!file) return file.error();
    std::size_t number = 0;
    for (std::size_t at = 0; at < file->size(); ++number) {
        const auto end = file->find('\n', at);
        if (end == file->npos) {
            // A power cut or a full disk came between.
            out.is_torn_ = true;
            break;
        }
        const auto line = Json::parse(file->data() + at, file->data() + end, nullptr, false);
        at = end + 1;
        const auto id = line.is_object() ? ArticleId::from_hex_text(string_of(line, {"id"}))
                                         : std::nullopt;
        if (!id)
            return Error{Errc::corrupt,
                         fmt::format("{}:{}: damaged", path.string(), number + 1),
                         "remove the line, or the file: names are learnt again"};
        auto& entry = out.entries_[*id];
        for (auto& name : strings_of(line, "names")) entry.names.insert(std::move(name));
        for (auto& origin : strings_of(line, "origins")) entry.origins.insert(std::move(origin));
        if (auto address = string_of(line, {"address"}); !address.empty())
            entry.address = std::move(address);
        out.index(*id);
        ++out.lines_;
    }
    return out;
}

Status Ledger::save(const std::filesystem::path& path) {
    if (changed_.empty()) return done();
    std::string lines;
    if (is_torn_ || lines_ + changed_.size() > 2 * entries_.size()) {
        for (const auto& [id, entry] : entries_) lines += line_of(id);
        COLPORT_TRY(write_file(path, lines, 0600));
        lines_ = entries_.size();
    } else {
        for (const auto& id : changed_) lines += line_of(id);
        const Descriptor file(
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!file) return file_error("write", path);
        is_torn_ = true;
        COLPORT_TRY(write_all(file.get(), lines, path));
        lines_ += changed_.size();
    }
    is_torn_ = false;
    changed_.clear();
    return done();
}

std::string Ledger::line_of(const ArticleId& id) const {
    const auto& entry = entries_.at(id);
    const Json line{{"id", id.hex()}, {"names", entry.names}, {"address", entry.address},
                    {"origins", entry.origins}};
    return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void Ledger::index(const ArticleId& id) {
    const auto& entry = entries_[id];
    for (const auto& name : entry.names) by_name_.try_emplace(name, id);
    if (!entry.address.empty()) by_address_.try_emplace(entry.address, id);
}

ArticleId Ledger::id_of(const PublicKey& feed, const std::string& guid, const std::string& url) {
    const auto known = by_name_.find(guid);
    const auto address = address_key(url);
    auto id = known != by_name_.end() ? known->second : article_id(feed, guid);
    if (known == by_name_.end() && !address.empty()) {
        const auto there = by_address_.find(address);
        if (there != by_address_.end()) {
            // One of the two has no name but the address.
            bool only_address = address_key(guid) == address;
            for (const auto& name : entries_[there->second].names)
                only_address = only_address || address_key(name) == address;
            if (only_address) id = there->second;
        }
    }
    auto& entry = entries_[id];
    bool changed = entry.names.insert(guid).second;
    if (!address.empty() && entry.address.empty()) {
        entry.address = address;
        changed = true;
    }
    if (changed) changed_.insert(id);
    index(id);
    return id;
}

std::set<std::string> Ledger::addresses_of(const ArticleId& id) const {
    std::set<std::string> out;
    const auto entry = entries_.find(id);
    if (entry == entries_.end()) return out;
    out.insert(entry->second.address);
    for (const auto& name : entry->second.names) out.insert(address_key(name));
    std::erase_if(out, [](const std::string& address) {
        return address.find_first_of("/?") == address.npos;
    });
    return out;
}

std::vector<ArticleId> Ledger::known_ids(const std::string& guid, const std::string& url) const {
    std::vector<ArticleId> out;
    if (const auto named = by_name_.find(guid); named != by_name_.end())
        out.push_back(named->second);
    if (const auto there = by_address_.find(address_key(url)); there != by_address_.end())
        out.push_back(there->second);
    return out;
}

void Ledger::note_origin(const ArticleId& id, const std::string& origin) {
    if (entries_[id].origins.insert(origin).second) changed_.insert(id);
}

std::vector<ArticleId> Ledger::missing_from(const std::string& origin,
                                            const std::set<ArticleId>& held) {
    std::vector<ArticleId> out;
    for (auto& [id, entry] : entries_)
        if (entry.origins.contains(origin) && !held.contains(id)) out.push_back(id);
    return out;
}

std::string Ledger::name_of(const ArticleId& id) const {
    const auto entry = entries_.find(id);
    if (entry == entries_.end() || entry->second.names.empty()) return id.hex();
    return entry->second.address.empty() ? *entry->second.names.begin() : entry->second.address;
}

}  // namespace colport
