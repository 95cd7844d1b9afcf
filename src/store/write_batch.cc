// Ranges and the flat buffer of a write batch.
#include <cstring>

#include "store/limits.h"
#include "store/store.h"

namespace outcrop::store {

namespace {
constexpr size_t header_bytes = 9;

uint32_t load_size(const char* at) {
  uint32_t size;
  std::memcpy(&size, at, sizeof size);
  return size;
}
}  // namespace

// One byte longer than any key can be, so it sorts behind all of them and no range needs an open end.
Range Range::all() { return {"", std::string(key_bytes_max + 1, '\xff')}; }

Range Range::prefix(std::string_view prefix) {
  Range range{std::string(prefix), std::string(prefix)};
  while (!range.end.empty() && range.end.back() == '\xff') range.end.pop_back();
  if (range.end.empty()) {
    range.end = all().end;
  } else {
    ++range.end.back();
  }
  return range;
}

std::string key_after(std::string_view key) {
  std::string after;
  after.reserve(key.size() + 1);
  after += key;
  after += '\0';
  return after;
}

void WriteBatch::add(Kind kind, std::string_view key, std::string_view value) {
  char header[header_bytes];
  auto key_size = uint32_t(key.size()), value_size = uint32_t(value.size());
  header[0] = char(kind);
  std::memcpy(header + 1, &key_size, 4);
  std::memcpy(header + 5, &value_size, 4);
  buffer_.append(header, header_bytes);
  buffer_ += key;
  buffer_ += value;
}

WriteBatch::Operation WriteBatch::Iterator::operator*() const {
  uint32_t key_size = load_size(at_ + 1);
  const char* key = at_ + header_bytes;
  return {Kind(*at_), {key, key_size}, {key + key_size, load_size(at_ + 5)}};
}

WriteBatch::Iterator& WriteBatch::Iterator::operator++() {
  at_ += header_bytes + load_size(at_ + 1) + load_size(at_ + 5);
  return *this;
}

}  // namespace outcrop::store
