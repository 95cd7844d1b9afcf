#include "services/lambda/async/keys.h"

#include <algorithm>

namespace outcrop::lambda {

namespace {

constexpr std::string_view service_name = "lambda";

void append_big_endian(std::string& key, uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) key += char(number >> shift & 0xff);
}

std::string prefix_of(const Shard& shard, const EventQueueName& name, char kind) {
  return shard.account_prefix(service_name, name.place.account) + kind + "/" + name.place.region + "/" + name.function + "/";
}

// Takes what stands before the next slash off `text`; none when there is no slash.
std::optional<std::string> take_part(std::string_view& text) {
  const size_t slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  std::string part(text.substr(0, slash));
  text.remove_prefix(slash + 1);
  return part;
}

}  // namespace

EventKeys::EventKeys(const Shard& shard, const EventQueueName& name)
    : events_(prefix_of(shard, name, 'e')), pieces_(prefix_of(shard, name, 'p')) {}

std::string EventKeys::event(Instant due, uint64_t number, std::string_view request_id) const {
  std::string key = events_;
  key.reserve(key.size() + 16 + request_id.size());
  append_big_endian(key, uint64_t(std::max<int64_t>(ms_since_epoch(due), 0)));
  append_big_endian(key, number);
  return key.append(request_id);
}

Instant EventKeys::due_of(std::string_view event_key) const {
  uint64_t ms = 0;
  for (char byte : event_key.substr(events_.size(), 8)) ms = ms << 8 | uint8_t(byte);
  return instant_from_ms(int64_t(ms));
}

store::Range EventKeys::everything(const Shard& shard) {
  return store::Range::prefix(shard.key_prefix() + std::string(service_name) + "/");
}

std::optional<EventQueueName> EventKeys::queue_of(const Shard& shard, std::string_view key) {
  key.remove_prefix(shard.key_prefix().size() + service_name.size() + 1);
  auto account = take_part(key), kind = take_part(key), region = take_part(key), function = take_part(key);
  if (!function || kind != "e") return std::nullopt;
  return EventQueueName{{std::move(*account), std::move(*region)}, std::move(*function)};
}

std::string EventKeys::behind_kind(const Shard& shard, std::string_view key) {
  size_t end = shard.key_prefix().size() + service_name.size() + 1;
  for (int part = 0; part < 2; ++part) end = std::min(key.find('/', end), key.size() - 1) + 1;
  return store::Range::prefix(key.substr(0, end)).end;
}

}  // namespace outcrop::lambda
