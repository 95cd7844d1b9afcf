#include "inference/embedded/token_count.h"

#include <algorithm>
#include <array>

#include "inference/embedded/unicode.h"

namespace outcrop::embedded {

namespace {

// Runs of one kind make tokens together.
enum class Run : uint8_t { latin, other_letters, unspaced, digits, blanks, newlines, marks };

Run run_of(char32_t code) {
  if (code == '\n' || code == '\r') return Run::newlines;
  switch (kind_of(code)) {
    case CharacterKind::letter:
      return code < 0x250 ? Run::latin : Run::other_letters;
    case CharacterKind::digit:
      return Run::digits;
    case CharacterKind::unspaced:
      return Run::unspaced;
    case CharacterKind::space:
      return Run::blanks;
    default:
      return Run::marks;
  }
}

// Of ASCII, which most text is, worked out once.
const std::array<Run, 0x80>& ascii_runs() {
  static const std::array<Run, 0x80> runs = [] {
    std::array<Run, 0x80> all{};
    for (char32_t code = 0; code < 0x80; ++code) all[code] = run_of(code);
    return all;
  }();
  return runs;
}

size_t divided_up(size_t characters, size_t by) { return (characters + by - 1) / by; }

// English words of up to eight letters are mostly one token, longer ones one more for every five letters; accented ones are rarer.
size_t tokens_of_latin(size_t letters, size_t accented) {
  size_t tokens = letters <= 8 ? 1 : 1 + divided_up(letters - 8, 5);
  return tokens + accented;
}

struct Counted {
  Run run = Run::newlines;
  size_t characters = 0, bytes = 0;
};

// In halves of a token.
size_t halves_of(const Counted& counted, Run before, Run after) {
  size_t above_ascii = counted.bytes - counted.characters;
  switch (counted.run) {
    case Run::latin:
      return 2 * tokens_of_latin(counted.characters, above_ascii);
    case Run::other_letters:
      return 2 * divided_up(counted.characters * 2, 5);  // Cyrillic and Greek: 2.5 letters a token
    case Run::unspaced:
      return 2 * counted.characters;
    case Run::digits:
      return 2 * divided_up(counted.characters, 3);
    case Run::blanks:  // one space belongs to what follows it, the others are one token
      return counted.characters > 1 || after == Run::digits ? 2 : 0;
    case Run::newlines:  // belong to the punctuation before them
      return before == Run::marks ? 0 : 2;
    case Run::marks:  // often one with the word after it; what lies above the basic plane takes several
      return (counted.characters == 1 && after == Run::latin ? 1 : 2 * divided_up(counted.characters, 3)) + above_ascii;
  }
  return 0;
}

}  // namespace

size_t estimate_tokens(std::string_view text) {
  const std::array<Run, 0x80>& ascii = ascii_runs();
  size_t halves = 0;
  Run before = Run::newlines;
  Counted counted;
  for (size_t at = 0; at < text.size();) {
    const auto lead = uint8_t(text[at]);
    const Character character = lead < 0x80 ? Character{lead, 1} : character_at(text, at);
    const Run run = lead < 0x80 ? ascii[lead] : run_of(character.code);
    if (run != counted.run && counted.characters > 0) {
      halves += halves_of(counted, before, run);
      before = counted.run;
      counted = {};
    }
    counted.run = run;
    ++counted.characters;
    counted.bytes += character.bytes;
    at += character.bytes;
  }
  if (counted.characters > 0) halves += halves_of(counted, before, Run::newlines);
  return divided_up(halves, 2);
}

}  // namespace outcrop::embedded
