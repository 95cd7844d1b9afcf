#include "inference/embedded/wording.h"

#include <fmt/format.h>

#include "inference/embedded/search.h"

namespace outcrop::embedded::wording {

std::string nothing_found(double coverage) {
  return fmt::format(
      "I found no answer to this in the given text. The best sentence covers {}% of the question by weight; I quote from {}% on.",
      int(coverage * 100), int(coverage_min * 100));
}

}  // namespace outcrop::embedded::wording
