// Schemas and values as untrusted text, separated by a zero byte: what is a schema judges within its bounds, the same each time; what is
// none says why.
#include "expr/json_schema.h"

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(text.find('\0'), size);
  auto schema = json::parse(text.substr(0, end));
  if (!schema) return 0;
  const auto parsed = expr::JsonSchema::parse(std::move(*schema));
  if (!parsed) {
    check(!parsed.error().empty(), "a schema is refused without a word");
    return 0;
  }
  const auto value = json::parse(text.substr(std::min(end + 1, size)));
  if (!value) return 0;
  check(parsed->violation(*value) == parsed->violation(*value), "a schema judges in two ways");
  return 0;
}
