#include "press/xml_tree.h"

#include <libxml/HTMLtree.h>

#include <cctype>

#include "core/limits.h"
#include "press/clean_text.h"

namespace colport {
namespace {

constexpr std::size_t max_text = 16 * limits::mib;

/// What the parsing of one XML document needs beside libxml2's own state.
struct Reading {
    // One named entity of HTML, in the form in which libxml2 takes its own
    // predefined ones. It reads the content before it asks for the next.
    xmlEntity entity{};
    std::string name;
    std::string content;
    startElementNsSAX2Func start_element = nullptr;
    charactersSAXFunc characters = nullptr;
    bool damaged = false;
};

Reading& reading_of(void* context) {
    return *static_cast<Reading*>(static_cast<xmlParserCtxt*>(context)->_private);
}

/// After the first error libxml2 goes on, but drops `&lt;` and its like, and
/// with them the markup in all later items.
void go_on(void* context) {
    auto* parser = static_cast<xmlParserCtxt*>(context);
    if (parser->wellFormed) return;
    parser->wellFormed = 1;
    reading_of(context).damaged = true;
}

void start_element(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
                   int namespaces, const xmlChar** namespace_list, int attributes, int defaulted,
                   const xmlChar** attribute_list) {
    go_on(context);
    reading_of(context).start_element(context, name, prefix, uri, namespaces, namespace_list,
                                      attributes, defaulted, attribute_list);
}

void characters(void* context, const xmlChar* text, int size) {
    go_on(context);
    reading_of(context).characters(context, text, size);
}

xmlEntityPtr html_entity(void* context, const xmlChar* name) {
    go_on(context);
    if (auto* predefined = xmlGetPredefinedEntity(name)) return predefined;
    const auto* known = htmlEntityLookup(name);
    if (!known) return nullptr;
    auto& reading = reading_of(context);
    reading.name = view(name);
    reading.content.clear();
    append_character(reading.content, known->value);
    reading.entity = {};
    reading.entity.type = XML_ENTITY_DECL;
    reading.entity.etype = XML_INTERNAL_PREDEFINED_ENTITY;
    reading.entity.name = reinterpret_cast<const xmlChar*>(reading.name.c_str());
    reading.entity.content = reinterpret_cast<xmlChar*>(reading.content.data());
    reading.entity.orig = reading.entity.content;
    reading.entity.length = static_cast<int>(reading.content.size());
    return &reading.entity;
}

/// Keeps libxml2 from writing to standard error, as it does whatever its
/// options for text that cannot be converted. Of this thread alone.
class Quiet {
public:
    Quiet() : handler_(xmlStructuredError), context_(xmlStructuredErrorContext) {
        xmlSetStructuredErrorFunc(nullptr, [](void*, xmlErrorPtr) {});
    }
    ~Quiet() { xmlSetStructuredErrorFunc(context_, handler_); }

private:
    xmlStructuredErrorFunc handler_;
    void* context_;
};

xmlParserInputPtr refuse_entity(void*, const xmlChar*, const xmlChar*) { return nullptr; }

bool has_utf16_mark(Bytes bytes) {
    return bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff");
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

}  // namespace

Result<HtmlDocument> parse_html(Bytes html, const char* encoding) {
    std::string repaired;
    if (!encoding && is_text(html)) {
        encoding = "UTF-8";
    } else if (!encoding && !has_utf16_mark(html) && is_nearly_utf8(html)) {
        encoding = "UTF-8";
        html = repaired = repair_utf8(html);
    }
    // libxml2 takes a NUL for the end.
    if (encoding && html.find('\0') != html.npos) html = repaired = repair_utf8(html);
    std::unique_ptr<htmlParserCtxt, FreeXml> context(htmlNewParserCtxt());
    if (!context || html.size() > std::size_t{1} << 30)
        return Error{Errc::corrupt, "cannot be read as HTML"};
    const Quiet quiet;
    HtmlDocument out;
    // An empty document has no tree; a blank one does.
    if (html.empty()) html = " ";
    out.tree.reset(htmlCtxtReadMemory(
        context.get(), html.data(), static_cast<int>(html.size()), nullptr, encoding,
        HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
            HTML_PARSE_COMPACT));
    if (!out.tree) return Error{Errc::corrupt, "cannot be read as HTML"};
    out.cut = context->lastError.code == XML_ERR_INTERNAL_ERROR && context->disableSAX;
    return out;
}

Result<XmlFile> parse_xml(Bytes xml) {
    const std::unique_ptr<xmlParserCtxt, FreeXml> context(xmlNewParserCtxt());
    if (!context || xml.size() > std::size_t{1} << 30)
        return Error{Errc::corrupt, "cannot be read as XML"};
    const Quiet quiet;
    Reading reading;
    auto& sax = *context->sax;
    reading.start_element = std::exchange(sax.startElementNs, start_element);
    reading.characters = std::exchange(sax.characters, characters);
    context->_private = &reading;
    sax.getEntity = html_entity;
    sax.entityDecl = nullptr;
    sax.unparsedEntityDecl = nullptr;
    sax.getParameterEntity = nullptr;
    sax.externalSubset = nullptr;
    sax.resolveEntity = refuse_entity;
    XmlFile out;
    out.tree.reset(xmlCtxtReadMemory(context.get(), xml.data(), static_cast<int>(xml.size()),
                                     nullptr, nullptr,
                                     XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_NOERROR |
                                         XML_PARSE_NOWARNING | XML_PARSE_COMPACT));
    if (!out.tree || !xmlDocGetRootElement(out.tree.get()))
        return Error{Errc::corrupt, "cannot be read as XML"};
    out.damaged = reading.damaged || !context->wellFormed;
    return out;
}

std::string attribute(const xmlNode* node, std::string_view name) {
    if (!is_element(node)) return {};
    for (const xmlAttr* attr = node->properties; attr; attr = attr->next) {
        if (view(attr->name) != name) continue;
        std::string out;
        for (const xmlNode* part = attr->children; part; part = part->next)
            if (is_text_node(part)) out += view(part->content);
        return out;
    }
    return {};
}

std::string text_of(const xmlNode* node) {
    std::string out;
    for (const xmlNode* at = node; at && out.size() < max_text; at = next_node(at, node))
        if (is_text_node(at)) out += view(at->content);
    return out;
}

}  // namespace colport
