#include "services/sqs/configuration/page.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/wording.h"

namespace outcrop::sqs {

Result<UrlPage> page_of(const Call& call, const std::vector<Sqs::Listed>& queues, const std::optional<std::string>& token,
                        const std::optional<int32_t>& max_results) {
  if (max_results && (*max_results < 1 || size_t(*max_results) > limits::results_max))
    return fail(invalid_parameter(fmt::format(
        "Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and {}.", limits::results_max)));
  auto from = queues.begin();
  if (token) {
    // The name of the last queue of the page before.
    auto after = unbase64url(*token);
    if (!after || !is_queue_name(*after, after->ends_with(".fifo"))) return fail(invalid_parameter("Invalid or expired next token."));
    from = std::ranges::upper_bound(queues, *after, {}, [](const Sqs::Listed& queue) -> const std::string& { return queue.name.name; });
  }
  UrlPage page;
  const size_t most = max_results ? size_t(*max_results) : limits::results_max;
  for (; from != queues.end() && page.urls.size() < most; ++from) page.urls.push_back(from->name.url(call.endpoint));
  if (from != queues.end() && max_results) page.next_token = base64url((from - 1)->name.name);
  return page;
}

}  // namespace outcrop::sqs
