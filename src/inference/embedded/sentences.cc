#include "inference/embedded/sentences.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/encoding.h"
#include "inference/embedded/limits.h"
#include "inference/embedded/lines.h"
#include "inference/embedded/tokens.h"
#include "inference/embedded/unicode.h"

namespace outcrop::embedded {

namespace {

constexpr size_t heading_bytes_max = 200;
constexpr uint32_t markdown_heading_indent_max = 3;  // CommonMark 0.31, section 4.2: deeper it is code
constexpr uint32_t title_indent_max = 8;
constexpr size_t wrapped_bytes_min = 40;  // a shorter line was not wrapped
constexpr size_t title_words_max = 10, short_word_bytes_max = 4;
constexpr size_t levels_max = 16;

// Words before a full stop that does not end a sentence, in lower case and sorted.
constexpr auto abbreviations = std::to_array<std::string_view>(
    {"al",  "approx", "apr", "art", "aug", "bzw", "ca",  "cf",  "ch",  "co",  "corp", "dec",  "dept", "dr",   "e.g",  "ed",  "eq",  "esp",
     "est", "ev",     "ext", "feb", "fig", "ggf", "gov", "hon", "i.e", "ie",  "inc",  "jan",  "jr",   "jul",  "jun",  "lt",  "ltd", "max",
     "mio", "mr",     "mrd", "mrs", "ms",  "mt",  "nov", "nr",  "oct", "op",  "p",    "para", "pp",   "pres", "prof", "ref", "rev", "sec",
     "sen", "sep",    "sgt", "sr",  "st",  "str", "tel", "u.a", "u.k", "u.s", "univ", "usw",  "v",    "viz",  "vol",  "vs",  "z.b"});
static_assert(std::ranges::is_sorted(abbreviations));

bool is_terminal(char32_t code) {
  return code == '.' || code == '!' || code == '?' || code == 0x2026 || code == 0x3002 || code == 0xff01 || code == 0xff1f ||
         code == 0xff0e || code == 0x0964 || code == 0x061f || code == 0x06d4;
}
bool ends_without_space(char32_t code) { return code == 0x3002 || code == 0xff01 || code == 0xff1f || code == 0xff0e; }
bool is_closer(char32_t code) {
  return code == '"' || code == '\'' || code == ')' || code == ']' || code == '*' || code == '_' || code == 0x201d || code == 0x2019 ||
         code == 0xbb || code == 0x300d || code == 0x300f || code == 0xff09;
}
bool is_space(char32_t code) { return kind_of(code) == CharacterKind::space; }

// The word before text[stop], without its opening quotes and brackets.
std::string_view word_before(std::string_view text, size_t begin, size_t stop) {
  size_t first = stop;
  while (first > begin && stop - first < word_bytes_max && !is_blank(text[first - 1]) && text[first - 1] != '(' && text[first - 1] != '"')
    --first;
  return text.substr(first, stop - first);
}

bool is_abbreviation(std::string_view word, size_t line_begin_distance) {
  if (word.size() == 1 && is_ascii_letter(word[0]) && word[0] != 'I') return true;             // an initial
  if (line_begin_distance == 0 && numbered_level(std::string(word) + ". x") > 0) return true;  // the number of an item
  return word.size() <= 6 && std::ranges::binary_search(abbreviations, ascii_lower(word));
}

// What may follow a full stop when it ended a sentence: anything but a lower-case letter and inner punctuation.
bool may_begin_sentence(std::string_view text, size_t at) {
  char32_t code = character_at(text, at).code;
  if (is_letter(code) && code < 0x250 && !is_upper_case(code)) return false;
  return code != ',' && code != ';' && code != ':' && code != '.';
}

// Finds the sentences of one block of lines.
class SentenceSplitter {
 public:
  SentenceSplitter(std::string_view text, size_t begin, size_t end) : text_(text.substr(0, end)), begin_(begin) {}

