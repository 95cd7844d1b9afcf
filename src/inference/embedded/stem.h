// English word stems by Porter's algorithm (M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980), after
// irregular forms ("wrote", "children") were brought to their base. Forms of one word meet; the stem need not be a word.
#pragma once
#include <string>
#include <string_view>

namespace outcrop::embedded {

// Of a word in lower case; words with other letters than a to z stay as they are.
void stem(std::string& word);

// Words that say nothing about what a text is about, in lower case: English ones, and the commonest of the larger European
// languages where they are no English words.
bool is_stop_word(std::string_view word);

}  // namespace outcrop::embedded
