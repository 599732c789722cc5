#include "search_corpus.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "article/article.h"
#include "core/message.h"
#include "feed/files.h"

namespace colport::bench {
namespace {

// In bytes, about: that of news. Their mean is half of it.
constexpr std::size_t longest_article = 12 << 10;

constexpr std::int64_t ten_years = std::int64_t{3650} * 24 * 3600;

std::string unpacked(const std::string& file) {
    std::string out;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
        ::popen(("zstd -dcq --long=27 '" + file + "'").c_str(), "r"), ::pclose);
    std::vector<char> buffer(1 << 20);
    while (pipe) {
        const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
        if (size == 0) break;
        out.append(buffer.data(), size);
    }
    return out;
}

bool is_word(const std::string& word) {
    return word.size() >= 3 && word.size() < 24 && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
    });
}

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> out;
    std::string word;
    for (const char c : text + " ") {
        if (c != ' ' && c != '\n' && c != '\t') {
            word += c;
            continue;
        }
        out.push_back(std::move(word));
        word.clear();
    }
    return out;
}

}  // namespace

std::vector<Sample> read_corpus(const std::string& file) {
    std::vector<Sample> out;
    if (!std::ifstream(file)) return out;
    const auto all = unpacked(file);
    for (std::size_t begin = 0; begin < all.size();) {
        const auto end = std::min(all.find('\n', begin), all.size());
        const auto json = nlohmann::json::parse(all.substr(begin, end - begin));
        Sample sample{json.value("title", ""), json.value("lang", ""), {}};
        const auto text = json.value("text", "");
        for (std::size_t at = 0; at < text.size();) {
            const auto stop = std::min(text.find('\n', at), text.size());
            if (stop > at) sample.paragraphs.push_back(text.substr(at, stop - at));
            at = stop + 1;
        }
        if (!sample.paragraphs.empty()) out.push_back(std::move(sample));
        begin = end + 1;
    }
    return out;
}

ArticleMaker::ArticleMaker(const std::vector<Sample>& samples, const PublicKey& feed,
                           std::size_t total)
    : samples_(samples), feed_(feed), total_(total) {
    for (const auto& sample : samples) by_language_[sample.language].push_back(&sample);
}

std::string ArticleMaker::with_names(const std::string& paragraph) {
    // Few of the names are frequent, and there are ever more of them.
    const auto pool = static_cast<double>(1000 + 3 * made_);
    std::string out;
    for (const char c : paragraph) {
        out += c;
        if (c != ' ' || random_() % 100 != 0) continue;
        const double at = std::generate_canonical<double, 32>(random_);
        auto name = static_cast<std::uint64_t>(std::pow(pool, at)) * 2654435761 % 100'000'007;
        out += static_cast<char>('A' + name % 26);
        for (; name > 0; name /= 20) out += "aeioubcdfgklmnprstvz"[name % 20];
        out += ' ';
    }
    return out;
}

pb::Article ArticleMaker::next() {
    const auto& sample = samples_[random_() % samples_.size()];
    const auto& kin = by_language_[sample.language];
    pb::Article out;
    out.set_id(article_id(feed_, std::to_string(made_)).str());
    out.set_revision(1);
    out.set_title(made_ < samples_.size() ? sample.title : with_names(sample.title + " "));
    out.set_language(sample.language);
    out.set_published(support::test_time - ten_years +
                      static_cast<std::int64_t>(static_cast<double>(ten_years) *
                                                static_cast<double>(made_) /
                                                static_cast<double>(total_)));
    out.add_authors(fmt::format("Author {}", random_() % 500));
    out.add_tags(fmt::format("tag{}", random_() % 50));
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < sample.paragraphs.size() && bytes < longest_article; ++i) {
        const auto& from = random_() % 4 != 0 ? sample : *kin[random_() % kin.size()];
        const auto& text = from.paragraphs[random_() % from.paragraphs.size()];
        bytes += text.size();
        out.add_blocks()->mutable_paragraph()->add_spans()->set_text(with_names(text));
    }
    ++made_;
    return out;
}

