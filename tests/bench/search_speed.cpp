// How large the index is, how fast it is made and how fast it is searched:
//   search_speed [--articles N]... [--work FOLDER] [--corpus FILE] [--idle no] [--texts FILE]
//   search_speed --archive FILE [--corpus FILE] [--kind NAME] [--idle yes] [--cold yes]
//
// Articles are mixed from those of the corpus, which is documentation and blogs,
// in six languages: news repeats itself less. `index` is bytes of the index by
// bytes of the articles' text in UTF-8, `made` articles a second of CPU for the
// whole import. Searches are asked twice, and the second time counts: the disk is
// warm. Each takes 20 hits with snippets. Times are of the thread's CPU, as other
// work on the machine would spoil those of a clock; "while importing" is by the
// clock, from another thread. With COLPORT_BENCH_KEEP in the environment the archive
// stays, and can be searched again. --idle no: without the work that waits for idle
// time, which makes the index of an archive anew that came in at once. --cold yes:
// before each search the archive is closed and the pages of its files and of all
// bundles are dropped from the page cache (posix_fadvise, DONTNEED); by the clock.
// --texts FILE: writes what is indexed, an article a line, for others to index, and
// prints how fast texts in memory become an index, nothing checked or stored.

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "core/limits.h"
#include "core/message.h"
#include "feed/files.h"
#include "feed/record.h"
#include "search_corpus.h"
#include "storage/archive.h"
#include "storage/database.h"
#include "storage/index.h"
#include "storage/tokenizer.h"

using namespace colport;
using support::must;

