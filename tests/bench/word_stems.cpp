// What words are split into: word_stems LANGUAGE < WORDS, a word a line. Each comes
// back with its form and stems.

#include <iostream>
#include <string>

#include "words/words.h"

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    if (argc != 2) {
        std::cerr << "usage: word_stems LANGUAGE < WORDS\n";
        return 2;
    }
    colport::WordSplitter splitter;
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << line << '\t';
        splitter.split(line, argv[1], [](const colport::Word& word) {
            std::cout << word.form << ' ';
            if (!word.stem.empty()) std::cout << word.stem << ' ';
        });
        std::cout << '\n';
    }
}
