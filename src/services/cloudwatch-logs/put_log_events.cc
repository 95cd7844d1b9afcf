#include "gen/cloudwatch-logs/put_log_events.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/wording.h"

namespace outcrop::cloudwatch_logs {

namespace {

// Nothing checks it any more; it is shown because old clients pass it on.
std::string sequence_token(const GroupCounters& counters) { return fmt::format("{:056}", counters.next_sequence); }

}  // namespace

// Adds events to a stream, those that are neither too old nor too new.
Task<Result<PutLogEventsOutput>> put_log_events(CloudwatchLogs& service, Call& call, PutLogEventsInput input) {
  const std::vector<NewEvent> batch = co_await events_of(std::move(input.log_events));
  const GroupName name = group_of(call, std::move(input.log_group_name));
  PutLogEventsOutput output;
  Accepted accepted;
  const Instant now = call.world.clock.wall();
  // There are no entities to relate events to.
  if (input.entity) output.rejected_entity_info = RejectedEntityInfo{"UnsupportedLogGroupType"};
  co_await service.with_logs(name, [&](ShardLogs& logs) -> Task<Result<void>> {
    const ShardLogs::Found found = co_await logs.get(name, input.log_stream_name);
    accepted = accept(batch, found.group->record, now);
    co_await check_span(batch, accepted);
    logs.append(name, *found.group, input.log_stream_name, *found.stream, accepted.of(batch));
    output.next_sequence_token = sequence_token(found.group->counters);
    if (accepted.of(batch).size() < batch.size()) output.rejected_log_events_info = accepted.rejected;
    co_return {};
  });
  service.tails().tell({name, input.log_stream_name, accepted.of(batch), now});
  co_return output;
}

}  // namespace outcrop::cloudwatch_logs
