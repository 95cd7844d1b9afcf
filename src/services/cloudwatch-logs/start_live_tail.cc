#include "gen/cloudwatch-logs/start_live_tail.h"

#include <algorithm>

#include "core/timers.h"
#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/wording.h"
#include "services/cloudwatch-logs/limits.h"

namespace outcrop::cloudwatch_logs {

namespace {

using TailEvents = wire::EventWriter<StartLiveTailResponseStream>;

Result<void> check_streams(const StartLiveTailInput& input) {
  if (!input.log_stream_names && !input.log_stream_name_prefixes) return {};
  if (input.log_stream_names && input.log_stream_name_prefixes)
    return fail(invalid("logStreamNames and logStreamNamePrefixes are mutually exclusive parameters."));
  if (input.log_group_identifiers.size() == 1) return {};
  return fail(invalid("logStreamNames and logStreamNamePrefixes can be specified with a single log group only."));
}

Task<Result<TailWanted>> wanted_by(CloudwatchLogs& service, const Call& call, const StartLiveTailInput& input) {
  co_await check_streams(input);
  TailWanted wanted{.groups = {},
                    .stream_names = input.log_stream_names.value_or(std::vector<std::string>()),
                    .stream_prefixes = input.log_stream_name_prefixes.value_or(std::vector<std::string>()),
                    .pattern = co_await FilterPattern::parse(input.log_event_filter_pattern.value_or(""))};
  for (const std::string& identifier : input.log_group_identifiers) {
    const GroupName group = co_await group_of_identifier(call, identifier);
    if (std::ranges::find(wanted.groups, group) != wanted.groups.end())
      co_return fail(invalid(fmt::format("The log group {} is specified more than once.", group.name)));
    co_await service.stored_group(group);
    wanted.groups.push_back(group);
  }
  co_return wanted;
}

StartLiveTailResponseStream start_of(const Call& call, StartLiveTailInput input) {
  StartLiveTailResponseStream event;
  event.session_start = LiveTailSessionStart{.request_id = call.request_id,
                                             .session_id = call.world.random.uuid(),
                                             .log_group_identifiers = std::move(input.log_group_identifiers),
                                             .log_stream_names = std::move(input.log_stream_names),
                                             .log_stream_name_prefixes = std::move(input.log_stream_name_prefixes),
                                             .log_event_filter_pattern = std::move(input.log_event_filter_pattern)};
  return event;
}

// Returns earlier when the client goes or the server ends.
Task<void> until_next_update(const Call& call) {
  std::stop_source ended;
  auto end = [&ended] { ended.request_stop(); };
  std::stop_callback gone(call.stop, end), draining(call.world.draining, end);
  co_await steady_until(call.world.clock.steady() + limits::update_interval, ended.get_token());
}

Task<Result<void>> follow(TailEvents& events, const Call& call, LiveTail& tail) {
  const SteadyTime due = call.world.clock.steady() + limits::tail_session_time_max;
  while (call.world.clock.steady() < due) {
    co_await until_next_update(call);
    if (call.world.draining.stop_requested()) co_return fail(session_streaming_exception("The server is shutting down."));
    StartLiveTailResponseStream event;
    event.session_update = tail.take();
    co_await events.write(std::move(event));
  }
  co_return fail(session_timeout_exception("The Live Tail session has been open for three hours."));
}

}  // namespace

// Events as they are written, second by second, until the client has seen enough.
Task<Result<StartLiveTailOutput>> start_live_tail(CloudwatchLogs& service, Call& call, StartLiveTailInput input) {
  auto session = co_await service.tails().open(co_await wanted_by(service, call, input), call.world.random);
  co_return StartLiveTailOutput{
      .response_stream = [&call, session = std::move(session), input = std::move(input)](TailEvents& events) mutable -> Task<Result<void>> {
        co_await events.write(start_of(call, std::move(input)));
        co_return co_await keep(follow(events, call, *session));
      }};
}

}  // namespace outcrop::cloudwatch_logs
