// How violations of the model are worded: as most services do, and what lists and maps hold is also told that it must be there.
#include "gen/lambda/manifest.h"
#include "wire/validate.h"

namespace outcrop::lambda {

Fault word_violations(const wire::Operation&, std::span<const wire::Violation> violations) {
  std::vector<wire::Violation> worded(violations.begin(), violations.end());
  for (wire::Violation& violation : worded) {
    const bool is_of_contents = violation.constraint.find(" must satisfy constraint: [") != std::string::npos;
    const bool may_be_empty = violation.shape->constraints && violation.shape->constraints->min == 0;
    if (is_of_contents && !may_be_empty) violation.constraint.insert(violation.constraint.size() - 1, ", Member must not be null");
  }
  return {"ValidationException", 400, wire::violations_text(worded)};
}

}  // namespace outcrop::lambda
