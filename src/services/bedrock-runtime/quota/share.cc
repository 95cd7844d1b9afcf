#include "services/bedrock-runtime/quota/share.h"

#include "base/check.h"

namespace outcrop::bedrock_runtime {

namespace {
constexpr double tokens_priced = 1e6;
}

double Tariff::charge(Meter::Counts counts, const inference::Usage& usage) const {
  switch (counts) {
    case Meter::Counts::requests:
      return 1;
    case Meter::Counts::quota_tokens:
      return double(usage.input) + double(usage.cache_write) + double(usage.output) * output_burndown;
    case Meter::Counts::tokens:
      return double(usage.total());
    case Meter::Counts::usd:
      return (double(usage.input) * price.input + double(usage.output) * price.output + double(usage.cache_read) * price.cache_read +
              double(usage.cache_write) * price.cache_write) /
             tokens_priced;
  }
  check(false, "a meter counts something else");
  return 0;
}

double Tariff::reservation(Meter::Counts counts, int64_t input_tokens, int64_t output_tokens_max) const {
  const inference::Usage most{.input = input_tokens, .output = output_tokens_max};
  return Tariff{.output_burndown = 1, .price = price}.charge(counts, most);
}

Meter* take(const Shares& shares, Instant now) {
  for (size_t i = 0; i < shares.size(); ++i) {
    if (shares[i].meter->take(now, shares[i].amount)) continue;
    for (size_t taken = 0; taken < i; ++taken) shares[taken].meter->correct(now, shares[taken].amount);
    return shares[i].meter;
  }
  return nullptr;
}

}  // namespace outcrop::bedrock_runtime
