#pragma once

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

/// libxml2's trees, owned and read safely. Nothing here touches the network,
/// loads a DTD or expands an entity that a document declares.
namespace colport {

struct FreeXml {
    void operator()(xmlDoc* document) const noexcept { xmlFreeDoc(document); }
    void operator()(xmlChar* text) const noexcept { xmlFree(text); }
    void operator()(xmlParserCtxt* context) const noexcept { xmlFreeParserCtxt(context); }
};
using XmlDocument = std::unique_ptr<xmlDoc, FreeXml>;
using XmlString = std::unique_ptr<xmlChar, FreeXml>;

struct HtmlDocument {
    XmlDocument tree;        ///< never null; its root may be
    bool cut = false;        ///< nested too deeply: what came after is missing
    std::string lost;        ///< a line on text that could not be read; else empty
};

/// Reads a page or a fragment, in whatever encoding (text_encoding.h). `charset` is
/// what came with it, such as a server's word; may be empty. Errors: corrupt, too_large
/// (markup that would take minutes).
Result<HtmlDocument> parse_html(Bytes html, std::string_view charset = {});

struct XmlFile {
    XmlDocument tree;        ///< has a root
    bool damaged = false;    ///< not well-formed: something may be missing
    std::string lost;        ///< as in HtmlDocument
};

/// Reads XML, mending what can be mended. Named entities of HTML are understood
/// although XML has none, since feeds use them. Errors: corrupt.
Result<XmlFile> parse_xml(Bytes xml);

/// Called with each part of a feed, an element named `item` or `entry`, when it is
/// complete and while it still stands in its tree; it is gone afterwards.
using VisitPart = std::function<void(const xmlNode*)>;

/// Reads XML as parse_xml() does, but a piece at a time, so that memory does not
/// grow with the number of parts. Returns what stands around them. A part that
/// the end of the file cuts off is not visited.
/// `charset` as in parse_html().
Result<XmlFile> parse_xml_parts(Bytes xml, std::string_view charset, const VisitPart& visit);

inline bool is_element(const xmlNode* node) { return node && node->type == XML_ELEMENT_NODE; }
inline bool is_text_node(const xmlNode* node) {
    return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
}
inline std::string_view view(const xmlChar* text) {
    return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}
/// Local name of an element.
inline std::string_view name_of(const xmlNode* node) { return view(node->name); }

/// Empty when the attribute is missing.
std::string attribute(const xmlNode* node, std::string_view name);

/// All text below `node`, as it stands, hardly more than `limit` bytes of it.
std::string text_of(const xmlNode* node, std::size_t limit = std::size_t{16} << 20);

/// The node after `node` in document order within `root`; with `skip`, the one
/// after its subtree. Null at the end.
template <class Node>
Node* next_node(Node* node, const xmlNode* root, bool skip = false) {
    if (!skip && node->type != XML_ENTITY_REF_NODE && node->children) return node->children;
    while (node && node != root) {
        if (node->next) return node->next;
        node = node->parent;
    }
    return nullptr;
}

}  // namespace colport
