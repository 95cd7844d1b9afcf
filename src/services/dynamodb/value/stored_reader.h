// StoredReader: the pieces of what store_attributes() wrote. Fails for good where the bytes do not fit.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "services/dynamodb/value/decimal.h"
#include "services/dynamodb/value/value.h"

namespace outcrop::dynamodb {

inline constexpr char stored_version = 1;

struct StoredReader {
  std::string_view rest;
  bool failed = false;

  char byte() {
    if (rest.empty()) failed = true;
    if (failed) return 0;
    const char first = rest.front();
    rest.remove_prefix(1);
    return first;
  }
  size_t number() {
    if (!rest.empty() && uint8_t(rest.front()) < 0x80) return uint8_t(byte());
    size_t value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const uint8_t part = uint8_t(byte());
      value |= size_t(part & 0x7f) << shift;
      if (part < 0x80) return value;
    }
    failed = true;
    return 0;
  }
  // A number of things that take a byte each at least.
  size_t count() {
    const size_t value = number();
    if (value > rest.size()) failed = true;
    return failed ? 0 : value;
  }
  std::string_view text() {
    const size_t size = count();
    const std::string_view taken = rest.substr(0, size);
    rest.remove_prefix(size);
    return taken;
  }
  Decimal decimal() {
    const std::optional<Decimal> number = Decimal::from_sortable(text());
    if (!number) failed = true;
    return number.value_or(Decimal());
  }
  Type type() { return Type(byte()); }
};

inline Fault corrupt_item() { return {"CorruptRecord", 500, "An item on disk cannot be read."}; }

}  // namespace outcrop::dynamodb
