// The words of a text, and the terms they count as: lower case, stemmed, without what says nothing. Scripts without spaces
// are read as overlapping pairs of characters. Linear in the text.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace outcrop::embedded {

enum class WordKind : uint8_t {
  letters,   // "package", "75dpi", "naïve"
  number,    // "42", "3.14", "1,000", "12:30", "2022-12-17"
  unspaced,  // two characters of Chinese, or one that stands alone
  compound,  // what words make without spaces between them, as one: "/usr/bin", "debian_revision", "non-native"
};

// Bytes [begin, end) of the text.
struct Word {
  uint32_t begin = 0, end = 0;
  WordKind kind = WordKind::letters;

  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

class WordScanner {
 public:
  explicit WordScanner(std::string_view text) : text_(text) {}
  std::optional<Word> next();

 private:
  Word letters(size_t begin);
  Word number(size_t begin);
  Word unspaced(size_t begin);

  std::string_view text_;
  size_t at_ = 0;
};

std::vector<Word> words(std::string_view text);

// Reads the terms of a text one by one. After the words of a compound comes the compound, so that "/usr/bin" is found by its
// words and, better, as a whole.
class TermScanner {
 public:
  explicit TermScanner(std::string_view text) : text_(text), words_(text) {}
  // Moves to the next word or compound; false at the end.
  bool next();

  const Word& word() const { return word_; }
  std::string_view term() const { return term_; }  // until the next word
  bool is_stop_word() const { return stop_word_; }
  bool is_compound() const { return word_.kind == WordKind::compound; }

 private:
  void read_word();
  void follow_compound();
  void read_compound();

  std::string_view text_;
  WordScanner words_;
  Word word_;
  std::string term_;
  bool stop_word_ = false;
  Word compound_;          // its words so far
  size_t parts_ = 0;       // how many they are
  bool complete_ = false;  // it is the next to be read
};

// The terms that are no stop words, in order.
std::vector<std::string> terms(std::string_view text);

}  // namespace outcrop::embedded
