#include "gen/sqs/get_queue_attributes.h"

#include <algorithm>

#include "services/sqs/queue/wording.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {
namespace {

Attributes all_attributes(const Queue& queue) {
  Attributes all;
  const Counts counts = queue.counts();
  all["QueueArn"] = queue.name().arn();
  all["ApproximateNumberOfMessages"] = std::to_string(counts.visible);
  all["ApproximateNumberOfMessagesNotVisible"] = std::to_string(counts.in_flight);
  all["ApproximateNumberOfMessagesDelayed"] = std::to_string(counts.delayed);
  all["CreatedTimestamp"] = std::to_string(seconds_since_epoch(queue.record().created));
  all["LastModifiedTimestamp"] = std::to_string(seconds_since_epoch(queue.record().modified));
  for (std::string_view name : shown_attributes())
    if (auto value = attribute_of(queue.record().attributes, name, queue.settings().fifo)) all[name] = std::move(*value);
  return all;
}

}  // namespace

// The attributes asked for that the queue has.
Task<Result<GetQueueAttributesOutput>> get_queue_attributes(Sqs& sqs, Call& call, GetQueueAttributesInput input) {
  const std::vector<std::string> asked = input.attribute_names ? std::move(*input.attribute_names) : std::vector<std::string>();
  for (const std::string& name : asked)
    if (name != "All" && !is_attribute_name(name)) co_return fail(unknown_attribute(name));
  Attributes attributes =
      co_await sqs.with_queue(call, input.queue_url, [](Queue& queue) -> Task<Result<Attributes>> { co_return all_attributes(queue); });
  GetQueueAttributesOutput output;
  const bool all = std::ranges::count(asked, "All") > 0;
  for (auto& [name, value] : attributes) {
    if (!all && std::ranges::count(asked, name) == 0) continue;
    if (!output.attributes) output.attributes.emplace();
    (*output.attributes)[name] = std::move(value);
  }
  co_return output;
}

}  // namespace outcrop::sqs
