#include "press/formats/public_text.h"

#include <algorithm>
#include <array>
#include <map>

#include "press/clean_text.h"
#include "press/formats/json_fields.h"
#include "press/formats/read_json.h"
#include "press/formats/shortcodes.h"

namespace colport {
namespace {

using Json = nlohmann::json;

constexpr ShortcodeMarks brackets{"[", "]"};

/// `<!-- wp:name {…} -->`, `<!-- wp:name {…} /-->` or `<!-- /wp:name -->`.
struct BlockMark {
    std::string_view name;
    std::string_view settings;   ///< JSON, or empty
    bool closes = false;
    bool is_alone = false;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The next one from `at` on. The editor writes no `-->` into settings.
std::optional<BlockMark> next_mark(std::string_view text, std::size_t at) {
    for (at = text.find("<!--", at); at != text.npos; at = text.find("<!--", at + 4)) {
        auto inside = text.find_first_not_of(" \t\r\n", at + 4);
        if (inside == text.npos) return std::nullopt;
        const bool closes = text[inside] == '/';
        if (closes) ++inside;
        if (!text.substr(inside).starts_with("wp:")) continue;
        const auto close = text.find("-->", inside);
        if (close == text.npos) return std::nullopt;
        auto body = text.substr(inside + 3, close - inside - 3);
        BlockMark out;
        out.closes = closes;
        out.begin = at;
        out.end = close + 3;
        while (!body.empty() && static_cast<unsigned char>(body.back()) <= ' ')
            body.remove_suffix(1);
        if (body.ends_with('/')) {
            out.is_alone = true;
            body.remove_suffix(1);
        }
        out.name = body.substr(0, body.find_first_of(" \t\r\n{"));
        const auto brace = body.find('{');
        if (brace != body.npos) out.settings = body.substr(brace);
        return out;
    }
    return std::nullopt;
}

const Json& field(const Json& object, const char* key) {
    static const Json none;
    if (!object.is_object()) return none;
    const auto at = object.find(key);
    return at == object.end() ? none : *at;
}

/// Hidden on every kind of screen.
bool is_nowhere(const Json& screens) {
    constexpr std::size_t kinds = 3;
    return screens.is_object() && screens.size() >= kinds &&
           std::all_of(screens.begin(), screens.end(), [](const Json& is) { return is == false; });
}

/// What the plugin Block Visibility knows as for some visitors only.
bool is_for_some(const Json& visibility) {
    const auto& sets = field(visibility, "controlSets");
    if (!sets.is_array()) return false;
    for (const auto& set : sets) {
        const auto& role = field(field(field(set, "controls"), "visibilityByRole"),
                                 "visibilityByRole");
        if (role.is_string() && role != "all" && role != "public" && role != "logged-out")
            return true;
    }
    return false;
}

bool is_hidden(const BlockMark& mark) {
    for (const std::string_view known :
         {"premium-content/subscriber-view", "jetpack/subscriber-view", "pmpro/membership",
          "woocommerce-memberships/member-content"})
        if (mark.name == known) return true;
    if (mark.settings.find("isibility") == mark.settings.npos) return false;
    const auto settings = read_json(mark.settings);
    // Where it cannot be read, nobody knows whom it is hidden from.
    if (!settings.is_object()) return true;
    const auto& core = field(field(settings, "metadata"), "blockVisibility");
    const auto& plugin = field(settings, "blockVisibility");
    return core == false || is_nowhere(field(core, "viewport")) || field(plugin, "hideBlock") == true || is_for_some(plugin);
}

bool is_paywall(const BlockMark& mark) { return mark.name == "jetpack/paywall"; }

/// The end of the block that `open` begins, those within it passed over.
std::size_t end_of_block(std::string_view text, const BlockMark& open) {
    if (open.is_alone) return open.end;
    std::size_t depth = 1;
    auto mark = next_mark(text, open.end);
    for (; mark; mark = next_mark(text, mark->end)) {
        if (mark->is_alone) continue;
        if (!mark->closes) ++depth;
        else if (--depth == 0) return mark->end;
    }
    return text.size();
}

PublicText without_hidden_blocks(std::string_view text) {
    PublicText out;
    std::size_t at = 0;
    auto mark = next_mark(text, 0);
    while (mark) {
        if (!mark->closes && (is_paywall(*mark) || is_hidden(*mark))) {
            out.text += text.substr(at, mark->begin - at);
            at = is_paywall(*mark) ? text.size() : end_of_block(text, *mark);
            ++out.left_out;
        }
        mark = next_mark(text, std::max(at, mark->end));
    }
    out.text += text.substr(at);
    return out;
}

/// Of Restrict Content, MemberPress, Paid Memberships Pro, s2Member, WishList,
/// Ultimate Member, Groups, WP-Members, WooCommerce and their like.
bool restricts(const std::string& name) {
    static constexpr std::array<std::string_view, 59> known{
        "access", "arm_restrict_content", "content_control", "content_protector",
        "emaillocker", "groups_can", "groups_member", "hidden", "hide",
        "ihc-hide-content", "is_logged_in", "is_paid", "is_user_logged_in", "leaky_paywall",
        "logged_in", "logged-in", "loggedin", "member", "member_only", "memberful", "memberonly",
        "members", "members_access", "members_logged_in", "members_only", "members-only",
        "membership", "membersonly", "mepr-active", "mepr-show", "only_members",
        "paid", "paid_content", "passster", "paywall", "pmpro_member", "pmpro_membership",
        "ppwp", "premium", "premium_content", "private", "protected", "registered", "restrict",
        "restricted", "restricted_content", "s2if", "s2member", "signinlocker", "sociallocker",
        "subscriber", "subscribers", "swpm_protected", "um_loggedin", "um_show_content",
        "user_has_access", "vip", "wcm_restrict", "wpmem_logged_in"};
    if (std::find(known.begin(), known.end(), name) != known.end()) return true;
    return name.starts_with("wlm_") || name.starts_with("s2if") || name.starts_with("pmpro_");
}

/// What it encloses is for whoever is no member.
bool is_for_visitors(const Shortcode& tag) {
    return tag.value("level") == "0" || tag.value("0").starts_with('!');
}

/// Finds where tags close; each name is looked for once through the text.
class Closes {
public:
    explicit Closes(std::string_view text) : text_(text) {}

