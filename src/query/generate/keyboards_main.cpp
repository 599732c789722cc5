// Prints a source file with the layouts that query/layouts.h declares, from what
// the system knows of them. Usage: make_keyboards LAYOUT...

#include <xkbcommon/xkbcommon.h>

#include <cstdio>
#include <memory>
#include <string>

#include "query/layouts.h"

namespace {

struct Row {
    const char* name;
    int keys;
};
// As X names them: digits, three rows of letters, and the two keys beside them.
constexpr Row rows[] = {{"AE", 12}, {"AD", 12}, {"AC", 11}, {"AB", 10}, {"TLDE", 0}, {"BKSL", 0}};
static_assert(colport::typed::key_count == 12 + 12 + 11 + 10 + 2);

struct Unref {
    void operator()(xkb_context* context) const { xkb_context_unref(context); }
    void operator()(xkb_keymap* keymap) const { xkb_keymap_unref(keymap); }
};
using Context = std::unique_ptr<xkb_context, Unref>;
using Keymap = std::unique_ptr<xkb_keymap, Unref>;

void print_key(xkb_keymap* keymap, const std::string& name) {
    const auto key = xkb_keymap_key_by_name(keymap, name.c_str());
    for (int level = 0; level < int{colport::typed::key_levels}; ++level) {
        const xkb_keysym_t* symbols = nullptr;
        const int count =
            key == XKB_KEYCODE_INVALID
                ? 0
                : xkb_keymap_key_get_syms_by_level(keymap, key, 0, level, &symbols);
        std::printf("%#x,", count == 1 ? xkb_keysym_to_utf32(symbols[0]) : 0u);
    }
}

bool print_layout(xkb_context* context, const char* layout) {
    const xkb_rule_names names{"evdev", "pc105", layout, "", ""};
    const Keymap keymap(xkb_keymap_new_from_names(context, &names, XKB_KEYMAP_COMPILE_NO_FLAGS));
    if (!keymap) return false;
    std::printf("    {\"%s\", {", layout);
    for (const auto& row : rows) {
        if (row.keys == 0) print_key(keymap.get(), row.name);
        for (int i = 1; i <= row.keys; ++i)
            print_key(keymap.get(), row.name + std::string(i < 10 ? "0" : "") + std::to_string(i));
    }
    std::printf("}},\n");
    return true;
}

}  // namespace

int main(int count, char** arguments) {
    const Context context(xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES));
    if (!context) return 1;
    std::printf("#include \"query/layouts.h\"\n\n"
                "namespace colport::typed {\n\n"
                "const std::array<Layout, layout_count> layouts{{\n");
    for (int i = 1; i < count; ++i)
        if (!print_layout(context.get(), arguments[i])) return 1;
    std::printf("}};\n\n}  // namespace colport::typed\n");
    return 0;
}
