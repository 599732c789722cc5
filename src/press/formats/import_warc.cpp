#include "press/formats/import_warc.h"

#include <fmt/format.h>

#include <functional>

#include "core/limits.h"
#include "press/clean_text.h"
#include "press/formats/byte_source.h"
#include "press/formats/http_message.h"
#include "press/formats/import_html.h"
#include "press/formats/json_fields.h"
#include "press/formats/text_encoding.h"
#include "press/formats/warc_file.h"
#include "press/formats/xml_tree.h"
#include "press/formats/zip_file.h"
#include "press/page/inline_text.h"
#include "press/pictures/picture_file.h"
#include "press/urls.h"

namespace colport {
namespace {

constexpr std::size_t max_page = 16 * limits::mib;
// All pictures of a crawl wait in memory for the pages that show them.
constexpr std::size_t max_pictures = 256 * limits::mib;
constexpr std::size_t max_page_list = 64 * limits::mib;
// Where a page says what it is, if it does.
constexpr std::size_t head_bytes = 64 * limits::kib;
// Less is a form, a list or a login.
constexpr std::size_t least_text = 250;

/// Calls back with one open WARC after the other.
using VisitWarcs = std::function<Status(const std::function<Status(WarcFile&)>&)>;

std::string without_fragment(const std::string& address) {
    return address.substr(0, address.find('#'));
}

bool is_front_page(const std::string& address) {
    const auto host = address.find("://");
    const auto path = host == address.npos ? address.npos : address.find('/', host + 3);
    return path == address.npos || path + 1 == address.size();
}

/// What og:type says, in lower case.
std::string kind_of_page(Bytes page) {
    const auto head = parse_html(page.substr(0, head_bytes));
    if (!head) return {};
    const xmlNode* root = xmlDocGetRootElement(head->tree.get());
    for (const xmlNode* node = root; node; node = next_node(node, root))
        if (is_element(node) && name_of(node) == "meta" &&
            ascii_lower(attribute(node, "property")) == "og:type")
            return ascii_lower(clean_line(attribute(node, "content")));
    return {};
}

class Crawl {
public:
    Crawl(VisitWarcs visit, ImportSink& sink) : visit_(std::move(visit)), sink_(sink) {}

    /// The only pages to take; none: all.
    void restrict_to(std::set<std::string> pages) { only_ = std::move(pages); }

    Status run() {
        // A picture may stand behind the page that shows it.
        COLPORT_TRY(each([&](const WarcHead& head, HttpMessage message) {
            keep_picture(head.address, std::move(message));
        }, max_picture_file));
        COLPORT_TRY(each([&](const WarcHead& head, HttpMessage message) {
            read_page(head.address, message);
        }, max_page));
        if (others_ > 0)
            sink_.warn(fmt::format("{}: {} pages are no articles, left out", sink_.name(),
                                   others_));
        return done();
    }

private:
    using Visit = std::function<void(const WarcHead&, HttpMessage)>;

    Status each(const Visit& visit, std::size_t limit) {
        return visit_([&](WarcFile& warc) -> Status {
            while (true) {
                const auto more = warc.next();
                // What was read before a cut is good.
                if (!more && more.error().code == Errc::corrupt && records_ > 0) {
                    if (!damaged_) sink_.report_damage(more.error().message);
                    damaged_ = true;
                    return done();
                }
                if (!more) return more.error();
                if (!*more) return done();
                ++records_;
                read_record(warc, visit, limit);
            }
        });
    }

    static void read_record(WarcFile& warc, const Visit& visit, std::size_t limit) {
        const auto head = warc.head();
        const bool response =
            head.type == "response" && head.media_type.starts_with("application/http");
        if (!response && head.type != "resource") return;
        if (resolve_web_address(head.address, {}).empty()) return;
        auto block = warc.block(limit + limits::mib);
        if (!block) return;
        if (!response)
            return visit(head, {200, {{"content-type", head.media_type}}, std::move(*block)});
        if (auto message = read_http_message(*block, limit); message && message->status == 200)
            visit(head, std::move(*message));
    }

    void keep_picture(const std::string& address, HttpMessage message) {
        if (!message.media_type().starts_with("image/")) return;
        if (picture_bytes_ + message.body.size() > max_pictures) {
            if (!std::exchange(full_, true))
                sink_.warn(sink_.name() + ": more than 256 MiB of pictures, the rest is left out");
            return;
        }
        const auto size = message.body.size();
        if (pictures_.try_emplace(without_fragment(address), std::move(message.body)).second)
            picture_bytes_ += size;
    }

