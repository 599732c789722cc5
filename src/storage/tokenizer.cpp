#include "storage/tokenizer.h"

#include <sqlite3.h>

namespace colport::tokenizer {
namespace {

int create(void*, const char**, int, Fts5Tokenizer** out) {
    static int nothing;
    *out = reinterpret_cast<Fts5Tokenizer*>(&nothing);
    return SQLITE_OK;
}

void destroy(Fts5Tokenizer*) {}

int tokenize(Fts5Tokenizer*, void* context, int, const char* text, int size,
             int (*take)(void*, int, const char*, int, int, int)) {
    for (int begin = 0; begin < size;) {
        int end = begin;
        while (end < size && text[end] != separator) ++end;
        if (end > begin)
            if (const int result = take(context, 0, text + begin, end - begin, begin, end);
                result != SQLITE_OK)
                return result;
        begin = end + 1;
    }
    return SQLITE_OK;
}

}  // namespace

Status install(Database& database) {
    fts5_api* api = nullptr;
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(database.handle(), "SELECT fts5(?1)", -1, &raw, nullptr) != SQLITE_OK)
        return database.error("configure");
    sqlite3_bind_pointer(raw, 1, &api, "fts5_api_ptr", nullptr);
    sqlite3_step(raw);
    sqlite3_finalize(raw);
    fts5_tokenizer functions{create, destroy, tokenize};
    if (api == nullptr ||
        api->xCreateTokenizer(api, name, nullptr, &functions, nullptr) != SQLITE_OK)
        return database.error("configure");
    return done();
}

}  // namespace colport::tokenizer
