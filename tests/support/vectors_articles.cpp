// Vectors of articles.

#include "core/limits.h"
#include "core/message.h"
#include "support/test_feed.h"
#include "support/vector_writer.h"

namespace colport::support {

void write_article_vectors(VectorWriter& out) {
    const auto feed = test_key("gazette root").public_key();
    const auto add = [&](const char* name, const std::string& bytes, const char* expect,
                         const char* note) {
        out.add("article", name, bytes, {}, expect, note);
    };
    const auto plain = test_article(feed, "one", "A title", "A text.");
    const auto encoded = encode_message(plain);
    add("plain", encoded, "ok", "one paragraph");
    add("rich", encode_message(rich_article(feed)), "ok", "every kind of block, style and field");
    pb::Article retraction;
    retraction.set_id(plain.id());
    retraction.set_revision(2);
    retraction.set_status(pb::Article::RETRACTED);
    retraction.set_note("It was wrong.");
    add("retraction", encode_message(retraction), "ok", "a note and no text");
    add("unknown-field", encoded + varint_field(99, 7), "ok", "a field that a later version adds");
    add("unknown-block", encoded + bytes_field(16, bytes_field(99, "x")), "ok",
        "a kind of block that a later version adds: left out");

    const auto change = [&](const char* name, const char* expect, const char* note, auto edit) {
        auto odd = plain;
        edit(odd);
        add(name, encode_message(odd), expect, note);
    };
    const auto span = [](pb::Article& article) -> pb::Span& {
        return *article.mutable_blocks(0)->mutable_paragraph()->mutable_spans(0);
    };
    const auto link = [&](const char* name, const char* href) {
        change(name, "corrupt", href, [&](auto& a) { span(a).set_href(href); });
    };
    link("link-javascript", "javascript:alert(1)");
    link("link-data", "data:text/html,x");
    link("link-relative", "/index.html");
    link("link-space", "https://example.org/a b");
    link("link-quote", "https://example.org/\"x");
    link("link-upper-case", "HTTPS://example.org/");
    change("link-long", "corrupt", "an address of 4,097 bytes", [&](auto& a) {
        span(a).set_href("https://" + std::string(4089, 'x'));
    });
    change("url-file", "corrupt", "file:///", [](auto& a) { a.set_url("file:///etc/passwd"); });
    change("nul-in-text", "corrupt", "NUL in a paragraph",
           [&](auto& a) { span(a).set_text(std::string("a\0b", 3)); });
    change("nul-in-title", "corrupt", "NUL in the title",
           [&](auto& a) { a.set_title(std::string(1, '\0')); });
    change("style-unknown", "corrupt", "style 64", [&](auto& a) { span(a).set_style(64); });
    change("id-short", "corrupt", "an id of 15 bytes", [](auto& a) { a.mutable_id()->pop_back(); });
    change("revision-zero", "corrupt", "revisions begin at 1", [](auto& a) { a.set_revision(0); });
    change("year-10000", "corrupt", "published after the year 9999",
           [](auto& a) { a.set_published(253'402'300'800); });
    change("zone-far", "corrupt", "19 hours east", [](auto& a) { a.set_zone(19 * 60); });
    change("heading-level-1", "corrupt", "level 1 is the title's", [](auto& a) {
        a.add_blocks()->mutable_heading()->set_level(1);
    });
    change("heading-level-7", "corrupt", "level 7", [](auto& a) {
        a.add_blocks()->mutable_heading()->set_level(7);
    });
    change("list-depth-9", "corrupt", "depth 9", [](auto& a) {
        a.add_blocks()->mutable_list()->add_items()->set_depth(9);
    });
    change("picture-short", "corrupt", "a picture's hash of 31 bytes", [](auto& a) {
        a.mutable_lead()->set_picture(std::string(31, 'x'));
    });
    change("embed-without-link", "corrupt", "an embed must have an address", [](auto& a) {
        a.add_blocks()->mutable_embed()->set_title("x");
    });
    auto odd = retraction;
    odd.set_title("still here");
    add("retraction-with-title", encode_message(odd), "corrupt", "a retraction with a title");
    odd = retraction;
    odd.set_summary("still here");
    add("retraction-with-summary", encode_message(odd), "corrupt", "a retraction with a summary");
    odd = retraction;
    odd.add_blocks();
    add("retraction-with-block", encode_message(odd), "corrupt", "a retraction with a block");
    odd = retraction;
    odd.mutable_lead();
    add("retraction-with-lead", encode_message(odd), "corrupt", "a retraction with a picture");

    const auto without_status = bytes_field(1, plain.id()) + varint_field(2, 1);
    add("status-later", without_status + varint_field(3, 2), "unsupported",
        "a status that a later version adds");
    add("explicit-default", without_status + varint_field(3, 0), "corrupt",
        "status is present and 0");
    add("field-order", varint_field(2, 1) + bytes_field(1, plain.id()), "corrupt",
        "revision before id");
    add("field-twice", without_status + varint_field(2, 1), "corrupt", "revision twice");
    add("long-varint", bytes_field(1, plain.id()) + std::string("\x10\x81\x00", 3), "corrupt",
        "1 in two bytes");
    add("not-utf-8", without_status + bytes_field(5, "\xff"), "corrupt",
        "a byte that is not UTF-8");
    add("overlong", without_status + bytes_field(5, "\xc0\xaf"), "corrupt", "an overlong form");
    add("surrogate", without_status + bytes_field(5, "\xed\xa0\x80"), "corrupt", "half of a pair");
    add("group", encoded + "\xf3\x01\xf4\x01", "corrupt", "a group as field 30");
    add("trailing-bytes", encoded + std::string(1, '\0'), "corrupt", "a byte too many");
    for (const std::size_t size : {std::size_t{0}, std::size_t{17}, encoded.size() - 1})
        add(("cut-at-" + std::to_string(size)).c_str(), encoded.substr(0, size), "corrupt",
            "cut short");
}

}  // namespace colport::support
