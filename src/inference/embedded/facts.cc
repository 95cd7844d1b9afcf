#include "inference/embedded/facts.h"

#include <algorithm>

#include "inference/embedded/limits.h"
#include "inference/embedded/lines.h"
#include "inference/embedded/unicode.h"

namespace outcrop::embedded {

namespace {

constexpr size_t key_bytes_max = 60;
constexpr size_t key_words_max = 5;

std::string_view without_marks(std::string_view text, std::string_view marks) {
  size_t first = text.find_first_not_of(marks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(marks) - first + 1);
}

// "{", "\"", "**" around keys and values of JSON and Markdown.
std::string_view bare_key(std::string_view key) { return without_marks(trimmed(key), "\"'{[*_`| \t"); }
std::string_view bare_value(std::string_view value) {
  value = trimmed(value);
  while (value.ends_with(',') || value.ends_with('}') || value.ends_with(']') || value.ends_with('|'))
    value = trimmed(value.substr(0, value.size() - 1));
  return without_marks(value, "\"'*`[| \t");
}

bool holds_all(std::span<const std::string> held, std::span<const std::string> wanted) {
  return std::ranges::all_of(wanted, [&](const std::string& term) { return std::ranges::find(held, term) != held.end(); });
}

}  // namespace

std::vector<std::string> name_terms(std::string_view name) {
  std::string spaced;
  for (size_t i = 0; i < name.size(); ++i) {
    bool hump = i > 0 && name[i] >= 'A' && name[i] <= 'Z' && !(name[i - 1] >= 'A' && name[i - 1] <= 'Z');
    if (hump) spaced += ' ';
    spaced += name[i] == '_' || name[i] == '-' || name[i] == '.' ? ' ' : name[i];
  }
  return terms(spaced);
}

Facts::Facts(std::string_view text) : text_(text), entities_(embedded::entities(text)) {
  for (TermScanner scanner(text); scanner.next();) {
    if (scanner.is_compound()) continue;
    TermId id = terms_.add(scanner.term());
    if (id == places_.size()) places_.emplace_back();
    if (places_[id].size() < name_places_max) places_[id].push_back(uint32_t(words_.size()));
    words_.push_back({scanner.word(), fold_case(scanner.word().in(text)), std::string(scanner.term())});
  }
  for (const Line& line : lines(text)) {
    if (key_values_.size() >= facts_per_kind_max) break;
    read_line(line.in(text));
  }
}

void Facts::read_line(std::string_view line) {
  line.remove_prefix(marker_bytes(line));
  if (is_table_row(line) && line.front() == '|') {
    size_t cell = line.find('|', 1);
    if (cell + 1 < line.size()) {
      std::vector<std::string> key = name_terms(bare_key(line.substr(1, cell - 1)));
      if (!key.empty()) key_values_.push_back({std::move(key), bare_value(line.substr(cell + 1))});
    }
    return;
  }
  // "name: Ann, age: 30": several pairs when each piece is one.
  size_t before = key_values_.size();
  bool all_pairs = true;
  std::string_view rest = line;
  while (!rest.empty() && all_pairs) {
    size_t end = std::min(rest.find_first_of(",;"), rest.size());
    all_pairs = add_pair(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (all_pairs) return;
  key_values_.resize(before);
  add_pair(line);
}

bool Facts::add_pair(std::string_view piece) {
  size_t mark = piece.substr(0, key_bytes_max).find_first_of(":=");
  if (mark == std::string_view::npos || (mark + 1 < piece.size() && piece[mark + 1] == '/')) return false;
  std::string_view key = bare_key(piece.substr(0, mark)), value = bare_value(piece.substr(mark + 1));
  if (key.empty() || value.empty() || embedded::words(key).size() > key_words_max) return false;
  std::vector<std::string> key_terms = name_terms(key);
  if (key_terms.empty()) return false;
  key_values_.push_back({std::move(key_terms), value});
  return true;
}

std::optional<std::string_view> Facts::value_of(std::span<const std::string> key) const {
  if (key.empty()) return std::nullopt;
  for (const KeyValue& each : key_values_)
    if (std::ranges::equal(each.key, key)) return each.value;
  for (const KeyValue& each : key_values_)
    if (holds_all(each.key, key)) return each.value;
  return std::nullopt;
}

std::vector<size_t> Facts::places_of(std::span<const std::string> terms) const {
  std::vector<size_t> places;
  auto first = terms.empty() ? std::nullopt : terms_.find(terms.front());
  if (!first) return places;
  for (size_t i : places_[*first]) {
    bool all = i + terms.size() <= words_.size();
    for (size_t k = 1; k < terms.size() && all; ++k) all = words_[i + k].term == terms[k];
    if (all) places.push_back(i + terms.size());
  }
  return places;
}

std::string_view Facts::word_before(size_t at) const {
  auto after = std::ranges::lower_bound(words_, at, {}, [](const FactWord& word) { return word.word.begin; });
  if (after == words_.begin()) return {};
  const FactWord& before = *std::prev(after);
  std::string_view gap = text_.substr(before.word.end, at - before.word.end);
  return gap.find_first_of(".!?;:\n") == std::string_view::npos ? std::string_view(before.folded) : std::string_view();
}

}  // namespace outcrop::embedded
