// Other terms that may say what a term of a question says: words of near meaning (synonym_groups.h), words of one family
// ("specify" and "specification", whose stems differ), and words made of the term with a prefix ("subdirectory" for
// "directory"). General English, independent of any text.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace outcrop::embedded {

// Stems, without the term itself.
std::vector<std::string> related_terms(std::string_view term);

}  // namespace outcrop::embedded
