// Event patterns and events as untrusted text, a line each: what parses must match, within its bounds, and alike when the event
// is written anew; what does not must say why.
#include "expr/event_pattern.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t line_end = input.find('\n');
  const std::string_view text = input.substr(0, line_end);
  auto pattern = expr::EventPattern::parse(text);
  if (!pattern) {
    check(pattern.error().message.starts_with("Event pattern is not valid. Reason: "), "a pattern refused in other words");
    return 0;
  }
  if (line_end == input.npos) return 0;
  auto event = json::parse(input.substr(line_end + 1), {.values = 100'000});
  if (!event) return 0;
  const bool matches = pattern->matches(*event);
  check(!matches || event->is_object(), "what is no object matched");
  auto again = json::parse(json::write(*event));
  check(again && pattern->matches(*again) == matches, "an event written anew matches otherwise");
  return 0;
}
