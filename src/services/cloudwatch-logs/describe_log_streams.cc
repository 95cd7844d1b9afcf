#include "gen/cloudwatch-logs/describe_log_streams.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/event/reading.h"
#include "services/cloudwatch-logs/group/wording.h"
#include "services/cloudwatch-logs/limits.h"
#include "wire/record.h"

namespace outcrop::cloudwatch_logs {

namespace {

// What streams are ordered by: the name alone, or the time of the last event before it.
struct Place {
  int64_t last_event_ms = 0;
  std::string name;

  auto operator<=>(const Place&) const = default;
};

struct Listed {
  Place place;
  StreamRecord record;
};

struct Order {
  bool by_event = false, descending = false;

  bool operator()(const Place& a, const Place& b) const { return descending ? b < a : a < b; }
};

Place place_of(const Order& order, std::string_view name, const StreamRecord& record) {
  const int64_t last = order.by_event && record.last_event ? ms_since_epoch(*record.last_event) : 0;
  return {last, std::string(name)};
}

std::string token_behind(const Place& place) { return base64url(digits_of({place.last_event_ms, 0}) + place.name); }

Result<std::optional<Place>> behind(const std::optional<std::string>& token) {
  if (!token) return std::nullopt;
  const std::string text = unbase64url(*token).value_or("");
  const auto at = position_of_digits(std::string_view(text).substr(0, 40));
  if (!at) return fail(invalid_token());
  return Place{at->time_ms, text.substr(40)};
}

// The first `most` in the order behind that place. Unless it is the order of the keys all streams of the group are looked at, of which no
// more than a page is kept.
Task<Result<std::vector<Listed>>> list_streams(store::Store& store, const GroupKeys& keys, std::string_view prefix, Order order,
                                               const std::optional<Place>& behind, size_t most) {
  std::vector<Listed> page;
  auto before = [&](const Listed& a, const Listed& b) { return order(a.place, b.place); };
  store::Range range = keys.streams(prefix);
  const bool is_keys_order = !order.by_event && !order.descending;
  if (is_keys_order && behind) range.begin = std::max(range.begin, store::key_after(keys.stream(behind->name)));
  while (!is_keys_order || page.size() < most) {
    const auto entries = co_await store.scan(range);
    if (entries.empty()) break;
    for (const store::Entry& entry : entries) {
      StreamRecord record = co_await wire::decode_record<StreamRecord>(entry.value);
      Listed listed{place_of(order, keys.stream_of(entry.key), record), std::move(record)};
      if (behind && !order(*behind, listed.place)) continue;
      if (page.size() == most && !before(listed, page.back())) continue;
      page.insert(std::ranges::upper_bound(page, listed, before), std::move(listed));
      if (page.size() > most) page.pop_back();
    }
    range.begin = store::key_after(entries.back().key);
  }
  co_return page;
}

// The time of the first event that is kept: earlier ones may have ended.
Task<Result<std::optional<int64_t>>> first_event(store::Store& store, const StoredGroup& group, const StreamRecord& stream) {
  if (!stream.first_event) co_return std::nullopt;
  if (ms_since_epoch(*stream.first_event) >= group.kept_from_ms) co_return ms_since_epoch(*stream.first_event);
  const auto range = group.keys.of_stream(stream.id, {group.kept_from_ms, 0}, {INT64_MAX, 0});
  const auto entries = co_await store.scan(range, {.entries_max = 1});
  if (entries.empty()) co_return std::nullopt;
  co_return GroupKeys::position_of(entries.front().key).time_ms;
}

Task<Result<LogStream>> shown_stream(store::Store& store, const StoredGroup& group, const Listed& listed) {
  const StreamRecord& record = listed.record;
  LogStream stream{.log_stream_name = listed.place.name,
                   .creation_time = ms_since_epoch(record.created),
                   .arn = group.name.arn() + ":log-stream:" + listed.place.name,
                   .stored_bytes = 0};  // API: "always zero" since 2019
  stream.first_event_timestamp = co_await first_event(store, group, record);
  if (stream.first_event_timestamp) stream.last_event_timestamp = ms_since_epoch(*record.last_event);
  if (record.last_ingestion) {
    stream.last_ingestion_time = ms_since_epoch(*record.last_ingestion);
    stream.upload_sequence_token = fmt::format("{:056}", *stream.last_ingestion_time);
  }
  co_return stream;
}

}  // namespace

// The streams of a group, by name or by their last event.
Task<Result<DescribeLogStreamsOutput>> describe_log_streams(CloudwatchLogs& service, Call& call, DescribeLogStreamsInput input) {
  const Order order{input.order_by == "LastEventTime", input.descending.value_or(false)};
  if (order.by_event && input.log_stream_name_prefix) co_return fail(invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
  const StoredGroup group = co_await service.stored_group(co_await group_of(call, input.log_group_name, input.log_group_identifier));
  const std::optional<Place> after = co_await behind(input.next_token);
  const size_t most = size_t(input.limit.value_or(int32_t(limits::describe_default)));
  auto page = co_await list_streams(call.world.store, group.keys, input.log_stream_name_prefix.value_or(""), order, after, most + 1);
  DescribeLogStreamsOutput output{.log_streams = std::vector<LogStream>()};
  if (page.size() > most) {
    page.pop_back();
    output.next_token = token_behind(page.back().place);
  }
  for (const Listed& listed : page) output.log_streams->push_back(co_await shown_stream(call.world.store, group, listed));
  co_return output;
}

}  // namespace outcrop::cloudwatch_logs
