// Pages of queue URLs: at most so many, going on behind a token that is opaque to callers.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/call.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {

struct UrlPage {
  std::vector<std::string> urls;
  std::optional<std::string> next_token;
};

// `queues` are sorted by name. Without `max_results` one page of at most 1000 and no token, as AWS does.
Result<UrlPage> page_of(const Call& call, const std::vector<Sqs::Listed>& queues, const std::optional<std::string>& token,
                        const std::optional<int32_t>& max_results);

}  // namespace outcrop::sqs
