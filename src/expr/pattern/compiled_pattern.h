// An event pattern as it is matched: the fields it names, and the ways to satisfy it.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "expr/pattern/alternative.h"

namespace outcrop::expr {

// A path and what is asked of the values there. Steps of a path are joined by dots, and a name with dots in it is several
// steps: {"a.b": …} and {"a": {"b": …}} are the same, in patterns and in events.
struct PatternField {
  std::string path;
  std::vector<Alternative> alternatives;  // one must match one value
  bool absent_too = false;                // or, {"exists": false}, there is no value
};

// The steps of all paths as a tree, so that an event is walked once.
struct PathNode {
  std::map<std::string, PathNode, std::less<>> children;
  std::vector<uint32_t> fields;  // whose path ends here
};

struct CompiledPattern {
  std::vector<PatternField> fields;
  std::vector<std::vector<uint32_t>> ways;  // fields that must be satisfied together, by their paths; one way is enough
  PathNode root;
};

}  // namespace outcrop::expr
