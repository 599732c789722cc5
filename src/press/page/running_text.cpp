#include "press/page/running_text.h"

#include "article/render.h"

namespace colport {

std::string running_text(const pb::Article& article) {
    pb::Article body;
    for (const auto& block : article.blocks())
        if (!block.has_figure() && !block.has_embed()) *body.add_blocks() = block;
    return to_text(body);
}

}  // namespace colport
