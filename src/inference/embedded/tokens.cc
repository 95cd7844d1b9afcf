#include "inference/embedded/tokens.h"

#include "inference/embedded/limits.h"
#include "inference/embedded/stem.h"
#include "inference/embedded/unicode.h"

namespace outcrop::embedded {

namespace {

bool digit_at(std::string_view text, size_t at) { return at < text.size() && is_ascii_digit(text[at]); }

// "2022-12-17" and "27/11/1996": one number, so that a date meets itself and not its parts.
size_t date_bytes(std::string_view text, size_t at) {
  size_t end = at, groups = 0;
  char separator = 0;
  while (groups < 3) {
    size_t first = end;
    while (digit_at(text, end) && end - first < 4) ++end;
    if (end == first || digit_at(text, end)) return 0;
    if (++groups == 3) break;
    if (end >= text.size() || (text[end] != '-' && text[end] != '/') || (separator != 0 && text[end] != separator)) return 0;
    separator = text[end++];
  }
  return end - at;
}

bool joins_letters(char32_t code) { return code == '\'' || code == 0x2019; }

bool is_compound_joint(char c) { return c == '/' || c == '.' || c == '_' || c == '-' || c == ':' || c == '@'; }

void drop_possessive(std::string& term) {
  for (std::string_view possessive : {"'s", "’s", "'", "’"}) {
    if (!term.ends_with(possessive)) continue;
    term.resize(term.size() - possessive.size());
    return;
  }
}

void drop_apostrophes(std::string& term) {
  std::erase(term, '\'');
  for (size_t at; (at = term.find("’")) != std::string::npos;) term.erase(at, std::string_view("’").size());
}

}  // namespace

std::optional<Word> WordScanner::next() {
  while (at_ < text_.size()) {
    Character character = character_at(text_, at_);
    switch (kind_of(character.code)) {
      case CharacterKind::letter:
        return letters(at_);
      case CharacterKind::digit:
        return number(at_);
      case CharacterKind::unspaced:
        return unspaced(at_);
      default:
        at_ += character.bytes;
    }
  }
  return std::nullopt;
}

Word WordScanner::letters(size_t begin) {
  size_t end = begin;
  while (end < text_.size() && end - begin < word_bytes_max) {
    Character character = character_at(text_, end);
    CharacterKind kind = kind_of(character.code);
    if (joins_letters(character.code)) {
      size_t after = end + character.bytes;
      if (after >= text_.size() || !is_letter(character_at(text_, after).code)) break;
    } else if (kind != CharacterKind::letter && kind != CharacterKind::digit) {
      break;
    }
    end += character.bytes;
  }
  at_ = end;
  return {uint32_t(begin), uint32_t(end), WordKind::letters};
}

Word WordScanner::number(size_t begin) {
  size_t end = begin + date_bytes(text_, begin);
  if (end == begin) {
    end += character_at(text_, begin).bytes;
    while (end < text_.size() && end - begin < word_bytes_max) {
      Character character = character_at(text_, end);
      bool inner_mark = (character.code == '.' || character.code == ',' || character.code == ':') && digit_at(text_, end + 1);
      if (!inner_mark && kind_of(character.code) != CharacterKind::digit) break;
      end += character.bytes;
    }
  }
  at_ = end;
  bool letters_follow = end < text_.size() && is_letter(character_at(text_, end).code);
  if (!letters_follow) return {uint32_t(begin), uint32_t(end), WordKind::number};
  Word rest = letters(end);  // "75dpi"
  return {uint32_t(begin), rest.end, WordKind::letters};
}

Word WordScanner::unspaced(size_t begin) {
  size_t middle = begin + character_at(text_, begin).bytes;
  at_ = middle;
  Word pair{uint32_t(begin), uint32_t(middle), WordKind::unspaced};
  if (middle >= text_.size()) return pair;
  Character second = character_at(text_, middle);
  if (kind_of(second.code) != CharacterKind::unspaced) return pair;
  pair.end = uint32_t(middle + second.bytes);
  // The last character of a run stands in the pair before it.
  bool run_ends = pair.end >= text_.size() || kind_of(character_at(text_, pair.end).code) != CharacterKind::unspaced;
  if (run_ends) at_ = pair.end;
  return pair;
}

std::vector<Word> words(std::string_view text) {
  std::vector<Word> found;
  for (WordScanner scanner(text); auto word = scanner.next();) found.push_back(*word);
  return found;
}

bool TermScanner::next() {
  if (complete_) {
    read_compound();
    return true;
  }
  auto found = words_.next();
  if (!found) return false;
  word_ = *found;
  read_word();
  follow_compound();
  return true;
}

void TermScanner::read_word() {
  std::string_view text = word_.in(text_);
  term_.clear();
  bool ascii = true;
  for (char c : text) {
    ascii &= uint8_t(c) < 0x80;
    term_ += c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  }
  if (!ascii) term_ = fold_case(text);
  stop_word_ = false;
  if (word_.kind != WordKind::letters) return;
  drop_possessive(term_);
  drop_apostrophes(term_);
  stop_word_ = embedded::is_stop_word(term_);
  if (!stop_word_) stem(term_);
}

void TermScanner::follow_compound() {
  if (parts_ == 0 || word_.begin != compound_.end + 1) {
    bool rooted = word_.begin > 0 && text_[word_.begin - 1] == '/' && (word_.begin == 1 || !is_ascii_alphanumeric(text_[word_.begin - 2]));
    compound_ = {word_.begin - rooted, word_.end, WordKind::compound};
    parts_ = rooted;
  }
  compound_.end = word_.end;
  ++parts_;
  size_t end = word_.end;
  bool goes_on = end + 1 < text_.size() && is_compound_joint(text_[end]) && is_ascii_alphanumeric(text_[end + 1]) &&
                 end - compound_.begin < word_bytes_max;
  if (goes_on) return;
  complete_ = parts_ > 1 && word_.kind != WordKind::unspaced;
  if (!complete_) parts_ = 0;
}

void TermScanner::read_compound() {
  word_ = compound_;
  complete_ = false;
  parts_ = 0;
  stop_word_ = false;
  term_ = fold_case(word_.in(text_));
  // "e-mail" is "email"
  if (term_.find_first_of("/._:@") != std::string::npos) return;
  std::erase(term_, '-');
  stem(term_);
}

std::vector<std::string> terms(std::string_view text) {
  std::vector<std::string> found;
  for (TermScanner scanner(text); scanner.next();)
    if (!scanner.is_stop_word()) found.emplace_back(scanner.term());
  return found;
}

}  // namespace outcrop::embedded