    void read_page(const std::string& address, const HttpMessage& message) {
        const auto type = message.media_type();
        if (type != "text/html" && type != "application/xhtml+xml") return;
        const auto page = without_fragment(address);
        if ((!only_.empty() && !only_.contains(page)) || !seen_.insert(page).second) return;
        if (is_front_page(page)) {
            ++others_;
            return;
        }
        ImportOptions options = sink_.options();
        options.taker = nullptr;
        options.base_url = page;
        options.charset = charset_of_type(message.field("content-type"));
        options.stable_name = page;
        options.folder.clear();
        options.pictures = [this](const std::string& source, const std::string& base) {
            return picture(source, base);
        };
        ImportSink one(page, options);
        if (const auto read = import_html(message.body, one); !read) {
            sink_.warn(page + ": " + read.error().message);
            return;
        }
        const auto kind = kind_of_page(message.body);
        take(one.finish(), kind.empty() || kind.find("article") != kind.npos);
    }

    void take(Imported page, bool may_be_article) {
        if (page.articles.empty()) ++others_;
        for (auto& item : page.articles) {
            auto& article = item.article;
            const auto text = text_of_blocks(article.blocks(), least_text);
            if (text.size() < least_text || (!may_be_article && article.published() == 0)) {
                ++others_;
                continue;
            }
            // The address that was fetched names a page that names none.
            if (article.url().empty()) article.set_url(item.guid);
            sink_.take(std::move(item));
        }
        for (auto& picture : page.pictures) sink_.take(std::move(picture));
        for (const auto& warning : page.warnings)
            if (!page.articles.empty()) sink_.warn(warning);
    }

    std::optional<std::string> picture(const std::string& source, const std::string& base) {
        const auto at = pictures_.find(without_fragment(resolve_web_address(source, base)));
        return at == pictures_.end() ? std::nullopt : std::optional(at->second);
    }

    VisitWarcs visit_;
    ImportSink& sink_;
    std::set<std::string> only_;
    std::set<std::string> seen_;
    std::map<std::string, std::string> pictures_;   // by address
    std::size_t picture_bytes_ = 0;
    std::size_t records_ = 0;
    std::size_t others_ = 0;
    bool full_ = false;
    bool damaged_ = false;
};

bool is_warc_name(const std::string& name) {
    return name.ends_with(".warc") || name.ends_with(".warc.gz");
}

/// Lends a source to one that wants its own.
class Borrowed : public ByteSource {
public:
    explicit Borrowed(ByteSource& source) : source_(source) {}
    Result<Bytes> next() override { return source_.next(); }

private:
    ByteSource& source_;
};

/// Addresses in the lists of pages that a WACZ may hold.
Result<std::set<std::string>> listed_pages(Bytes wacz) {
    std::set<std::string> out;
    COLPORT_TRY(visit_zip(wacz, [&](ZipEntry& entry) -> Status {
        if (!entry.name.starts_with("pages/") || !entry.name.ends_with(".jsonl")) return done();
        const auto list = COLPORT_TRY(read_all(entry.content, max_page_list));
        for (std::size_t at = 0; at < list.size();) {
            const auto end = std::min(list.find('\n', at), list.size());
            const auto line = nlohmann::json::parse(list.begin() + static_cast<std::ptrdiff_t>(at),
                                                    list.begin() + static_cast<std::ptrdiff_t>(end),
                                                    nullptr, false);
            at = end + 1;
            if (!line.is_object()) continue;
            if (const auto page = string_of(line, {"url"}); !page.empty())
                out.insert(without_fragment(page));
        }
        return done();
    }));
    return out;
}

}  // namespace

Status import_warc(Bytes content, ImportSink& sink) {
    return Crawl([content](const auto& visit) {
        WarcFile warc(gunzip_source(memory_source(content)));
        return visit(warc);
    }, sink).run();
}

Status import_wacz(Bytes content, ImportSink& sink) {
    std::size_t count = 0;
    Crawl crawl([&](const auto& visit) {
        return visit_zip(content, [&](ZipEntry& entry) -> Status {
            if (!is_warc_name(entry.name)) return done();
            ++count;
            WarcFile warc(gunzip_source(std::make_unique<Borrowed>(entry.content)));
            return visit(warc);
        });
    }, sink);
    crawl.restrict_to(COLPORT_TRY(listed_pages(content)));
    COLPORT_TRY(crawl.run());
    if (count == 0) return Error{Errc::corrupt, "is a ZIP archive without a WARC in it"};
    return done();
}

}  // namespace colport
