#include <fmt/format.h>

#include "article/render.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"
#include "web/words.h"

namespace colport::web {
namespace {

struct Option {
    const char* value;
    Text name;
};

std::string radios_html(Text legend, const char* name, std::span<const Option> options,
                        const std::string& chosen) {
    std::string out = fmt::format("<fieldset><legend>{}</legend>\n", escape_html(legend));
    for (const auto& [value, label] : options)
        out += fmt::format("<label><input type=\"radio\" name=\"{}\" value=\"{}\"{}> {}</label>\n",
                           name, value, chosen == value ? " checked" : "", escape_html(label));
    return out + "</fieldset>\n";
}

std::string language_html(const Settings& settings) {
    std::string options = fmt::format("<option value=\"\">{}</option>",
                                      escape_html(words::language_auto));
    for (const auto& language : languages())
        options += fmt::format("<option value=\"{0}\" lang=\"{1}\"{2}>{3}</option>", language.code,
                               language.tag, settings.language == language.code ? " selected" : "",
                               language.name);
    return fmt::format("<p><label>{}<select name=\"language\">{}</select></label></p>\n",
                       "<span>" + escape_html(words::language_field) + "</span>", options);
}

std::string looks_html(const Settings& settings) {
    static constexpr Option sizes[] = {{"small", words::size_small},
                                       {"normal", words::size_normal},
                                       {"large", words::size_large},
                                       {"huge", words::size_huge}};
    static constexpr Option typefaces[] = {{"serif", words::typeface_serif},
                                           {"sans", words::typeface_sans}};
    static constexpr Option colours[] = {{"auto", words::colours_auto},
                                         {"light", words::colours_light},
                                         {"dark", words::colours_dark}};
    return radios_html(words::text_size, "size", sizes, settings.size) +
           radios_html(words::typeface, "typeface", typefaces, settings.typeface) +
           radios_html(words::colours, "colours", colours, settings.colours);
}

std::string traces_html(const Settings& settings) {
    static constexpr Option panics[] = {{"leave", words::panic_leave},
                                        {"forget", words::panic_forget},
                                        {"purge", words::panic_purge}};
    static constexpr Option histories[] = {{"session", words::history_session},
                                           {"on", words::history_on},
                                           {"off", words::history_off}};
    return radios_html(words::keep_history, "history", histories, settings.history) +
           fmt::format("<p><small>{} {}</small></p>\n", escape_html(words::keep_history_hint),
                       escape_html(words::browser_history)) +
           radios_html(words::panic, "panic", panics, settings.panic) +
           fmt::format("<p><small>{}</small></p>\n", escape_html(words::panic_hint)) +
           fmt::format("<p><small>{}</small></p>\n", escape_html(words::purge_hint));
}

}  // namespace

Response settings_page(const Context& context) {
    std::string main = fmt::format("<h1>{}</h1>\n", escape_html(words::settings));
    if (text_parameter(context.request, "saved") == "1")
        main += fmt::format("<p class=\"done\" role=\"status\">{}</p>\n", escape_html(words::saved));
    main += form_begin(context, "settings", "class=\"settings\"") +
            fmt::format("<h2>{}</h2>\n{}{}<h2>{}</h2>\n{}<button>{}</button></form>\n",
                        escape_html(words::looks), looks_html(context.settings),
                        language_html(context.settings), escape_html(words::traces),
                        traces_html(context.settings), escape_html(words::save));
    return html_reply(200,
                      layout(context, {std::string(words::settings), main, "/settings", ""}));
}

Response keys_page(const Context& context) {
    const auto main = fmt::format("<h1>{}</h1>\n{}", escape_html(words::keys), keys_html());
    return html_reply(200, layout(context, {std::string(words::keys), main, "/keys", ""}));
}

Response harmless_page() {
    struct Row {
        Text what;
        int grams;
    };
    constexpr Row rows[] = {{words::kitchen_flour, 125}, {words::kitchen_sugar, 200},
                            {words::kitchen_rice, 185},  {words::kitchen_butter, 225},
                            {words::kitchen_milk, 240},  {words::kitchen_honey, 340}};
    std::string list;
    for (const auto& [what, grams] : rows)
        list += fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", escape_html(what),
                            escape_html(grams_text(grams)));
    return html_reply(
        200, fmt::format("<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n"
                         "<meta charset=\"utf-8\">\n<title>{}</title>\n"
                         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                         "<link rel=\"icon\" href=\"/plain.svg\" type=\"image/svg+xml\">\n"
                         "</head>\n<body>\n<main>\n<h1>{}</h1>\n<table>\n<caption>{}</caption>\n{}"
                         "</table>\n</main>\n</body>\n</html>\n",
                         spoken().tag, direction_of(spoken().tag),
                         escape_html(words::kitchen_title), escape_html(words::kitchen_title),
                         escape_html(words::kitchen_cup), list));
}

}  // namespace colport::web
