#include "gen/cloudwatch-logs/filter_log_events.h"

#include <algorithm>
#include <unordered_map>

#include "base/encoding.h"
#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/event/reading.h"
#include "services/cloudwatch-logs/filter/filter_pattern.h"
#include "services/cloudwatch-logs/group/wording.h"
#include "services/cloudwatch-logs/limits.h"
#include "wire/record.h"

namespace outcrop::cloudwatch_logs {

namespace {

// The streams that are searched, by id. Null for one that is not, or is no more.
class SearchedStreams {
 public:
  SearchedStreams(store::Store& store, const StoredGroup& group, const FilterLogEventsInput& input)
      : store_(store), keys_(group.keys), names_(input.log_stream_names), prefix_(input.log_stream_name_prefix.value_or("")) {}

  // Fault: ResourceNotFoundException 400 for a stream that is named and does not exist.
  Task<Result<void>> check_names() {
    if (!names_) co_return {};
    for (const std::string& name : *names_)
      if (!co_await store_.get(keys_.stream(name))) co_return fail(no_such_stream());
    co_return {};
  }

  Task<Result<const std::string*>> name_of(const std::string& stream_id) {
    auto known = known_.find(stream_id);
    if (known == known_.end()) {
      std::optional<std::string> name = co_await store_.get(keys_.stream_name(stream_id));
      if (name && !is_searched(*name)) name.reset();
      known = known_.emplace(stream_id, std::move(name)).first;
    }
    co_return known->second ? &*known->second : nullptr;
  }

 private:
  bool is_searched(std::string_view name) const {
    return names_ ? std::ranges::find(*names_, name) != names_->end() : name.starts_with(prefix_);
  }

  store::Store& store_;
  const GroupKeys& keys_;
  const std::optional<std::vector<std::string>>& names_;
  const std::string prefix_;
  std::unordered_map<std::string, std::optional<std::string>> known_;
};

Result<Position> begin_of(const StoredGroup& group, const FilterLogEventsInput& input) {
  const Position from{std::max(input.start_time.value_or(0), group.kept_from_ms), 0};
  if (!input.next_token) return from;
  const auto at = position_of_digits(unbase64url(*input.next_token).value_or(""));
  if (!at) return fail(invalid_token());
  return std::max(from, *at);
}

// 56 digits, as AWS's are; unique in the group.
std::string event_id(Position at) { return digits_of(at) + std::string(16, '0'); }

// A page as it fills.
struct Page {
  size_t events_max;
  std::vector<FilteredLogEvent> events = {};
  size_t bytes = 0, bytes_looked_at = 0, events_looked_at = 0;

  bool may_look_at_more() const { return bytes_looked_at < limits::filtered_bytes_max && events_looked_at < limits::filtered_events_max; }
  void look_at(const store::Entry& entry) {
    bytes_looked_at += entry.key.size() + entry.value.size();
    ++events_looked_at;
  }
  bool has_room_for(const EventRecord& event) const {
    return events.empty() ||
           (events.size() < events_max && bytes + event.message.size() + limits::event_overhead_bytes <= limits::page_bytes_max);
  }
  void add(Position at, const std::string& stream, EventRecord event) {
    bytes += event.message.size() + limits::event_overhead_bytes;
    events.push_back({stream, at.time_ms, std::move(event.message), ms_since_epoch(event.ingested), event_id(at)});
  }
};

// Gives where the next page begins, if there is one.
Task<Result<std::optional<Position>>> fill(Page& page, store::Store& store, store::Range range, SearchedStreams& streams,
                                           const FilterPattern& pattern) {
  while (!range.empty()) {
    auto entries = co_await store.scan(range);
    if (entries.empty()) break;
    for (const store::Entry& entry : entries) {
      const Position at = GroupKeys::position_of(entry.key);
      if (!page.may_look_at_more()) co_return at;
      page.look_at(entry);
      EventRecord event = co_await wire::decode_record<EventRecord>(entry.value);
      const std::string* stream = co_await streams.name_of(event.stream_id);
      if (!stream || !pattern.matches(event.message)) continue;
      if (!page.has_room_for(event)) co_return at;
      page.add(at, *stream, std::move(event));
    }
    range.begin = store::key_after(entries.back().key);
    co_await Executor::current()->yield();  // matching takes its time
  }
  co_return std::nullopt;
}

}  // namespace

// The events of a group that match, in the order of time over all its streams.
Task<Result<FilterLogEventsOutput>> filter_log_events(CloudwatchLogs& service, Call& call, FilterLogEventsInput input) {
  if (input.log_stream_names && input.log_stream_name_prefix)
    co_return fail(invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters."));
  const FilterPattern pattern = co_await FilterPattern::parse(input.filter_pattern.value_or(""));
  const StoredGroup group = co_await service.stored_group(co_await group_of(call, input.log_group_name, input.log_group_identifier));
  const Position from = co_await begin_of(group, input);
  const int64_t last_ms = std::clamp<int64_t>(input.end_time.value_or(INT64_MAX - 1), 0, INT64_MAX - 1);
  SearchedStreams streams(call.world.store, group, input);
  co_await streams.check_names();
  Page page{.events_max = size_t(input.limit.value_or(int32_t(limits::page_events_max)))};
  const auto next = co_await fill(page, call.world.store, group.keys.events(from, {last_ms + 1, 0}), streams, pattern);
  FilterLogEventsOutput output{.events = std::move(page.events), .searched_log_streams = std::vector<SearchedLogStream>()};
  if (next) output.next_token = base64url(digits_of(*next));
  co_return output;
}

}  // namespace outcrop::cloudwatch_logs