  template <class Add>
  void run(Add add) {
    size_t at = begin_;
    while (at < text_.size()) {
      Character character = character_at(text_, at);
      size_t after = at + character.bytes;
      if (is_terminal(character.code) && ends_here(character.code, at, after)) {
        emit(after, add);
        at = begin_ = skip_marks(after);
        last_space_ = begin_;
        continue;
      }
      if (character.code < 0x80 && is_blank(char(character.code))) last_space_ = at;
      if (after - begin_ > sentence_bytes_max) {
        size_t cut = last_space_ > begin_ ? last_space_ : at;
        emit(cut, add);
        begin_ = cut;
      }
      at = after;
    }
    emit(text_.size(), add);
  }

 private:
  // `after` moves behind closing quotes and brackets.
  bool ends_here(char32_t code, size_t at, size_t& after) const {
    bool ends = ends_without_space(code);
    while (after < text_.size() && (is_closer(character_at(text_, after).code) || is_terminal(character_at(text_, after).code)))
      after += character_at(text_, after).bytes;
    if (after >= text_.size()) return true;
    if (ends) return true;
    if (!is_space(character_at(text_, after).code)) return false;
    if (code == '.') {
      std::string_view word = word_before(text_, begin_, at);
      if (is_abbreviation(word, at - word.size() - begin_)) return false;
    }
    size_t next = after;
    while (next < text_.size() && is_blank(text_[next])) ++next;
    return next >= text_.size() || may_begin_sentence(text_, next);
  }

  // Footnote marks after a sentence ("[12]") belong to none.
  size_t skip_marks(size_t at) const {
    for (;;) {
      size_t mark = at;
      while (mark < text_.size() && (is_blank(text_[mark]) || text_[mark] == '^')) ++mark;
      if (mark >= text_.size() || text_[mark] != '[') return at;
      size_t end = mark + 1;
      while (end < text_.size() && is_ascii_digit(text_[end])) ++end;
      if (end == mark + 1 || end >= text_.size() || text_[end] != ']') return at;
      at = end + 1;
    }
  }

  template <class Add>
  void emit(size_t end, Add& add) {
    size_t begin = begin_;
    while (begin < end && is_blank(text_[begin])) ++begin;
    while (end > begin && is_blank(text_[end - 1])) --end;
    if (begin < end) add(begin, end);
  }

  std::string_view text_;
  size_t begin_;
  size_t last_space_ = 0;
};

// Walks the lines and makes sections and blocks of them.
class Outliner {
 public:
  explicit Outliner(std::string_view text) : text_(text), lines_(lines(text)) {}

  Outline run() {
    outline_.sections.push_back({});
    for (size_t i = 0; i < lines_.size();) i = step(i);
    mark_contents_entries();
    return std::move(outline_);
  }

 private:
  struct Lead {
    uint32_t sentence, indent;
  };

  std::string_view line(size_t i) const { return lines_[i].in(text_); }
  bool blank(size_t i) const { return i >= lines_.size() || lines_[i].blank() || is_tag_line(line(i)); }

  size_t step(size_t i) {
    if (blank(i) || underline_character(line(i)) != 0) return i + 1;
    if (size_t after = try_heading(i)) return after;
    size_t end = block_end(i);
    add_block(i, end);
    return end;
  }

  size_t markdown_heading(size_t i) const { return lines_[i].indent <= markdown_heading_indent_max ? markdown_level(line(i)) : 0; }

  // The line after the heading that begins at line i; 0 when none does.
  size_t try_heading(size_t i) {
    std::string_view title = line(i);
    if (title.size() > heading_bytes_max) return 0;
    if (size_t level = markdown_heading(i)) {
      add_section(lines_[i].begin + uint32_t(level) + 1, lines_[i].end, uint32_t(level));
      return i + 1;
    }
    bool stands_alone = i == 0 || blank(i - 1);
    if (stands_alone && is_numbered_title(i)) {
      add_section(lines_[i].begin, lines_[i].end, uint32_t(numbered_level(title)));
      return i + 1;
    }
    if (!stands_alone || lines_[i].indent > 0) return 0;
    char underline = i + 1 < lines_.size() ? underline_character(line(i + 1)) : 0;
    if (underline != 0 && lines_[i + 1].end - lines_[i + 1].begin + 4 >= title.size()) {
      add_section(lines_[i].begin, lines_[i].end, level_of_underline(underline));
      return i + 2;
    }
    bool division = is_ascii_letter(title[0]) && numbered_level(title) > 0;
    if (blank(i + 1) && (division || is_shouted(title)) && !is_terminal(uint8_t(title.back()))) {
      add_section(lines_[i].begin, lines_[i].end, uint32_t(std::max<size_t>(numbered_level(title), 1)));
      return i + 1;
    }
    return 0;
  }

