// How fast text is split: words_speed LANGUAGE < TEXT

#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <iostream>
#include <iterator>

#include "words/words.h"

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    if (argc != 2) {
        std::cerr << "usage: words_speed LANGUAGE < TEXT\n";
        return 2;
    }
    const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    colport::WordSplitter splitter;
    for (const auto* round : {"first", "again"}) {
        std::size_t words = 0, stems = 0, bytes = 0;
        const auto begin = std::clock();
        splitter.split(text, argv[1], [&](const colport::Word& word) {
            ++words;
            stems += !word.stem.empty();
            bytes += word.form.size();
        });
        const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        fmt::print("{}: {:.1f} MB/s of CPU, {} words of {} bytes, {} with stems\n", round,
                   static_cast<double>(text.size()) / 1e6 / seconds, words, bytes, stems);
    }
}
