#include "press/formats/text_encoding.h"

#include <fmt/format.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include <algorithm>
#include <array>
#include <optional>

#include "press/clean_text.h"
#include "press/formats/xml_tree.h"

namespace colport {
namespace {

// Where a document says what it is written in, if it does. Style sheets may stand before.
constexpr std::size_t head_bytes = 65'536;
// Guessing needs some text, and more does not make it better.
constexpr std::size_t guess_bytes = 16'384;
constexpr int least_confidence = 25;

struct FreeIcu {
    void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
    void operator()(UCharsetDetector* detector) const noexcept { ucsdet_close(detector); }
};
using Converter = std::unique_ptr<UConverter, FreeIcu>;

Converter open_converter(const std::string& name) {
    UErrorCode status = U_ZERO_ERROR;
    Converter out(ucnv_open(name.c_str(), &status));
    return U_SUCCESS(status) ? std::move(out) : nullptr;
}

/// Labels that stand for another encoding on the web than ICU takes them for
/// (WHATWG, Encoding, 4.2). In order.
constexpr std::array<std::pair<std::string_view, const char*>, 68> web_labels{{
    {"ansi_x3.4-1968", "windows-1252"},
    {"ascii", "windows-1252"},
    {"big5", "Big5-HKSCS"},
    {"big5-hkscs", "Big5-HKSCS"},
    {"chinese", "GB18030"},
    {"cn-big5", "Big5-HKSCS"},
    {"cp1252", "windows-1252"},
    {"cp1254", "windows-1254"},
    {"cp819", "windows-1252"},
    {"cp936", "GB18030"},
    {"cp949", "windows-949"},
    {"csbig5", "Big5-HKSCS"},
    {"cseuckr", "windows-949"},
    {"csgb2312", "GB18030"},
    {"csiso58gb231280", "GB18030"},
    {"csisolatin1", "windows-1252"},
    {"csisolatin5", "windows-1254"},
    {"csksc56011987", "windows-949"},
    {"dos-866", "IBM866"},
    {"dos-874", "windows-874"},
    {"euc-cn", "GB18030"},
    {"euc-kr", "windows-949"},
    {"gb18030", "GB18030"},
    {"gb2312", "GB18030"},
    {"gb_2312", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"gbk", "GB18030"},
    {"ibm819", "windows-1252"},
    {"iso-8859-1", "windows-1252"},
    {"iso-8859-11", "windows-874"},
    {"iso-8859-9", "windows-1254"},
    {"iso-ir-100", "windows-1252"},
    {"iso-ir-148", "windows-1254"},
    {"iso-ir-149", "windows-949"},
    {"iso-ir-58", "GB18030"},
    {"iso8859-1", "windows-1252"},
    {"iso8859-11", "windows-874"},
    {"iso8859-9", "windows-1254"},
    {"iso88591", "windows-1252"},
    {"iso885911", "windows-874"},
    {"iso88599", "windows-1254"},
    {"iso_8859-1", "windows-1252"},
    {"iso_8859-1:1987", "windows-1252"},
    {"iso_8859-9", "windows-1254"},
    {"iso_8859-9:1989", "windows-1254"},
    {"koi", "KOI8-R"},
    {"koi8-ru", "KOI8-U"},
    {"korean", "windows-949"},
    {"ks_c_5601", "windows-949"},
    {"ks_c_5601-1987", "windows-949"},
    {"ks_c_5601-1989", "windows-949"},
    {"ksc5601", "windows-949"},
    {"ksc_5601", "windows-949"},
    {"l1", "windows-1252"},
    {"l5", "windows-1254"},
    {"latin1", "windows-1252"},
    {"latin5", "windows-1254"},
    {"logical", "ISO-8859-8"},
    {"ms932", "windows-31j"},
    {"shift-jis", "windows-31j"},
    {"shift_jis", "windows-31j"},
    {"sjis", "windows-31j"},
    {"tis-620", "windows-874"},
    {"us-ascii", "windows-1252"},
    {"visual", "ISO-8859-8"},
    {"win-1251", "windows-1251"},
    {"x-gbk", "GB18030"},
    {"x-x-big5", "Big5-HKSCS"},
}};

/// A declaration that was read as ASCII is true of no other encoding.
bool reads_ascii(UConverter* converter) {
    const auto type = ucnv_getType(converter);
    if (type == UCNV_UTF7 || type == UCNV_SCSU || type == UCNV_BOCU1) return false;
    constexpr std::string_view sample = "<meta charset=\"a\">";
    std::array<UChar, sample.size() + 8> out{};
    UErrorCode status = U_ZERO_ERROR;
    const auto size = ucnv_toUChars(converter, out.data(), static_cast<int32_t>(out.size()),
                                    sample.data(), sample.size(), &status);
    return U_SUCCESS(status) && size == sample.size() &&
           std::equal(sample.begin(), sample.end(), out.begin(),
                      [](char a, UChar b) { return static_cast<UChar>(a) == b; });
}

/// ICU's name for a label; empty when nobody knows it.
std::string converter_of(const std::string& label) {
    const auto known = std::lower_bound(
        web_labels.begin(), web_labels.end(), label,
        [](const auto& entry, const std::string& name) { return entry.first < name; });
    if (known != web_labels.end() && known->first == label) return known->second;
    if (label.empty() || label.size() > UCNV_MAX_CONVERTER_NAME_LENGTH ||
        label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.:()+") != label.npos)
        return {};
    const auto converter = open_converter(label);
    if (!converter || !reads_ascii(converter.get())) return {};
    UErrorCode status = U_ZERO_ERROR;
    const char* name = ucnv_getName(converter.get(), &status);
    return U_SUCCESS(status) ? name : "";
}

/// Whether the bytes are UTF-8 but for a slip here and there, as a page is that
/// quotes another in its own encoding.
bool is_nearly_utf8(Bytes bytes) {
    std::size_t good = 0;
    std::size_t bad = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        if (!(bytes[at] & 0x80)) {
            ++at;
            continue;
        }
        ++(next_character(bytes, at) == 0xfffd ? bad : good);
    }
    return good > 100 * bad;
}

/// The label of what it looks most like, or of what most pages were once in.
std::string guess(Bytes bytes) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, FreeIcu> detector(ucsdet_open(&status));
    const auto sample = bytes.substr(0, guess_bytes);
    ucsdet_setText(detector.get(), sample.data(), static_cast<int32_t>(sample.size()), &status);
    ucsdet_enableInputFilter(detector.get(), true);
    const auto* match = ucsdet_detect(detector.get(), &status);
    if (U_FAILURE(status) || !match || ucsdet_getConfidence(match, &status) < least_confidence)
        return "windows-1252";
    const auto* name = ucsdet_getName(match, &status);
    const auto label = ascii_lower(U_SUCCESS(status) && name ? name : "");
    return converter_of(label).empty() ? "windows-1252" : label;
}

/// What <meta> says, read by libxml2 as if it were Latin text.
std::string declared_in_html(Bytes html) {
    const auto head = html.substr(0, head_bytes);
    const std::unique_ptr<htmlParserCtxt, FreeXml> context(htmlNewParserCtxt());
    if (!context) return {};
    const XmlDocument tree(htmlCtxtReadMemory(
        context.get(), head.data(), static_cast<int>(head.size()), nullptr, "ISO-8859-1",
        HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING));
    if (!tree) return {};
    const auto* root = xmlDocGetRootElement(tree.get());
    for (const xmlNode* node = root; node; node = next_node(node, root)) {
        if (!is_element(node) || name_of(node) != "meta") continue;
        if (auto label = attribute(node, "charset"); !label.empty())
            return ascii_lower(clean_line(label));
        if (ascii_lower(attribute(node, "http-equiv")) != "content-type") continue;
        if (auto label = charset_of_type(attribute(node, "content")); !label.empty()) return label;
    }
    return {};
}

/// What the XML declaration says, read by libxml2 in front of an empty document.
std::string declared_in_xml(Bytes xml) {
    const auto begin = xml.find_first_not_of(" \t\r\n");
    if (begin == xml.npos || !xml.substr(begin).starts_with("<?xml")) return {};
    const auto end = xml.substr(begin, head_bytes).find("?>");
    if (end == xml.npos) return {};
    const auto text = std::string(xml.substr(begin, end)) + "?><a/>";
    const std::unique_ptr<xmlParserCtxt, FreeXml> context(xmlNewParserCtxt());
    if (!context) return {};
    const XmlDocument tree(xmlCtxtReadMemory(
        context.get(), text.data(), static_cast<int>(text.size()), nullptr, nullptr,
        XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
    return tree ? ascii_lower(view(tree->encoding)) : std::string();
}

std::optional<TextEncoding> marked_encoding(Bytes bytes) {
    int32_t size = 0;
    UErrorCode status = U_ZERO_ERROR;
    const auto begin = bytes.substr(0, 16);
    const char* name = ucnv_detectUnicodeSignature(
        begin.data(), static_cast<int32_t>(begin.size()), &size, &status);
    if (U_SUCCESS(status) && name) return TextEncoding{name, name, static_cast<std::size_t>(size)};
    for (const auto& [sign, wide] : {std::pair(Bytes("<\0", 2), "UTF-16LE"),
                                     std::pair(Bytes("\0<", 2), "UTF-16BE")})
        if (begin.starts_with(sign)) return TextEncoding{wide, wide};
    return std::nullopt;
}

template <class Declared>
TextEncoding encoding_of(Bytes bytes, std::string_view said, const Declared& declared) {
    if (auto marked = marked_encoding(bytes)) {
        marked->is_plain = marked->converter == "UTF-8" && is_text(bytes.substr(marked->mark));
        return *marked;
    }
    const auto labels = [&] {
        return std::array{ascii_lower(clean_line(said)), std::string(declared(bytes))};
    };
    // All of its bytes are those of ASCII.
    if (bytes.find('\x1b') != bytes.npos)
        for (const auto& label : labels())
            if (label == "iso-2022-jp" || label == "csiso2022jp") return {"ISO-2022-JP", label};
    if (is_text(bytes)) return {.is_plain = true};
    if (is_nearly_utf8(bytes)) return {};
    for (const auto& label : labels()) {
        const auto converter = converter_of(label);
        if (!converter.empty() && converter != "UTF-8") return {converter, label};
    }
    const auto label = guess(bytes);
    return {.converter = converter_of(label), .label = label, .is_guess = true};
}

}  // namespace

TextEncoding encoding_of_html(Bytes html, std::string_view said) {
    return encoding_of(html, said, declared_in_html);
}

TextEncoding encoding_of_xml(Bytes xml, std::string_view said) {
    return encoding_of(xml, said, declared_in_xml);
}

std::string charset_of_type(std::string_view content_type) {
    const auto type = ascii_lower(content_type);
    constexpr std::string_view key = "charset=";
    const auto at = type.find(key);
    if (at == type.npos) return {};
    auto value = std::string_view(type).substr(at + key.size());
    value = value.substr(0, value.find(';'));
    const auto end = [](char c) { return c == '"' || c == '\'' || c == ' ' || c == '\t'; };
    while (!value.empty() && end(value.front())) value.remove_prefix(1);
    return std::string(value.begin(), std::find_if(value.begin(), value.end(), end));
}

struct Utf8Reader::Converters {
    Converter from, to;
    std::array<UChar, 4096> pivot{};
    UChar* source = pivot.data();
    UChar* target = pivot.data();
    bool begun = false;
};

namespace {

/// Counts, and puts U+FFFD.
void count_lost(const void* count, UConverterToUnicodeArgs* args, const char* bytes, int32_t size,
                UConverterCallbackReason reason, UErrorCode* status) {
    if (reason <= UCNV_IRREGULAR)
        ++*static_cast<std::size_t*>(const_cast<void*>(count));
    UCNV_TO_U_CALLBACK_SUBSTITUTE(nullptr, args, bytes, size, reason, status);
}

}  // namespace

Utf8Reader::Utf8Reader(Bytes bytes, const TextEncoding& encoding)
    : rest_(bytes.substr(encoding.mark)) {
    if (encoding.is_plain) return;
    auto all = std::make_unique<Converters>();
    all->from = open_converter(encoding.converter);
    all->to = open_converter("UTF-8");
    if (!all->from || !all->to) return;
    UErrorCode status = U_ZERO_ERROR;
    ucnv_setToUCallBack(all->from.get(), count_lost, &lost_, nullptr, nullptr, &status);
    converters_ = std::move(all);
}

Utf8Reader::~Utf8Reader() = default;

std::size_t Utf8Reader::read(char* to, std::size_t size) {
    if (!converters_) {
        const auto piece = rest_.substr(0, size);
        std::copy(piece.begin(), piece.end(), to);
        rest_.remove_prefix(piece.size());
        return piece.size();
    }
    auto& all = *converters_;
    while (true) {
        char* target = to;
        const char* source = rest_.data();
        UErrorCode status = U_ZERO_ERROR;
        ucnv_convertEx(all.to.get(), all.from.get(), &target, to + size, &source,
                       rest_.data() + rest_.size(), all.pivot.data(), &all.source, &all.target,
                       all.pivot.data() + all.pivot.size(), !std::exchange(all.begun, true), true,
                       &status);
        rest_.remove_prefix(static_cast<std::size_t>(source - rest_.data()));
        const auto kept = static_cast<std::size_t>(std::remove(to, target, '\0') - to);
        // Nothing but NULs is no end.
        if (kept > 0 || status != U_BUFFER_OVERFLOW_ERROR) return kept;
    }
}

std::string encoding_warning(const TextEncoding& encoding, std::size_t lost) {
    if (encoding.is_guess)
        return fmt::format("says nothing true of its encoding, read as {}", encoding.label);
    if (lost == 0 || encoding.converter == "UTF-8") return {};
    return fmt::format("{} cannot be read as {}",
                       lost == 1 ? "one character" : fmt::format("{} characters", lost),
                       shorten(encoding.label, 40));
}

}  // namespace colport
