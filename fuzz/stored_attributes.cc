// Items as bytes on disk: what can be read is written as an equal item again.
#include "services/dynamodb/value/stored_attributes.h"

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop::dynamodb;
  const auto item = load_attributes({reinterpret_cast<const char*>(data), size});
  if (!item) return 0;
  const std::string stored = store_attributes(*item);
  const auto again = load_attributes(stored);
  outcrop::check(again.has_value() && store_attributes(*again) == stored, "an item is not read as it was written");
  return 0;
}
