// The lines of a text and what their form says: blank, indented, an underline, a list item, a heading. Sentences are found
// within the blocks that lines make.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace outcrop::embedded {

// Bytes [begin, end) without the line's end and the white space at both ends.
struct Line {
  uint32_t begin = 0, end = 0;
  uint32_t indent = 0;  // columns; a tab goes to the next multiple of four

  bool blank() const { return begin == end; }
  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

std::vector<Line> lines(std::string_view text);

// Bytes of a list marker and the space after it: "* ", "3. ", "(a) ", "[2] "; 0 when the line begins no item.
size_t marker_bytes(std::string_view line);
// The character of a line that is only a run of three or more of it: "=====", "-----"; 0 otherwise.
char underline_character(std::string_view line);
// "## Title" → 2; 0 when the line is no Markdown heading.
size_t markdown_level(std::string_view line);
// Groups of the number that a line begins with and that words follow: "1. About" → 1, "3.2.1 The name" → 3, "Article 5. Fees" → 1;
// 0 when there is none.
size_t numbered_level(std::string_view line);
// "<document>", "</context>", "```json": a line that separates and says nothing itself.
bool is_tag_line(std::string_view line);
// "| a | b |", or columns set apart by spaces: "cache     Application cache data"
bool is_table_row(std::string_view line);

}  // namespace outcrop::embedded
