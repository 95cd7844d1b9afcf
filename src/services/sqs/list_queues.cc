#include "gen/sqs/list_queues.h"

#include "services/sqs/configuration/page.h"

namespace outcrop::sqs {

// The caller's queues in this region whose names begin with a prefix.
Task<Result<ListQueuesOutput>> list_queues(Sqs& sqs, Call& call, ListQueuesInput input) {
  auto queues = co_await sqs.list(call.account(), call.region, input.queue_name_prefix.value_or(""));
  UrlPage page = co_await page_of(call, queues, input.next_token, input.max_results);
  ListQueuesOutput output;
  if (!page.urls.empty()) output.queue_urls = std::move(page.urls);
  output.next_token = std::move(page.next_token);
  co_return output;
}

}  // namespace outcrop::sqs
