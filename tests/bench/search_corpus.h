#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/test_feed.h"

namespace colport::bench {

struct Sample {
    std::string title, language;
    std::vector<std::string> paragraphs;
};

/// The articles of the corpus; empty where it is absent.
std::vector<Sample> read_corpus(const std::string& file);

/// Makes as many articles as are asked for out of the corpus: each mixes
/// paragraphs of four articles of one language, with made-up names among their
/// words, about one in a hundred, of which there are more the more articles
/// there are. Times lie within ten years, the oldest first.
class ArticleMaker {
public:
    ArticleMaker(const std::vector<Sample>& samples, const PublicKey& feed, std::size_t total);
    pb::Article next();

private:
    std::string with_names(const std::string& paragraph);

    const std::vector<Sample>& samples_;
    std::map<std::string, std::vector<const Sample*>> by_language_;
    PublicKey feed_;
    std::size_t total_, made_ = 0;
    std::mt19937_64 random_{7};
};

/// Writes bundles of a thousand articles into a feed folder, each article in a
/// frame of its own with a dictionary, as a press would, but packed faster.
class BundleMaker {
public:
    BundleMaker(support::FeedFolder& feed, std::shared_ptr<const Dictionary> dictionary)
        : feed_(feed), dictionary_(std::move(dictionary)) {}
    /// Gives the file's name.
    std::string write(const std::vector<pb::Article>& articles);

private:
    support::FeedFolder& feed_;
    std::shared_ptr<const Dictionary> dictionary_;
    std::size_t count_ = 0;
};

/// What people might type, by kind.
std::map<std::string, std::vector<std::string>> make_queries(const std::vector<Sample>& samples);

}  // namespace colport::bench
