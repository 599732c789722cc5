#include "press/formats/wordpress_text.h"

#include <fmt/format.h>

#include <array>

#include "press/clean_text.h"
#include "press/formats/shortcodes.h"
#include "press/urls.h"

namespace colport {
namespace {

// A post refers to a few dozen pictures.
constexpr std::size_t max_gallery = 200;

std::string escape_quotes(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '"') out += "&quot;";
        else if (c == '<') out += "&lt;";
        else out += c;
    }
    return out;
}

std::string frame(const std::string& address) {
    return fmt::format("\n<iframe src=\"{}\"></iframe>\n", escape_quotes(address));
}

std::string figure(const WordPressFile& file) {
    return fmt::format("<figure><img src=\"{}\" alt=\"{}\"><figcaption>{}</figcaption></figure>\n",
                       escape_quotes(file.address), escape_quotes(file.alt), file.caption);
}

/// `[caption …]<a><img></a> Text[/caption]`, or the text as an attribute.
std::string caption(const Shortcode& code, const std::string& inner) {
    auto media = inner;
    auto text = code.value("caption");
    if (const auto image = ascii_lower(inner).find("<img"); text.empty() && image != inner.npos) {
        auto end = inner.find('>', image);
        end = end == inner.npos ? inner.size() : end + 1;
        const auto link = inner.find_first_not_of(" \t\r\n", end);
        if (link != inner.npos && inner.compare(link, 4, "</a>") == 0) end = link + 4;
        media = inner.substr(0, end);
        text = inner.substr(end);
    }
    return fmt::format("\n<figure>{}<figcaption>{}</figcaption></figure>\n", media, text);
}

std::string gallery(const Shortcode& code, const std::string& post,
                    const WordPressLibrary& library) {
    std::string out = "\n";
    std::size_t count = 0;
    const auto list = code.value(code.values.contains("include") ? "include" : "ids");
    if (list.empty()) {
        for (const auto& [id, file] : library.files)
            if (file.parent == post && count++ < max_gallery) out += figure(file);
        return out;
    }
    for (std::size_t at = 0; at < list.size() && count < max_gallery;) {
        const auto begin = list.find_first_of("0123456789", at);
        if (begin == list.npos) break;
        at = std::min(list.find_first_not_of("0123456789", begin), list.size());
        const auto file = library.files.find(list.substr(begin, at - begin));
        if (file != library.files.end() && ++count) out += figure(file->second);
    }
    return out;
}

/// The first address among what a player's shortcode says.
std::string address_in(const Shortcode& code, const std::string& inner) {
    for (const char* key : {"src", "url", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav",
                            "href", "0", "1"})
        if (auto out = resolve_web_address(code.value(key), {}); !out.empty()) return out;
    return resolve_web_address(clean_line(inner), {});
}

bool is_player(const std::string& name) {
    static constexpr std::array<std::string_view, 18> known{
        "embed", "audio", "video", "youtube", "vimeo", "soundcloud", "tweet", "twitter",
        "instagram", "facebook", "telegram", "dailymotion", "ted", "wpvideo", "iframe",
        "googlemaps", "scribd", "fvplayer"};
    return std::find(known.begin(), known.end(), name) != known.end();
}

/// In prose, brackets enclose remarks: only what looks like a shortcode is one.
bool is_shortcode(const Shortcode& code, bool closed) {
    if (closed || code.self_closing || code.name.starts_with('/')) return true;
    if (code.name.find('_') != code.name.npos) return true;
    for (const auto& [key, value] : code.values)
        if (key.find_first_not_of("0123456789") != key.npos) return true;
    static constexpr std::array<std::string_view, 9> bare{
        "gallery", "playlist", "toc", "spacer", "clear", "divider", "dropcap", "more", "sharing"};
    return std::find(bare.begin(), bare.end(), code.name) != bare.end();
}

std::optional<std::string> expand(const Shortcode& code, const std::string& inner, bool closed,
                                  const std::string& post, const WordPressLibrary& library) {
    if (code.name == "caption" || code.name == "wp_caption") return caption(code, inner);
    if (code.name == "gallery") return gallery(code, post, library);
    if (is_player(code.name)) {
        const auto address = address_in(code, inner);
        if (!address.empty()) return frame(address);
        return closed || !code.values.empty() ? std::optional(inner) : std::nullopt;
    }
    if (closed && (code.name == "code" || code.name == "sourcecode" || code.name == "crayon"))
        return "\n<pre>" + escape_quotes(inner) + "</pre>\n";
    if (!is_shortcode(code, closed)) return std::nullopt;
    return inner;
}

/// Puts reusable blocks where a post names them, those within them left out.
PublicText with_blocks(const std::string& content, const WordPressLibrary& library) {
    constexpr std::string_view mark = "<!-- wp:block {\"ref\":";
    PublicText all;
    auto& out = all.text;
    std::map<std::string, PublicText> shown;   // by the block's number
    std::size_t at = 0;
    for (auto found = content.find(mark); found != content.npos;
         found = content.find(mark, at)) {
        out.append(content, at, found - at);
        const auto id = found + mark.size();
        const auto end = content.find("-->", id);
        at = end == content.npos ? content.size() : end + 3;
        const auto digits = std::min(content.find_first_not_of("0123456789", id), content.size());
        const auto block = library.blocks.find(content.substr(id, digits - id));
        if (block == library.blocks.end() || out.size() >= (std::size_t{8} << 20)) continue;
        const auto [known, is_new] = shown.try_emplace(block->first);
        if (is_new) known->second = public_text(block->second);
        out += known->second.text;
        all.left_out += known->second.left_out;
    }
    out.append(content, at);
    return all;
}

/// An address on a line of its own is shown as what it leads to.
std::string with_frames(const std::string& html) {
    std::string out;
    bool preformatted = false;
    for (std::size_t at = 0; at < html.size();) {
        const auto end = std::min(html.find('\n', at), html.size() - 1) + 1;
        const auto line = html.substr(at, end - at);
        at = end;
        if (line.find("<pre") != line.npos) preformatted = true;
        if (line.find("</pre") != line.npos) preformatted = false;
        const auto word = clean_line(line);
        const bool alone = (word.starts_with("https://") || word.starts_with("http://")) &&
                           word.find_first_of(" <>[\"") == word.npos;
        if (alone && !preformatted && !resolve_web_address(word, {}).empty())
            out += frame(word);
        else
            out += line;
    }
    return out;
}

}  // namespace

bool is_block_markup(const std::string& content) {
    return content.find("<!-- wp:") != content.npos;
}

PublicText wordpress_html(const std::string& content, const std::string& id,
                          const WordPressLibrary& library) {
    // A hidden block may be a reusable one, or stand in one.
    const auto shown = public_text(content);
    auto out = with_blocks(shown.text, library);
    out.left_out += shown.left_out;
    out.text = with_frames(expand_shortcodes(
        out.text, {"[", "]"}, [&](const Shortcode& code, const std::string& inner, bool closed) {
            return expand(code, inner, closed, id, library);
        }));
    return out;
}

}  // namespace colport
