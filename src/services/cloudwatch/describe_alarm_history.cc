#include "gen/cloudwatch/describe_alarm_history.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/query/wording.h"
#include "store/keys.h"
#include "wire/record.h"

namespace outcrop::cloudwatch {
namespace {

// Items in the order of (time, number, alarm), which is that of their keys in each shard.
struct Item {
  Instant at;
  uint32_t sequence;
  std::string alarm;
  HistoryRecord record;
  auto order() const { return std::tuple(at, sequence, std::string_view(alarm)); }
};

std::string token_of(const Item& item) {
  return base64url(store::KeyWriter().u64(uint64_t(ms_since_epoch(item.at))).u32(item.sequence).raw(item.alarm).str());
}

Result<Item> item_of_token(const std::string& token) {
  const std::string text = unbase64url(token).value_or("");
  store::KeyReader reader(text);
  auto at = reader.u64();
  auto sequence = reader.u32();
  if (!at || !sequence) return fail(invalid_next_token("The NextToken is invalid."));
  return Item{instant_from_ms(int64_t(*at)), *sequence, std::string(reader.rest()), {}};
}

class History {
 public:
  History(Cloudwatch& cloudwatch, const Call& call, const DescribeAlarmHistoryInput& input)
      : cloudwatch_(cloudwatch), call_(call), input_(input), most_(size_t(input.max_records.value_or(int32_t(limits::records_page_max)))) {}

  // The items of one alarm lie in its shard, among others'; those of all in all.
  Task<Result<std::vector<Item>>> read(const std::optional<Item>& after) {
    std::vector<Item> items;
    for (uint32_t index = 0; index < cloudwatch_.shards().count(); ++index) {
      Shard& shard = cloudwatch_.shards().at(index);
      if (input_.alarm_name && &cloudwatch_.shard_of({place_of(call_), *input_.alarm_name}) != &shard) continue;
      co_await read_shard(shard, after, items);
    }
    std::ranges::sort(items, [&](const Item& a, const Item& b) { return ascending() ? a.order() < b.order() : b.order() < a.order(); });
    co_return items;
  }
  bool ascending() const { return input_.scan_by == "TimestampAscending"; }
  size_t most() const { return most_; }

 private:
  store::Range range(const Keys& keys, const std::optional<Item>& after) const {
    const Instant kept_since = call_.world.clock.wall() - limits::history_kept;
    const Instant from = std::max(input_.start_date.value_or(kept_since), kept_since);
    const Instant to = std::min(input_.end_date.value_or(call_.world.clock.wall()), call_.world.clock.wall());
    store::Range range = keys.history(from, to + Milliseconds(1));
    if (!after) return range;
    const std::string key = keys.history(after->at, after->sequence, after->alarm);
    if (ascending())
      range.begin = std::max(range.begin, store::key_after(key));
    else
      range.end = std::min(range.end, key);
    return range;
  }

  // One more than a page needs of each shard, to know whether there is another.
  Task<Result<void>> read_shard(Shard& shard, const std::optional<Item>& after, std::vector<Item>& items) {
    const Keys keys(shard.key_prefix(), place_of(call_));
    store::Range range = this->range(keys, after);
    for (size_t found = 0; found <= most_ && !range.empty();) {
      auto entries = co_await call_.world.store.scan(range, {.reverse = !ascending()});
      if (entries.empty()) break;
      for (const store::Entry& entry : entries) {
        const auto key = keys.parse_history(entry.key);
        if (input_.alarm_name && key.alarm != *input_.alarm_name) continue;
        auto record = co_await wire::decode_record<HistoryRecord>(entry.value);
        if (found > most_ || (input_.history_item_type && record.type != *input_.history_item_type)) continue;
        items.push_back({key.at, key.sequence, std::string(key.alarm), std::move(record)});
        ++found;
      }
      (ascending() ? range.begin : range.end) = ascending() ? store::key_after(entries.back().key) : entries.back().key;
    }
    co_return {};
  }

  Cloudwatch& cloudwatch_;
  const Call& call_;
  const DescribeAlarmHistoryInput& input_;
  const size_t most_;
};

}  // namespace

// What happened to an alarm, or to all of a region, in the last thirty days.
Task<Result<DescribeAlarmHistoryOutput>> describe_alarm_history(Cloudwatch& cloudwatch, Call& call, DescribeAlarmHistoryInput input) {
  DescribeAlarmHistoryOutput output{.alarm_history_items = std::vector<AlarmHistoryItem>()};
  if (input.alarm_types && std::ranges::find(*input.alarm_types, "MetricAlarm") == input.alarm_types->end()) co_return output;
  if (input.alarm_contributor_id) co_return output;  // metric alarms here have no contributors
  std::optional<Item> after;
  if (input.next_token) after = co_await item_of_token(*input.next_token);
  History history(cloudwatch, call, input);
  std::vector<Item> items = co_await history.read(after);
  if (items.size() > history.most()) {
    items.resize(history.most());
    output.next_token = token_of(items.back());
  }
  for (Item& item : items)
    output.alarm_history_items->push_back({.alarm_name = std::move(item.alarm),
                                           .alarm_type = "MetricAlarm",
                                           .timestamp = item.at,
                                           .history_item_type = std::move(item.record.type),
                                           .history_summary = std::move(item.record.summary),
                                           .history_data = std::move(item.record.data)});
  co_return output;
}

}  // namespace outcrop::cloudwatch
