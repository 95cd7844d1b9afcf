#include "services/cloudwatch-logs/event/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "services/cloudwatch-logs/limits.h"
#include "store/keys.h"
#include "wire/record.h"

namespace outcrop::cloudwatch_logs {
namespace {

constexpr size_t digits_each = 20;

// The places of the events that a page holds, in the order in which they are read.
Task<Result<std::vector<Position>>> places(store::Store& store, const PageWanted& wanted) {
  store::Range range = wanted.keys.of_stream(wanted.stream_id, wanted.from, wanted.to);
  std::vector<Position> places;
  size_t bytes = 0;
  while (places.size() < wanted.events_max && !range.empty()) {
    const size_t entries_max = std::min<size_t>(wanted.events_max - places.size(), 1000);
    const auto entries = co_await store.scan(range, {.entries_max = entries_max, .reverse = wanted.from_tail});
    if (entries.empty()) break;
    for (const store::Entry& entry : entries) {
      bytes += store::KeyReader(entry.value).u32().value_or(0);
      if (bytes > limits::page_bytes_max && !places.empty()) co_return places;
      places.push_back(GroupKeys::position_of(entry.key));
    }
    if (wanted.from_tail)
      range.end = entries.back().key;
    else
      range.begin = store::key_after(entries.back().key);
  }
  co_return places;
}

}  // namespace

Task<Result<std::vector<ReadEvent>>> read_page(store::Store& store, const PageWanted& wanted) {
  auto read = co_await places(store, wanted);
  if (wanted.from_tail) std::ranges::reverse(read);
  std::vector<ReadEvent> events;
  for (const Position at : read) {
    const std::optional<std::string> bytes = co_await store.get(wanted.keys.event(at));
    if (!bytes) continue;  // erased meanwhile
    events.push_back({at, co_await wire::decode_record<EventRecord>(*bytes)});
  }
  co_return events;
}

std::string digits_of(Position at) { return fmt::format("{:020}{:020}", at.time_ms, at.sequence); }

std::optional<Position> position_of_digits(std::string_view digits) {
  if (digits.size() != 2 * digits_each) return std::nullopt;
  Position at;
  auto read = [](std::string_view text, auto& number) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
  };
  if (!read(digits.substr(0, digits_each), at.time_ms) || !read(digits.substr(digits_each), at.sequence) || at.time_ms < 0)
    return std::nullopt;
  return at;
}

}  // namespace outcrop::cloudwatch_logs
