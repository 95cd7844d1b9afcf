#include "services/lambda/function/description.h"

#include <fmt/format.h>

#include "base/digest.h"

namespace outcrop::lambda {

std::string last_modified_text(Instant at) {
  std::string text = iso8601(at, false);
  text.pop_back();  // "Z"
  const auto milliseconds = ms_since_epoch(at) - seconds_since_epoch(at) * 1000;
  return fmt::format("{}.{:03}+0000", text, milliseconds);
}

std::string runtime_version_arn(const Place& place, std::string_view runtime) {
  return fmt::format("arn:aws:lambda:{}::runtime:{}", place.region, hex(sha256(runtime)));
}

LoggingConfig described(const LoggingRecord& record) {
  return {.log_format = record.format,
          .application_log_level = record.application_level,
          .system_log_level = record.system_level,
          .log_group = record.group};
}

}  // namespace outcrop::lambda
