#pragma once

#include "press/formats/wordpress_text.h"
#include "press/formats/xml_tree.h"
#include "press/import_sink.h"

namespace colport {

/// RSS 0.9x to 2.0, RSS 1.0, WordPress exports, Atom 0.3 and 1.0, CDF: the root
/// element tells which. Read twice, an item at a time: an export of a million
/// posts takes no more memory than one of a thousand. Errors: corrupt.
Status import_feed(Bytes content, ImportSink& sink);

/// The readers that import_feed() chooses from. `root` is the document's, with
/// what stands around the items; they are read while they stand in the tree.
VisitPart rss_reader(const xmlNode* root, ImportSink& sink);
VisitPart atom_reader(const xmlNode* root, ImportSink& sink);
/// The Channel Definition Format, which came before RSS; in capitals, as it was written.
VisitPart cdf_reader(ImportSink& sink);

/// WXR 1.0 to 1.2: published posts and pages, with the featured picture as lead,
/// authors by their display name, and shortcodes and blocks understood. What the
/// site's own feed does not say of a post is left out, so that either gives the
/// same article.
class WxrReader {
public:
    explicit WxrReader(ImportSink& sink) : sink_(sink) {}

    /// What posts refer to, and may come before: first of every item.
    void remember(const xmlNode* item);
    /// Then what stands around them.
    void begin(const xmlNode* channel);
    void read(const xmlNode* item);
    void say_what_is_left_out();

private:
    void read_names(const xmlNode* item, pb::Article& article);
    void read_body(const xmlNode* item, FoundArticle& found);
    void add_featured(const xmlNode* item, FoundArticle& found);
    bool goes_out(const xmlNode* item);

    ImportSink& sink_;
    std::string language_;
    std::string site_;
    std::map<std::string, std::string> authors_;   // display name by login
    WordPressLibrary library_;
    bool names_are_logins_ = false;
    std::size_t unpublished_ = 0;
    std::size_t hidden_ = 0;                       // passages
    std::map<std::string, std::size_t> other_types_;
};

}  // namespace colport
