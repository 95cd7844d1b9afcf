#include "gen/sqs/list_dead_letter_source_queues.h"

#include "services/sqs/configuration/page.h"

namespace outcrop::sqs {

// The queues whose dead-letter queue this is.
Task<Result<ListDeadLetterSourceQueuesOutput>> list_dead_letter_source_queues(Sqs& sqs, Call& call, ListDeadLetterSourceQueuesInput input) {
  const QueueName name = co_await queue_name_of(call, input.queue_url);
  co_await sqs.with_queue(call, name, [](Queue&) -> Task<Result<void>> { co_return Result<void>(); });
  auto sources = co_await sqs.sources_of(name);
  UrlPage page = co_await page_of(call, sources, input.next_token, input.max_results);
  ListDeadLetterSourceQueuesOutput output;
  output.queue_urls = std::move(page.urls);
  output.next_token = std::move(page.next_token);
  co_return output;
}

}  // namespace outcrop::sqs
