#include "press/formats/import_warc.h"

#include <fmt/format.h>

#include <functional>

#include "core/limits.h"
#include "press/clean_text.h"
#include "press/dates.h"
#include "press/formats/byte_source.h"
#include "press/formats/http_message.h"
#include "press/formats/import_html.h"
#include "press/formats/json_fields.h"
#include "press/formats/page_kind.h"
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

/// What og:type says, in lower case.
std::string kind_of(Bytes page) {
    const auto head = parse_html(page.substr(0, head_bytes));
    return head ? kind_of_page(xmlDocGetRootElement(head->tree.get())) : std::string();
}

/// A record that was looked at, and what a server answered in it.
struct Answer {
    WarcHead head;
    std::size_t number = 0;    ///< of the record, the same each time
    HttpMessage message;
    bool is_whole = true;      ///< else there is no body: too large, or packed unreadably

    [[nodiscard]] bool is_page() const {
        const auto type = message.media_type();
        return message.status == 200 && (type == "text/html" || type == "application/xhtml+xml");
    }
};

class Crawl {
public:
    Crawl(VisitWarcs visit, ImportSink& sink) : visit_(std::move(visit)), sink_(sink) {}

    /// The only pages to take, by address_key(); none: all.
    void restrict_to(std::set<std::string> pages) { only_ = std::move(pages); }

    Status run() {
        // A picture may stand behind the page that shows it, and a newer capture behind
        // an older one.
        COLPORT_TRY(each([&](Answer answer) { look_at(std::move(answer)); }, max_picture_file));
        follow_redirects();
        COLPORT_TRY(each([&](const Answer& answer) { read_page(answer); }, max_page));
        tell(others_, "page is no article", "pages are no articles");
        tell(unlisted_, "page is not in the crawl's list of pages",
             "pages are not in the crawl's list of pages");
        tell(gone_, "page was gone at last", "pages were gone at last");
        for (const auto& address : unread_) sink_.leave_standing(address, address, {});
        tell(unread_.size(), "answer of a server cannot be read", "answers of servers cannot be read");
        return done();
    }

private:
    using Visit = std::function<void(Answer)>;

    void tell(std::size_t count, const char* one, const char* many) {
        if (count > 0)
            sink_.warn(fmt::format("{}: {} {}, left out", sink_.name(), count,
                                   count == 1 ? one : many));
    }

    Status each(const Visit& visit, std::size_t limit) {
        std::size_t number = 0;
        return visit_([&](WarcFile& warc) -> Status {
            while (true) {
                const auto more = warc.next();
                // What was read before a cut is good.
                if (!more && more.error().code == Errc::corrupt && number > 0) {
                    if (!damaged_) sink_.report_damage(more.error().message);
                    damaged_ = true;
                    return done();
                }
                if (!more) return more.error();
                if (!*more) return done();
                read_record(warc, ++number, visit, limit);
            }
        });
    }

    void read_record(WarcFile& warc, std::size_t number, const Visit& visit, std::size_t limit) {
        const auto head = warc.head();
        const bool response =
            head.type == "response" && head.media_type.starts_with("application/http");
        if (!response && head.type != "resource") return;
        if (resolve_web_address(head.address, {}).empty()) return;
        const bool fits = head.size <= limit + limits::mib;
        const auto block = warc.beginning(fits ? limit + limits::mib : head_bytes);
        // next() tells that the file is cut off.
        if (!block) return;
        if (!response)
            return visit({head, number, {200, {{"content-type", head.media_type}}, *block}, fits});
        if (fits)
            if (auto message = read_http_message(*block, limit))
                return visit({head, number, std::move(*message)});
        if (auto message = read_http_head(*block))
            return visit({head, number, std::move(*message), false});
        unread_.insert(head.address);
    }

    /// The newest that holds a page.
    struct Capture {
        std::int64_t at = 0;
        std::size_t number = 0;
    };

    void look_at(Answer answer) {
        const auto key = address_key(answer.head.address);
        const auto status = answer.message.status;
        const auto date = parse_date(answer.head.date);
        const auto at = date ? date->seconds : 0;
        if (status >= 300 && status < 400)
            if (const auto target = resolve_web_address(answer.message.field("location"),
                                                        answer.head.address); !target.empty())
                moved_[key] = address_key(target);
        if (status == 404 || status == 410) {
            auto& gone_at = gone_at_[without_fragment(answer.head.address)];
            gone_at = std::max(gone_at, at);
        }
        if (answer.is_page())
            if (auto& last = newest_[key]; last.number == 0 || at >= last.at)
                last = {at, answer.number};
        if (status == 200 && answer.is_whole)
            keep_picture(answer.head.address, std::move(answer.message));
    }

    /// A list of pages names them as they were asked for.
    void follow_redirects() {
        constexpr int most_hops = 10;
        for (const auto& page : std::set(only_)) {
            auto at = moved_.find(page);
            for (int hops = 0; at != moved_.end() && hops < most_hops; ++hops) {
                only_.insert(at->second);
                at = moved_.find(at->second);
            }
        }
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

    void read_page(const Answer& answer) {
        if (!answer.is_page()) return;
        const auto page = without_fragment(answer.head.address);
        const auto key = address_key(page);
        const auto& last = newest_[key];
        if (last.number != answer.number) return;
        if (const auto gone = gone_at_.find(page); gone != gone_at_.end() && gone->second > last.at) {
            ++gone_;
            return;
        }
        if (!only_.empty() && !only_.contains(key)) {
            ++unlisted_;
            return;
        }
        if (is_front_page(page)) {
            ++others_;
            return;
        }
        if (!answer.is_whole) {
            sink_.leave_standing(page, page,
                                 page + ": too large, or packed in a way that is not known, left out");
            return;
        }
        const auto& message = answer.message;
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
            sink_.leave_standing(page, page, page + ": " + read.error().message);
            return;
        }
        take(one.finish(), kind_of(message.body));
    }

    void take(Imported page, const std::string& kind) {
        if (page.articles.empty()) ++others_;
        for (const auto& left : page.standing) sink_.leave_standing(left.guid, left.url, {});
        for (auto& item : page.articles) {
            auto& article = item.article;
            const auto text = text_of_blocks(article.blocks(), least_text);
            if (text.size() < least_text || !may_be_article(kind, article.published() != 0)) {
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
    std::map<std::string, std::string> moved_;      // by address_key()
    std::map<std::string, Capture> newest_;         // likewise
    std::map<std::string, std::int64_t> gone_at_;   // by address
    std::size_t gone_ = 0;
    std::map<std::string, std::string> pictures_;   // by address
    std::size_t picture_bytes_ = 0;
    std::size_t others_ = 0;
    std::size_t unlisted_ = 0;
    std::set<std::string> unread_;
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

/// Addresses, as address_key() has them, in the lists of pages that a WACZ may hold.
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
                out.insert(address_key(page));
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
