// Paths and documents as untrusted text, a line each: what parses reads within its bounds; a definite path finds one value at most.
#include "expr/json_path.h"

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t line_end = std::min(input.find('\n'), input.size());
  const auto path = expr::JsonPath::parse(input.substr(0, line_end));
  if (!path) {
    check(!path.error().empty(), "a path refused without a reason");
    return 0;
  }
  const auto document = json::parse(input.substr(std::min(line_end + 1, size)), {.values = 100'000});
  if (!document) return 0;
  size_t steps_left = 100'000;
  const auto found = path->select(*document, steps_left);
  check(!found || !path->is_definite() || found->size() <= 1, "a definite path finds several values");
  (void)path->read(*document, steps_left);
  return 0;
}
