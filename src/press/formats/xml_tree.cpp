#include "press/formats/xml_tree.h"

#include <libxml/HTMLtree.h>

#include <array>
#include <cctype>
#include <exception>

#include "core/limits.h"
#include "press/clean_text.h"
#include "press/formats/text_encoding.h"
#include "press/page/markup_limits.h"

namespace colport {
namespace {

/// What the parsing of one XML document needs beside libxml2's own state.
struct Reading {
    // One named entity of HTML, in the form in which libxml2 takes its own
    // predefined ones. It reads the content before it asks for the next.
    xmlEntity entity{};
    std::string name;
    std::string content;
    startElementNsSAX2Func start_element = nullptr;
    charactersSAXFunc characters = nullptr;
    endElementNsSAX2Func end_element = nullptr;
    const VisitPart* visit = nullptr;
    std::size_t open_parts = 0;
    std::exception_ptr thrown;   ///< by `visit`; libxml2 is C and lets nothing through
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

bool is_part(std::string_view name) {
    const auto lower = ascii_lower(name.substr(0, 6));
    return lower == "item" || lower == "entry";
}

/// Removes a part that was visited, with the white space before it.
void forget(xmlNode* part) {
    xmlNode* before = part->prev;
    if (before && is_text_node(before) && xmlIsBlankNode(before)) {
        xmlUnlinkNode(before);
        xmlFreeNode(before);
    }
    xmlUnlinkNode(part);
    xmlFreeNode(part);
}

void end_element(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri) {
    auto& reading = reading_of(context);
    auto* node = static_cast<xmlParserCtxt*>(context)->node;
    reading.end_element(context, name, prefix, uri);
    if (!reading.visit || !is_part(view(name)) || reading.open_parts == 0) return;
    if (--reading.open_parts > 0 || reading.thrown) return;
    if (!is_element(node) || !is_element(node->parent)) return;
    try {
        (*reading.visit)(node);
    } catch (...) {
        reading.thrown = std::current_exception();
        xmlStopParser(static_cast<xmlParserCtxt*>(context));
    }
    forget(node);
}

void start_element(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
                   int namespaces, const xmlChar** namespace_list, int attributes, int defaulted,
                   const xmlChar** attribute_list) {
    go_on(context);
    if (is_part(view(name))) ++reading_of(context).open_parts;
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

/// Hands out the text a piece at a time: libxml2 would copy it whole.
int read_piece(void* from, char* to, int size) {
    return static_cast<int>(static_cast<Utf8Reader*>(from)->read(to, static_cast<std::size_t>(size)));
}

Result<XmlFile> read_xml(Bytes xml, std::string_view charset, const VisitPart* visit) {
    const std::unique_ptr<xmlParserCtxt, FreeXml> context(xmlNewParserCtxt());
    if (!context || xml.size() > std::size_t{1} << 30)
        return Error{Errc::corrupt, "cannot be read as XML"};
    const Quiet quiet;
    Reading reading;
    auto& sax = *context->sax;
    reading.start_element = std::exchange(sax.startElementNs, start_element);
    reading.characters = std::exchange(sax.characters, characters);
    reading.end_element = std::exchange(sax.endElementNs, end_element);
    reading.visit = visit;
    context->_private = &reading;
    sax.getEntity = html_entity;
    sax.entityDecl = nullptr;
    sax.unparsedEntityDecl = nullptr;
    sax.getParameterEntity = nullptr;
    sax.externalSubset = nullptr;
    sax.resolveEntity = refuse_entity;
    XmlFile out;
    const auto encoding = encoding_of_xml(xml, charset);
    Utf8Reader reader(xml, encoding);
    out.tree.reset(xmlCtxtReadIO(context.get(), read_piece, nullptr, &reader, nullptr, nullptr,
                                 XML_PARSE_IGNORE_ENC | XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_NOERROR |
                                     XML_PARSE_NOWARNING | XML_PARSE_COMPACT));
    if (reading.thrown) std::rethrow_exception(reading.thrown);
    if (!out.tree || !xmlDocGetRootElement(out.tree.get()))
        return Error{Errc::corrupt, "cannot be read as XML"};
    out.damaged = reading.damaged || !context->wellFormed;
    out.lost = encoding_warning(encoding, reader.lost());
    return out;
}

}  // namespace

Result<HtmlDocument> parse_html(Bytes html, std::string_view charset) {
    const auto encoding = encoding_of_html(html, charset);
    html.remove_prefix(encoding.is_plain ? encoding.mark : 0);
    HtmlDocument out;
    std::string converted;
    if (!encoding.is_plain) {
        Utf8Reader reader(html, encoding);
        std::array<char, 16'384> piece;
        while (const auto size = reader.read(piece.data(), piece.size()))
            converted.append(piece.data(), size);
        html = converted;
        out.lost = encoding_warning(encoding, reader.lost());
    }
    std::unique_ptr<htmlParserCtxt, FreeXml> context(htmlNewParserCtxt());
    if (!context || html.size() > std::size_t{1} << 30)
        return Error{Errc::corrupt, "cannot be read as HTML"};
    COLPORT_TRY(check_markup(html));
    const Quiet quiet;
    // An empty document has no tree; a blank one does.
    if (html.empty()) html = " ";
    out.tree.reset(htmlCtxtReadMemory(
        context.get(), html.data(), static_cast<int>(html.size()), nullptr, "UTF-8",
        HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
            HTML_PARSE_COMPACT));
    if (!out.tree) return Error{Errc::corrupt, "cannot be read as HTML"};
    out.cut = context->lastError.code == XML_ERR_INTERNAL_ERROR && context->disableSAX;
    return out;
}

Result<XmlFile> parse_xml(Bytes xml) { return read_xml(xml, {}, nullptr); }

Result<XmlFile> parse_xml_parts(Bytes xml, std::string_view charset, const VisitPart& visit) {
    return read_xml(xml, charset, &visit);
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

std::string text_of(const xmlNode* node, std::size_t limit) {
    std::string out;
    for (const xmlNode* at = node; at && out.size() < limit; at = next_node(at, node))
        if (is_text_node(at)) out += view(at->content);
    return out;
}

}  // namespace colport
