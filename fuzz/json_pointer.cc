// JSON Pointers into JSON: what is found is found again in the copy that holds it alone. The first line is the pointer.
#include "json/pointer.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(text.find('\n'), text.size());
  const auto pointer = json::Pointer::parse(text.substr(0, end));
  const auto value = json::parse(text.substr(std::min(end + 1, text.size())));
  if (!pointer || !value) return 0;
  const json::Value* found = pointer->find(*value);
  json::Value copy;
  check(pointer->copy(*value, copy) == (found != nullptr), "found and not copied, or the other way round");
  if (found) check(pointer->find(copy) && *pointer->find(copy) == *found, "the copy has another value there");
  return 0;
}
