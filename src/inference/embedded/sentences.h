// A text as a reader sees it: headings, paragraphs, list items and sentences, each as a range of the original's bytes, so that
// a quote is verbatim. Reads wrapped plain text (underlined and numbered headings, footnotes, definition lists) and Markdown.
// One pass over the lines and one over the characters; linear.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace outcrop::embedded {

inline constexpr uint32_t nothing = UINT32_MAX;  // an index that points at none

enum class SentenceKind : uint8_t {
  prose,
  item,       // begins an item of a list
  heading,    // of a section, or its entry in a table of contents
  preformed,  // code, a table's row: no prose
};

// Bytes [begin, end), without white space at the ends.
struct Sentence {
  uint32_t begin = 0, end = 0;
  uint32_t paragraph = 0;   // counted through the text
  uint32_t section = 0;     // index into sections
  uint32_t lead = nothing;  // the sentence that introduces the list or definition this one belongs to
  uint32_t indent = 0;      // columns before its paragraph's first line
  SentenceKind kind = SentenceKind::prose;
  bool introduces = false;  // a list or an example: "…:", "The following fields may be present."

  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

struct Section {
  uint32_t begin = 0, end = 0;  // the heading's words; empty for what stands before the first heading
  uint32_t parent = nothing;
  uint32_t level = 0;

  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

struct Outline {
  std::vector<Section> sections;  // the first is the text itself
  std::vector<Sentence> sentences;
  uint32_t paragraphs = 0;
};

// Of a text below 4 GiB.
Outline outline(std::string_view text);

}  // namespace outcrop::embedded
