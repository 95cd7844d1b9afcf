#include "gateway/connection/connection_settings.h"

#include <charconv>
#include <optional>

#include "base/log.h"

namespace outcrop::gateway {

namespace {

std::optional<Seconds> idle_timeout_in(const std::string& text) {
  int64_t seconds = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (seconds < 1 || Seconds(seconds) > limits::idle_timeout_max) return std::nullopt;
  return Seconds(seconds);
}

void ignore_tag(const char* tag, const std::string& value) {
  log::warning("a tag of an API says nothing usable and is ignored", {{"tag", tag}, {"value", value}});
}

}  // namespace

ConnectionSettings ConnectionSettings::of(const ApiRecord& api) {
  ConnectionSettings settings;
  if (const std::string* value = api.tags.find(idle_timeout_tag)) {
    const std::optional<Seconds> timeout = idle_timeout_in(*value);
    if (timeout)
      settings.idle_timeout = *timeout;
    else
      ignore_tag(idle_timeout_tag, *value);
  }
  if (const std::string* value = api.tags.find(slow_consumer_tag)) {
    settings.closes_slow_consumer = *value == "close";
    if (!settings.closes_slow_consumer) ignore_tag(slow_consumer_tag, *value);
  }
  return settings;
}

}  // namespace outcrop::gateway
