// Paths as text.
#include "wire/shape.h"

namespace outcrop::wire {

std::string Path::text() const {
  if (step == Step::root) return "";
  std::string before = parent ? parent->text() : "";
  if (!before.empty()) before += '.';
  switch (step) {
    case Step::member:
      return before.append(member->name);
    case Step::element:
      return before + std::to_string(position);
    default:
      return before.append(key);
  }
}

}  // namespace outcrop::wire
