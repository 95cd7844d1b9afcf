#include "gen/cloudwatch-logs/get_log_events.h"

#include <algorithm>

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/event/reading.h"
#include "services/cloudwatch-logs/group/wording.h"
#include "services/cloudwatch-logs/limits.h"
#include "wire/record.h"

namespace outcrop::cloudwatch_logs {

namespace {

// A token is a direction and a place between events: "f/…" what follows it, "b/…" what precedes it. So the token that goes on from a
// page without events is the one that led to it.
struct Token {
  bool forward;
  Position at;
};

Result<std::optional<Token>> token_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const bool forward = text->starts_with("f/");
  const auto at = forward || text->starts_with("b/") ? position_of_digits(std::string_view(*text).substr(2)) : std::nullopt;
  if (!at) return fail(invalid_token());
  return Token{forward, *at};
}

PageWanted page_of(const StoredGroup& group, std::string stream_id, const GetLogEventsInput& input, const std::optional<Token>& token) {
  PageWanted page{.keys = group.keys, .stream_id = std::move(stream_id)};
  page.from = {std::max(input.start_time.value_or(0), group.kept_from_ms), 0};
  page.to = {input.end_time.value_or(INT64_MAX), 0};
  page.from_tail = token ? !token->forward : !input.start_from_head.value_or(false);
  page.events_max = size_t(input.limit.value_or(int32_t(limits::page_events_max)));
  if (token && token->forward) page.from = std::max(page.from, token->at);
  if (token && !token->forward) page.to = std::min(page.to, token->at);
  return page;
}

}  // namespace

// A page of the events of a stream, in the order of time.
Task<Result<GetLogEventsOutput>> get_log_events(CloudwatchLogs& service, Call& call, GetLogEventsInput input) {
  const StoredGroup group = co_await service.stored_group(co_await group_of(call, input.log_group_name, input.log_group_identifier));
  const std::optional<Token> token = co_await token_of(input.next_token);
  const std::optional<std::string> stored = co_await call.world.store.get(group.keys.stream(input.log_stream_name));
  if (!stored) co_return fail(no_such_stream());
  const StreamRecord stream = co_await wire::decode_record<StreamRecord>(*stored);
  const PageWanted page = page_of(group, stream.id, input, token);
  std::vector<ReadEvent> events = co_await read_page(call.world.store, page);
  const Position rest = token ? token->at : page.from;
  const Position first = events.empty() ? rest : events.front().at;
  const Position end = events.empty() ? rest : events.back().at.next();
  GetLogEventsOutput output{
      .events = std::vector<OutputLogEvent>(), .next_forward_token = "f/" + digits_of(end), .next_backward_token = "b/" + digits_of(first)};
  for (ReadEvent& event : events)
    output.events->push_back({event.at.time_ms, std::move(event.record.message), ms_since_epoch(event.record.ingested)});
  co_return output;
}

}  // namespace outcrop::cloudwatch_logs
