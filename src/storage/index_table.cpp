#include "storage/index_table.h"

#include <algorithm>

namespace colport {

IndexTable read_index_table(const Statement& row, const IndexTable* known) {
    IndexTable out;
    out.id = row.integer(0);
    out.state = static_cast<IndexTable::State>(row.integer(1));
    out.signature = row.text(2);
    out.filled = row.integer(3);
    out.articles = row.integer(4);
    out.tidy = static_cast<int>(row.integer(6));
    // An index that is still empty may be made for more articles than there were.
    if (known != nullptr && known->id == out.id && known->articles == out.articles) {
        out.making = known->making;
        return out;
    }
    auto making = std::make_shared<Making>();
    making->average_words = std::max<std::int64_t>(row.integer(5), 1);
    making->common = CommonWords(row.blob(7));
    out.making = std::move(making);
    return out;
}

}  // namespace colport