namespace {

constexpr std::size_t bundle_size = 1000;

struct Options {
    std::vector<std::size_t> articles;
    std::filesystem::path work = std::filesystem::temp_directory_path();
    std::filesystem::path archive;
    std::string kind;  // of searches; empty: all
    std::optional<bool> idle;
    bool cold = false;
    std::filesystem::path texts;
    std::string corpus = "../shared/corpus/articles/articles.jsonl.zst";
};

double seconds(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double percentile(std::vector<double> values, double part) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1,
                           static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

std::size_t text_bytes(const pb::Article& article) {
    std::size_t out = article.title().size();
    for (const auto& block : article.blocks()) out += block.paragraph().spans(0).text().size() + 1;
    return out;
}

nlohmann::json json_of(const pb::Article& article) {
    std::string text;
    for (const auto& block : article.blocks()) text += block.paragraph().spans(0).text() + "\n\n";
    return {{"title", article.title()}, {"language", article.language()}, {"text", text}};
}

std::int64_t index_bytes(const std::filesystem::path& file) {
    auto database = must(Database::open(file, Database::Mode::read_only));
    auto row = must(database.prepare(
        "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'article_index_%' AND aggregate = 1"));
    must(row.step());
    return row.integer(0);
}

using Queries = std::map<std::string, std::vector<std::string>>;

/// Searches one after the other until it is told to stop; by the clock.
std::vector<double> search_all_along(const std::filesystem::path& file, const Queries& queries,
                                     const std::atomic<bool>& stop) {
    std::vector<double> out;
    auto reader = must(ArchiveReader::open(file));
    std::vector<std::string> all;
    for (const auto& [kind, typed] : queries) all.insert(all.end(), typed.begin(), typed.end());
    for (std::size_t i = 0; !stop; i += 7) {
        Query query;
        query.words = all[i % all.size()];
        const double begin = seconds(CLOCK_MONOTONIC);
        must(reader.search(query));
        out.push_back(seconds(CLOCK_MONOTONIC) - begin);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return out;
}

void measure(const std::filesystem::path& file, const Queries& queries) {
    auto reader = must(ArchiveReader::open(file));
    std::vector<double> all;
    for (const auto& [kind, typed] : queries) {
        std::vector<double> times;
        std::size_t hits = 0, partial = 0, exact = 0;
        for (int round = 0; round < 2; ++round)
            for (const auto& words : typed) {
                Query query;
                query.words = words;
                const double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
                const auto page = must(reader.search(query));
                const double took = seconds(CLOCK_THREAD_CPUTIME_ID) - begin;
                if (round == 0) continue;
                times.push_back(took);
                all.push_back(took);
                hits += page.hits.size();
                partial += page.partial;
                exact += page.total_is_exact;
            }
        fmt::print("  {:18} p50 {:6.2f}  p99 {:6.2f} ms   {:4.1f} hits, {}% partial, {}% exact\n",
                   kind, 1000 * percentile(times, 0.5), 1000 * percentile(times, 0.99),
                   static_cast<double>(hits) / static_cast<double>(times.size()),
                   100 * partial / times.size(), 100 * exact / times.size());
    }
    fmt::print("  {:18} p50 {:6.2f}  p99 {:6.2f} ms\n", "all", 1000 * percentile(all, 0.5),
               1000 * percentile(all, 0.99));
}

void drop_cached(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::fdatasync(descriptor);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
}

void measure_cold(const std::filesystem::path& file, const Queries& queries) {
    constexpr std::size_t of_each = 15;
    std::vector<double> all;
    for (const auto& [kind, typed] : queries)
        for (std::size_t i = 0; i < std::min(of_each, typed.size()); ++i) {
            for (std::filesystem::recursive_directory_iterator at(file.parent_path()), end;
                 at != end; ++at)
                if (at->is_regular_file()) drop_cached(at->path());
            auto reader = must(ArchiveReader::open(file));
            Query query;
            query.words = typed[i];
            const double begin = seconds(CLOCK_MONOTONIC);
            must(reader.search(query));
            all.push_back(seconds(CLOCK_MONOTONIC) - begin);
        }
    fmt::print("  {:18} p50 {:6.2f}  p99 {:6.2f} ms by the clock, {} searches\n", "cold",
               1000 * percentile(all, 0.5), 1000 * percentile(all, 0.99), all.size());
}

/// Articles a second of CPU, from texts in memory to an index on the disk.
double index_alone(const std::filesystem::path& file, const std::vector<ArticleIndex::Added>& texts) {
    constexpr std::size_t at_once = 500;  // of a transaction, as imports have it
    must(Archive::open(file));
    auto database = must(Database::open(file, Database::Mode::read_write_create));
    must(tokenizer::install(database));
    Bodies bodies(database);
    ArticleIndex index(database, bodies);
    const double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
    for (std::size_t at = 0; at < texts.size();) {
        auto transaction = must(Transaction::begin(database));
        must(index.begin());
        if (at == 0)
            must(index.begin_with(static_cast<std::int64_t>(texts.size()), [&](const auto& visit) {
                const auto step = std::max<std::size_t>(texts.size() / WordCounter::sample, 1);
                for (std::size_t i = 0; i < texts.size(); i += step) visit(texts[i].text);
                return done();
            }));
        const auto end = std::min(at + at_once, texts.size());
        must(index.add(std::span(texts).subspan(at, end - at)));
        at = end;
        must(transaction.commit());
    }
    return static_cast<double>(texts.size()) / (seconds(CLOCK_THREAD_CPUTIME_ID) - begin);
}

void run(const Options& options, const std::vector<bench::Sample>& samples, std::size_t total) {
    const auto folder = options.work / fmt::format("search_speed-{}-{}", ::getpid(), total);
    std::filesystem::create_directories(folder);
    support::FeedFolder feed(folder / "feed", "Bench");
    std::filesystem::create_directories(feed.directory().volume(1));
    bench::ArticleMaker articles(samples, feed.feed(), total);
    std::vector<std::string> training;
    bench::ArticleMaker trainer(samples, feed.feed(), 1000);
    for (int i = 0; i < 1000; ++i)
        training.push_back(must(record_of(encode_message(trainer.next()))));
    const auto packed = Dictionary::pack(must(Dictionary::train(training, limits::mib)));
    const auto dictionary = must(Dictionary::load(packed));
    must(write_file(feed.directory().volume(1) / volume_file_name(1, 1, FileKind::dictionary),
                    packed));
    FeedRecord record;
    record.feed = feed.feed();
    record.name = "Bench";
    record.directory = feed.directory().root;
    record.keyring = feed.keyring().file();
    const auto file = folder / "archive.db";
    auto archive = must(Archive::open(file));
    must(archive.save_feed(record));

    bench::BundleMaker bundles(feed, dictionary);
    const auto queries = bench::make_queries(samples);
    std::size_t text = 0;
    double cpu = 0;
    std::atomic<bool> stop = false;
    std::vector<double> meanwhile;
    std::jthread searching([&] { meanwhile = search_all_along(file, queries, stop); });
    std::ofstream texts(options.texts);
    std::vector<ArticleIndex::Added> read;
    for (std::size_t made = 0; made < total;) {
        std::vector<pb::Article> some;
        for (; some.size() < bundle_size && made < total; ++made) {
            some.push_back(articles.next());
            text += text_bytes(some.back());
            if (options.texts.empty()) continue;
            texts << json_of(some.back()) << '\n';
            read.push_back(
                {static_cast<std::int64_t>(read.size() + 1), 1, text_of(some.back())});
        }
        const auto name = bundles.write(some);
        const auto bytes = must(read_file(feed.directory().volume(1) / name, 64 << 20));
        const auto reader = must(BundleReader::open(bytes, feed.keyring()));
        const double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
        must(archive.import_bundle(feed.feed(), 1, name, reader, dictionary.get()));
        cpu += seconds(CLOCK_THREAD_CPUTIME_ID) - begin;
    }
    stop = true;
    searching.join();
    fmt::print("{} articles, {:.1f} MB of text\n", total, static_cast<double>(text) / 1e6);
    fmt::print("  index {:.3f}, made {:.0f} articles a second of CPU\n",
               static_cast<double>(index_bytes(file)) / static_cast<double>(text),
               static_cast<double>(total) / cpu);
    if (!read.empty())
        fmt::print("  indexed alone {:.0f} articles a second of CPU\n",
                   index_alone(folder / "alone.db", read));
    fmt::print("  while importing: {} searches, p50 {:.1f}, p99 {:.1f} ms by the clock\n",
               meanwhile.size(), 1000 * percentile(meanwhile, 0.5),
               1000 * percentile(meanwhile, 0.99));
    const double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
    double longest = 0;
    for (bool more = options.idle.value_or(true); more;) {
        const double step = seconds(CLOCK_THREAD_CPUTIME_ID);
        more = must(archive.work());
        longest = std::max(longest, seconds(CLOCK_THREAD_CPUTIME_ID) - step);
    }
    fmt::print("  work when idle: {:.1f} s of CPU, longest step {:.0f} ms; then index {:.3f}\n",
               seconds(CLOCK_THREAD_CPUTIME_ID) - begin, 1000 * longest,
               static_cast<double>(index_bytes(file)) / static_cast<double>(text));
    std::fflush(stdout);
    measure(file, queries);
    measure_cold(file, queries);
    std::error_code ignored;
    if (std::getenv("COLPORT_BENCH_KEEP") == nullptr)
        std::filesystem::remove_all(folder, ignored);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        if (option == "--articles") options.articles.push_back(std::stoul(argv[i + 1]));
        else if (option == "--work") options.work = argv[i + 1];
        else if (option == "--corpus") options.corpus = argv[i + 1];
        else if (option == "--idle") options.idle = std::string_view(argv[i + 1]) != "no";
        else if (option == "--archive") options.archive = argv[i + 1];
        else if (option == "--cold") options.cold = std::string_view(argv[i + 1]) != "no";
        else if (option == "--texts") options.texts = argv[i + 1];
        else if (option == "--kind") options.kind = argv[i + 1];
    }
    if (options.articles.empty()) options.articles = {10'000, 100'000};
    const auto samples = bench::read_corpus(options.corpus);
    if (samples.empty()) {
        fmt::print("skipped: no corpus at {}\n", options.corpus);
        return 0;
    }
    if (!options.archive.empty()) {
        auto queries = bench::make_queries(samples);
        if (!options.kind.empty())
            std::erase_if(queries, [&](const auto& entry) { return entry.first != options.kind; });
        if (options.idle.value_or(false)) {
            auto archive = must(Archive::open(options.archive));
            while (must(archive.work())) {}
        }
        if (options.cold) measure_cold(options.archive, queries);
        else measure(options.archive, queries);
        return 0;
    }
    for (const auto total : options.articles) run(options, samples, total);
}
