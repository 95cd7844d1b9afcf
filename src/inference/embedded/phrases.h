// Key phrases by RAKE (S. Rose, D. Engel, N. Cramer, W. Cowley, "Automatic Keyword Extraction from Individual Documents", 2010):
// runs of words between stop words and punctuation, scored by how often their words occur in long runs. A phrase that comes back
// counts more than one that does not.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace outcrop::embedded {

struct Phrase {
  std::string text;  // as it stands in the text first, white space as single spaces
  double score = 0;
  size_t count = 0;
};

// At most `count` (and phrases_max), best first, equals in the order of the text.
std::vector<Phrase> key_phrases(std::string_view text, size_t count);

}  // namespace outcrop::embedded
