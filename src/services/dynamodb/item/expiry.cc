#include "services/dynamodb/item/expiry.h"

#include <charconv>

#include "base/digest.h"
#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/limits.h"

namespace outcrop::dynamodb {

namespace {

constexpr uint16_t expiry_number = 0xffff;  // where an index would have its own

std::string expiry_prefix(const Table& table) { return items_prefix(table.prefix(), expiry_number); }

// Of a number's text; none when it has more digits than seconds have.
std::optional<int64_t> whole_seconds(std::string_view text) {
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || seconds < 0) return std::nullopt;
  return seconds;
}

}  // namespace

std::optional<std::string> expiry_key(const Table& table, const Attributes& item) {
  if (!table.record.time_to_live) return std::nullopt;
  const Value* value = item.find(*table.record.time_to_live);
  const auto* number = value ? value->as<Decimal>() : nullptr;
  const std::optional<int64_t> seconds = number ? whole_seconds(number->text()) : std::nullopt;
  if (!seconds) return std::nullopt;
  return store::KeyWriter(expiry_prefix(table)).i64(*seconds).raw(sha256(item_key(table, item))).str();
}

store::Range expired_before(const Table& table, Instant now) {
  const int64_t seconds = seconds_since_epoch(now);
  const int64_t oldest = std::max<int64_t>(0, seconds - limits::oldest_expiry.count());
  auto at = [&table](int64_t time) { return store::KeyWriter(expiry_prefix(table)).i64(time).str(); };
  return {at(oldest), at(seconds)};
}

store::Range expiries(const Table& table) { return store::Range::prefix(expiry_prefix(table)); }

}  // namespace outcrop::dynamodb
