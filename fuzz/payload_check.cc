// Payloads as untrusted text: what passes is JSON to the house's parser, except for halves of surrogate pairs; what does not is worded as
// text.
#include "services/lambda/invoke/payload_check.h"

#include "base/check.h"
#include "base/encoding.h"
#include "json/json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  const std::optional<std::string> problem = lambda::json_problem(payload);
  check(!problem || is_valid_utf8(*problem), "a problem is worded with bytes that are no text");
  const auto value = json::parse(payload);
  check(!value || !problem, "JSON was refused");
  check(value || problem || value.error().problem == "a lone surrogate", "what is no JSON has passed");
  return 0;
}