std::string BundleMaker::write(const std::vector<pb::Article>& articles) {
    support::BundleParts parts;
    parts.index.set_format(1);
    parts.index.set_feed(feed_.feed().str());
    parts.index.set_seq(++count_);
    parts.index.set_time(support::test_time);
    parts.index.set_dictionary(dictionary_->hash().str());
    const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                         ZSTD_freeCCtx);
    const std::unique_ptr<ZSTD_CDict, std::size_t (*)(ZSTD_CDict*)> packed(
        ZSTD_createCDict(dictionary_->bytes().data(), dictionary_->bytes().size(), 3),
        ZSTD_freeCDict);
    for (const auto& article : articles) {
        *parts.index.add_entries() = support::entry_of(
            article, static_cast<std::uint32_t>(parts.index.frames_size()), 0);
        const auto record = support::record(encode_message(article));
        std::string frame(ZSTD_compressBound(record.size()), '\0');
        frame.resize(ZSTD_compress_usingCDict(context.get(), frame.data(), frame.size(),
                                              record.data(), record.size(), packed.get()));
        auto* entry = parts.index.add_frames();
        entry->set_packed(static_cast<std::uint32_t>(frame.size()));
        entry->set_unpacked(static_cast<std::uint32_t>(record.size()));
        parts.frames += frame;
    }
    const auto name = volume_file_name(count_, 1, FileKind::articles);
    support::must(write_file(feed_.directory().volume(1) / name,
                             support::seal_bundle(parts, feed_.signing())));
    return name;
}

std::map<std::string, std::vector<std::string>> make_queries(const std::vector<Sample>& samples) {
    std::mt19937_64 random(11);
    std::map<std::string, std::pair<int, std::string>> having;  // and a language
    for (const auto& sample : samples) {
        std::set<std::string> seen;
        for (const auto& paragraph : sample.paragraphs)
            for (auto& word : words_of(paragraph))
                if (is_word(word)) seen.insert(word);
        for (const auto& word : seen) {
            auto& entry = having[word];
            ++entry.first;
            entry.second = sample.language;
        }
    }
    std::vector<std::string> common, rare, middle;
    const auto total = static_cast<int>(samples.size());
    for (const auto& [word, found] : having) {
        if (found.second == "zh") continue;
        if (found.first > total / 20) common.push_back(word);
        else if (found.first > total / 200) middle.push_back(word);
        else if (found.first > 2) rare.push_back(word);
    }
    const auto pick = [&](const auto& from) { return from[random() % from.size()]; };
    const auto neighbours = [&](std::size_t count) {
        while (true) {
            const auto words = words_of(pick(pick(samples).paragraphs));
            if (words.size() < count + 1) continue;
            const auto at = random() % (words.size() - count);
            if (!std::all_of(words.begin() + static_cast<std::ptrdiff_t>(at),
                             words.begin() + static_cast<std::ptrdiff_t>(at + count), is_word))
                continue;
            std::string out = words[at];
            for (std::size_t i = 1; i < count; ++i) out += " " + words[at + i];
            return out;
        }
    };
    std::map<std::string, std::vector<std::string>> out;
    for (int i = 0; i < 100; ++i) {
        out["common word"].push_back(pick(common));
        out["rare word"].push_back(pick(rare));
        out["two words"].push_back(pick(common) + " " + pick(middle));
        out["two common words"].push_back(pick(common) + " " + pick(common));
        out["three words"].push_back(neighbours(3));
        out["phrase of two"].push_back('"' + neighbours(2) + '"');
        out["phrase of three"].push_back('"' + neighbours(3) + '"');
        auto beginning = pick(middle);
        if ((beginning[0] & 0x80) == 0) beginning.resize(std::min<std::size_t>(beginning.size(), 5));
        out["beginning"].push_back(beginning + "*");
        out["without"].push_back(pick(common) + " -" + pick(middle));
        out["language, since"].push_back(pick(common) + " lang:en since:2024-01-01");
        out["until"].push_back(pick(common) + " until:2019");
        out["either"].push_back(pick(common) + " OR " + pick(middle));
        std::string chinese;
        for (const auto& sample : samples)
            if (sample.language == "zh" && random() % 200 == 0)
                for (const auto& text : sample.paragraphs)
                    if (text.size() > 12 && (text[0] & 0xf0) == 0xe0 && (text[3] & 0xf0) == 0xe0 &&
                        (text[6] & 0xf0) == 0xe0)
                        chinese = text.substr(0, 9);
        if (!chinese.empty()) out["Chinese"].push_back(chinese);
    }
    return out;
}

}  // namespace colport::bench
