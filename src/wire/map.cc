// The index behind Map: open addressing over positions.
#include "wire/map.h"

#include <functional>

namespace outcrop::wire {

size_t KeyIndex::find(const void* entries, size_t count, KeyAt key_at, std::string_view key) const {
  if (slots_.empty()) {
    for (size_t position = 0; position < count; ++position) {
      if (key_at(entries, position) == key) return position;
    }
    return none;
  }
  size_t mask = slots_.size() - 1;
  for (size_t slot = std::hash<std::string_view>()(key) & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    if (key_at(entries, slots_[slot] - 1) == key) return slots_[slot] - 1;
  }
  return none;
}

void KeyIndex::appended(const void* entries, size_t count, KeyAt key_at) {
  if (count <= linear_max) return;
  if (count * 2 > slots_.size()) return rebuild(entries, count, key_at);
  place(key_at(entries, count - 1), count - 1);
}

void KeyIndex::rebuild(const void* entries, size_t count, KeyAt key_at) {
  size_t size = 64;
  while (size < count * 4) size *= 2;
  slots_.assign(size, 0);
  for (size_t position = 0; position < count; ++position) place(key_at(entries, position), position);
}

void KeyIndex::place(std::string_view key, size_t position) {
  size_t mask = slots_.size() - 1;
  size_t slot = std::hash<std::string_view>()(key) & mask;
  while (slots_[slot] != 0) slot = (slot + 1) & mask;
  slots_[slot] = static_cast<uint32_t>(position + 1);
}

}  // namespace outcrop::wire
