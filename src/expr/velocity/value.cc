#include "expr/velocity/value.h"

namespace outcrop::expr::velocity {

const Value* Map::find(std::string_view name) const {
  auto found = positions.find(name);
  return found == positions.end() ? nullptr : &members[found->second].value;
}

void Map::put(std::string_view name, Value value) {
  auto found = positions.find(name);
  if (found != positions.end()) {
    members[found->second].value = std::move(value);
    return;
  }
  positions.emplace(name, members.size());
  members.push_back({std::string(name), std::move(value)});
}

bool Map::erase(std::string_view name) {
  auto found = positions.find(name);
  if (found == positions.end()) return false;
  const size_t erased = found->second;
  positions.erase(found);
  members.erase(members.begin() + ptrdiff_t(erased));
  for (auto& [other, position] : positions)
    if (position > erased) --position;
  return true;
}

}  // namespace outcrop::expr::velocity
