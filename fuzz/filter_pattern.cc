// Filter patterns as untrusted text, matched with untrusted messages: the pattern is the first line, the message the rest.
#include "services/cloudwatch-logs/filter/filter_pattern.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop::cloudwatch_logs;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(text.find('\n'), text.size());
  const auto pattern = FilterPattern::parse(text.substr(0, std::min<size_t>(end, 1024)));
  if (!pattern) return 0;
  const std::string_view message = text.substr(std::min(end + 1, text.size()));
  (void)pattern->matches(message);
  (void)fields_of(message);
  return 0;
}