  // "5.1. Header stanza", set in or not; "9. Acceptance Not Required." where no item of a list can be meant.
  bool is_numbered_title(size_t i) const {
    size_t level = numbered_level(line(i));
    if (level == 0 || !blank(i + 1) || lines_[i].indent > title_indent_max) return false;
    return level >= 2 ? !is_terminal(uint8_t(line(i).back())) : is_capitalised_title(line(i)) && prose_follows(i);
  }

  static bool is_capitalised_title(std::string_view title) {
    size_t words = 0;
    for (WordScanner scanner(title); auto word = scanner.next();) {
      if (word->kind == WordKind::number) continue;
      bool short_word = words > 0 && word->end - word->begin <= short_word_bytes_max;
      if (!short_word && !is_upper_case(character_at(title, word->begin).code)) return false;
      ++words;
    }
    return words > 0 && words <= title_words_max;
  }

  // What stands below an item is set in deeper, or is another item, as what stands above it may be.
  bool prose_follows(size_t i) const {
    size_t next = i + 1, before = i;
    while (next < lines_.size() && lines_[next].blank()) ++next;
    while (before > 0 && lines_[before - 1].blank()) --before;
    bool item_before = before > 0 && numbered_level(line(before - 1)) == 1;
    return next < lines_.size() && lines_[next].indent <= lines_[i].indent && marker_bytes(line(next)) == 0 &&
           numbered_level(line(next)) == 0 && !item_before;
  }

  // "TERMS AND CONDITIONS"
  static bool is_shouted(std::string_view title) {
    size_t upper = size_t(std::ranges::count_if(title, [](char c) { return c >= 'A' && c <= 'Z'; }));
    return upper >= 4 && std::ranges::none_of(title, [](char c) { return c >= 'a' && c <= 'z'; });
  }

  // Underlines rank by their first use, as in reStructuredText.
  uint32_t level_of_underline(char underline) {
    size_t known = underlines_.find(underline);
    if (known == std::string::npos) {
      known = underlines_.size();
      underlines_ += underline;
    }
    return uint32_t(known + 1);
  }

  void add_section(uint32_t begin, uint32_t end, uint32_t level) {
    uint32_t parent = uint32_t(outline_.sections.size() - 1);
    while (outline_.sections[parent].level >= level && outline_.sections[parent].parent != nothing)
      parent = outline_.sections[parent].parent;
    outline_.sections.push_back({.begin = begin, .end = end, .parent = parent, .level = level});
    add_sentence(begin, end, SentenceKind::heading, 0);
    ++outline_.paragraphs;
    leads_.clear();
  }

  // Lines belong to one block until a blank line, a heading, an item or a table's row begins another.
  size_t block_end(size_t i) const {
    size_t end = i + 1;
    if (is_table_row(line(i))) return end;
    uint32_t indent = lines_[i].indent;
    while (!blank(end) && marker_bytes(line(end)) == 0 && markdown_heading(end) == 0 && !is_table_row(line(end))) {
      bool steps_out = lines_[end].indent < indent && !(end == i + 1 && is_unfinished(i));
      if (steps_out || (is_entry(i) && is_entry(end))) break;
      if (end == i + 1) indent = std::min(indent, lines_[end].indent);
      bool list_begins = end > i + 1 && lines_[end].indent > lines_[end - 1].indent && line(end - 1).ends_with(':');
      if (list_begins) break;
      ++end;
    }
    return end;
  }

  // A paragraph's first line may be set in: it is long, and its sentence goes on.
  bool is_unfinished(size_t i) const {
    std::string_view head = line(i);
    return marker_bytes(head) == 0 && head.size() >= wrapped_bytes_min && !is_terminal(uint8_t(head.back())) && head.back() != ':';
  }

  // "Order: 12", a line that stands for itself
  bool is_entry(size_t i) const {
    std::string_view entry = line(i);
    size_t colon = entry.substr(0, 40).find(": ");
    return colon != std::string_view::npos && colon > 0 && std::ranges::count(entry.substr(0, colon), ' ') <= 3;
  }

