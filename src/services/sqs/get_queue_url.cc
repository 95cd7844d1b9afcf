#include "gen/sqs/get_queue_url.h"

#include "services/sqs/queue/wording.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// The URL of a queue by its name, also of another account's.
Task<Result<GetQueueUrlOutput>> get_queue_url(Sqs& sqs, Call& call, GetQueueUrlInput input) {
  QueueName name{input.queue_owner_aws_account_id.value_or(call.account()), call.region, std::move(input.queue_name)};
  if (!is_queue_name(name.name, name.is_fifo()))
    co_return fail(invalid_parameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"));
  if (!is_account_id(name.account)) co_return fail(no_such_queue(call));
  co_await sqs.with_queue(call, name, [](Queue&) -> Task<Result<void>> { co_return Result<void>(); });
  co_return GetQueueUrlOutput{.queue_url = name.url(call.endpoint)};
}

}  // namespace outcrop::sqs
