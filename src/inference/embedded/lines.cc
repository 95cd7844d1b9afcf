#include "inference/embedded/lines.h"

#include <algorithm>

#include "inference/embedded/unicode.h"

namespace outcrop::embedded {

namespace {

constexpr size_t marker_characters_max = 4;  // "1999. " begins a sentence's end, not an item

size_t count_while(std::string_view text, auto holds) { return size_t(std::ranges::find_if_not(text, holds) - text.begin()); }

// A marker counts only with a space after it.
size_t with_spaces(std::string_view line, size_t marker) {
  size_t spaces = count_while(line.substr(marker), [](char c) { return c == ' ' || c == '\t'; });
  return spaces == 0 ? 0 : marker + spaces;
}

size_t bullet_bytes(std::string_view line) {
  for (std::string_view bullet : {"*", "-", "+", "•", "–", "‣", "◦"})
    if (line.starts_with(bullet)) return bullet.size();
  return 0;
}

// "3", "12", "b", "iv"
size_t enumerator_bytes(std::string_view text) {
  size_t digits = count_while(text, is_ascii_digit);
  if (digits > 0) return digits < marker_characters_max ? digits : 0;
  size_t roman = count_while(text, [](char c) { return c == 'i' || c == 'v' || c == 'x'; });
  if (roman > 0 && roman <= marker_characters_max) return roman;
  return !text.empty() && is_ascii_letter(text[0]) ? 1 : 0;
}

Line line_between(std::string_view text, size_t begin, size_t end) {
  Line line;
  size_t first = begin;
  for (; first < end && (text[first] == ' ' || text[first] == '\t'); ++first) line.indent += text[first] == '\t' ? 4 - line.indent % 4 : 1;
  while (end > first && is_blank(text[end - 1])) --end;
  line.begin = uint32_t(first);
  line.end = uint32_t(end);
  return line;
}

}  // namespace

std::vector<Line> lines(std::string_view text) {
  std::vector<Line> found;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    found.push_back(line_between(text, at, end));
    at = end + 1;
  }
  return found;
}

size_t marker_bytes(std::string_view line) {
  if (size_t bullet = bullet_bytes(line)) return with_spaces(line, bullet);
  bool parenthesis = line.starts_with('('), bracket = line.starts_with('[');
  size_t open = parenthesis || bracket;
  size_t enumerator = enumerator_bytes(line.substr(open));
  if (enumerator == 0 || open + enumerator >= line.size()) return 0;
  char close = line[open + enumerator];
  bool closed = bracket ? close == ']' && is_ascii_digit(line[1]) : close == ')' || (!parenthesis && close == '.');
  bool initial = close == '.' && is_ascii_letter(line[0]);  // "A. Morris"
  return closed && !initial ? with_spaces(line, open + enumerator + 1) : 0;
}

char underline_character(std::string_view line) {
  if (line.size() < 3 || std::string_view("=-~*^\"+#`'").find(line[0]) == std::string_view::npos) return 0;
  return std::ranges::all_of(line, [&](char c) { return c == line[0]; }) ? line[0] : 0;
}

size_t markdown_level(std::string_view line) {
  size_t level = count_while(line, [](char c) { return c == '#'; });
  return level >= 1 && level <= 6 && level < line.size() && line[level] == ' ' ? level : 0;
}

size_t numbered_level(std::string_view line) {
  size_t at = 0, groups = 0;
  for (std::string_view division : {"Chapter ", "Part ", "Section ", "Article ", "Appendix "})
    if (line.starts_with(division)) line.remove_prefix(division.size());
  for (;;) {
    size_t digits = count_while(line.substr(at), is_ascii_digit);
    if (digits == 0 || digits >= marker_characters_max) break;
    ++groups;
    at += digits;
    if (at >= line.size() || line[at] != '.') break;
    ++at;
  }
  bool title_follows = groups > 0 && at + 1 < line.size() && line[at] == ' ';
  return title_follows ? groups : 0;
}

bool is_tag_line(std::string_view line) {
  if (line.starts_with("```") || line.starts_with("~~~")) return count_while(line.substr(3), is_ascii_alphanumeric) + 3 == line.size();
  if (line.size() < 3 || line.front() != '<' || line.back() != '>') return false;
  return line.substr(1, line.size() - 2).find_first_of("<>") == std::string_view::npos && (is_ascii_letter(line[1]) || line[1] == '/');
}

bool is_table_row(std::string_view line) {
  if (line.size() >= 3 && line.front() == '|' && line.back() == '|') return true;
  // Two spaces after a sentence's end are no column.
  size_t gap = line.find("   ");
  return gap != std::string_view::npos && gap > 0 && std::string_view(".!?:\"'])*").find(line[gap - 1]) == std::string_view::npos &&
         marker_bytes(line) == 0;
}

}  // namespace outcrop::embedded