  void add_block(size_t first, size_t end) {
    const Line& head = lines_[first];
    size_t marker = marker_bytes(line(first));
    SentenceKind kind = is_table_row(line(first)) ? SentenceKind::preformed : marker > 0 ? SentenceKind::item : SentenceKind::prose;
    while (!leads_.empty() && !(head.indent > leads_.back().indent || (marker > 0 && head.indent == leads_.back().indent)))
      leads_.pop_back();
    uint32_t before = uint32_t(outline_.sentences.size());
    SentenceSplitter(text_, head.begin + marker, lines_[end - 1].end).run([&](size_t begin, size_t stop) {
      add_sentence(uint32_t(begin), uint32_t(stop), kind, head.indent);
      if (kind == SentenceKind::item) kind = SentenceKind::prose;
    });
    ++outline_.paragraphs;
    uint32_t after = uint32_t(outline_.sentences.size());
    if (after == before) return;
    bool defines = end > first + 1 && lines_[first + 1].indent > head.indent && marker == 0;
    for (uint32_t i = before + 1; defines && i < after; ++i) outline_.sentences[i].lead = before;
    if (kind == SentenceKind::preformed) add_to_table(first, before);
    Sentence& last = outline_.sentences.back();
    last.introduces = text_[last.end - 1] == ':' || (announces(last.in(text_)) && item_follows(end));
    if (defines)
      push_lead({.sentence = before, .indent = head.indent});
    else if (last.introduces)
      push_lead({.sentence = after - 1, .indent = head.indent});
  }

  // The rows of a table stand under its first, which names the columns.
  void add_to_table(size_t i, uint32_t row) {
    bool goes_on = i > 0 && is_table_row(line(i - 1));
    if (!goes_on)
      table_head_ = row;
    else
      outline_.sentences[row].lead = table_head_;
  }

  // "The following fields may be present in a header."
  static bool announces(std::string_view sentence) {
    return sentence.find("following") != std::string_view::npos || sentence.find("as follows") != std::string_view::npos;
  }

  bool item_follows(size_t i) const {
    while (i < lines_.size() && lines_[i].blank()) ++i;
    return i < lines_.size() && marker_bytes(line(i)) > 0;
  }

  void push_lead(Lead lead) {
    if (leads_.size() < levels_max) leads_.push_back(lead);
  }

  void add_sentence(uint32_t begin, uint32_t end, SentenceKind kind, uint32_t indent) {
    outline_.sentences.push_back({.begin = begin,
                                  .end = end,
                                  .paragraph = outline_.paragraphs,
                                  .section = uint32_t(outline_.sections.size() - 1),
                                  .lead = leads_.empty() ? nothing : leads_.back().sentence,
                                  .indent = indent,
                                  .kind = kind});
  }

  // An item that repeats a heading is an entry of the contents: it answers nothing that the section does not answer better.
  void mark_contents_entries() {
    std::unordered_set<std::string> headings;
    for (const Section& section : outline_.sections)
      if (section.end > section.begin) headings.insert(collapse_spaces(section.in(text_)));
    for (Sentence& sentence : outline_.sentences) {
      if (sentence.kind == SentenceKind::heading || sentence.end - sentence.begin > heading_bytes_max) continue;
      // The number may have been read as the item's marker.
      size_t line_begin = sentence.begin;
      while (line_begin > 0 && text_[line_begin - 1] != '\n' && sentence.begin - line_begin < 16) --line_begin;
      std::string entry = collapse_spaces(text_.substr(line_begin, sentence.end - line_begin));
      if (size_t bullet = marker_bytes(entry); bullet > 0 && !is_ascii_digit(entry[0])) entry.erase(0, bullet);
      if (headings.contains(entry) || headings.contains(collapse_spaces(sentence.in(text_)))) sentence.kind = SentenceKind::heading;
    }
  }

  std::string_view text_;
  std::vector<Line> lines_;
  Outline outline_;
  std::vector<Lead> leads_;        // outer ones first
  uint32_t table_head_ = nothing;  // the first row of the last table
  std::string underlines_;
};

}  // namespace

Outline outline(std::string_view text) { return Outliner(text).run(); }

}  // namespace outcrop::embedded
