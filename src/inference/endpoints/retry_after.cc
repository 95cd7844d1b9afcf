#include "inference/endpoints/retry_after.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <string>

#include "inference/endpoints/limits.h"

namespace outcrop::inference {

namespace {

Milliseconds bounded(Milliseconds asked) { return std::clamp<Milliseconds>(asked, Milliseconds(0), limits::retry_after_max); }

}  // namespace

Milliseconds retry_after_of(std::string_view value, Instant now) {
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error == std::errc() && end == value.data() + value.size()) {
    return bounded(Seconds(std::clamp<int64_t>(seconds, 0, limits::retry_after_max.count())));
  }
  std::tm date{};
  const std::string text(value);
  const char* rest = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (!rest || *rest != '\0') return Milliseconds(0);
  return bounded(instant_from_ms(int64_t(timegm(&date)) * 1000) - now);
}

}  // namespace outcrop::inference
