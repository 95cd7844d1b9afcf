// Share: what one request takes of one meter. It begins with what the request may use at the most, follows the answer while it comes, and
// ends with what was used (Bedrock User Guide, "How tokens are counted in Amazon Bedrock").
#pragma once
#include <cstdint>
#include <vector>

#include "inference/conversation.h"
#include "services/bedrock-runtime/quota/meter.h"

namespace outcrop::bedrock_runtime {

// USD a million tokens.
struct Price {
  double input = 0, output = 0, cache_read = 0, cache_write = 0;
};

// What turns an answer's usage into a charge.
struct Tariff {
  double output_burndown = 1;  // of the model's quotas
  Price price;

  // Once the answer has ended. Quotas are not charged what was read from the prompt cache; budgets are.
  double charge(Meter::Counts counts, const inference::Usage& usage) const;
  // Before it begins: the whole input, cached or not, and the longest answer. The burn-down rate counts only from then on.
  double reservation(Meter::Counts counts, int64_t input_tokens, int64_t output_tokens_max) const;
};

struct Share {
  Meter* meter;
  double amount;
};
using Shares = std::vector<Share>;

// All or nothing: gives the first meter that has not enough, or null when everything was taken.
Meter* take(const Shares& shares, Instant now);

}  // namespace outcrop::bedrock_runtime