    /// Behind `[/name]`, the first from `at` on.
    std::optional<std::size_t> after(const std::string& name, std::size_t at) {
        if (ends_.empty()) read_all();
        const auto known = ends_.find(name);
        if (known == ends_.end()) return std::nullopt;
        const auto& list = known->second;
        const auto end = std::upper_bound(list.begin(), list.end(), at);
        return end == list.end() ? std::nullopt : std::optional(*end);
    }

private:
    void read_all() {
        ends_[""];
        for (auto at = text_.find("[/"); at != text_.npos; at = text_.find("[/", at + 2))
            if (const auto tag = read_shortcode(text_, at, brackets))
                ends_[tag->name.substr(1)].push_back(tag->end);
    }

    std::string_view text_;
    std::map<std::string, std::vector<std::size_t>> ends_;
};

PublicText without_restricted(const std::string& text) {
    PublicText out;
    Closes closes(text);
    std::size_t kept = 0;
    for (auto at = text.find('['); at != text.npos; at = text.find('[', at)) {
        const auto tag = read_shortcode(text, at++, brackets);
        if (!tag || tag->self_closing || !restricts(tag->name) || is_for_visitors(*tag)) continue;
        const auto end = closes.after(tag->name, tag->end);
        if (!end) continue;
        out.text.append(text, kept, at - 1 - kept);
        at = kept = *end;
        ++out.left_out;
    }
    out.text.append(text, kept);
    return out;
}

}  // namespace

PublicText public_text(const std::string& content) {
    const auto visible = without_hidden_blocks(content);
    auto out = without_restricted(visible.text);
    out.left_out += visible.left_out;
    return out;
}

}  // namespace colport
