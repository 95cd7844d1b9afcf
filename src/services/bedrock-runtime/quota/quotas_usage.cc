// What Quotas tells of their use to the server's own interface.
#include <fmt/format.h>

#include <algorithm>

#include "services/bedrock-runtime/quota/model_quotas.h"
#include "services/bedrock-runtime/quota/quotas.h"

namespace outcrop::bedrock_runtime {

namespace {

// "on_demand" as people write it.
std::string with_hyphens(std::string text) {
  std::ranges::replace(text, '_', '-');
  return text;
}

QuotaUsage usage_of(QuotaFigure figure, Instant now) {
  QuotaUsage usage{.service = std::string(quota_service_code),
                   .account = std::move(figure.account),
                   .region = std::move(figure.region),
                   .subject = std::move(figure.model),
                   .route = with_hyphens(std::move(figure.route)),
                   .budget = std::move(figure.budget),
                   .tenant = std::move(figure.tenant),
                   .quota = fmt::format("{} per {}", word_of(figure.unit), word_of(figure.period)),
                   .code = std::move(figure.code),
                   .limit = figure.limit,
                   .used = figure.limit - figure.available,
                   .in_flight = figure.in_flight,
                   .per_second = figure.used_per_second,
                   .refill_per_second = figure.refill_per_second};
  if (figure.refill_per_second == 0) usage.renewed_in_seconds = std::chrono::duration<double>(figure.whole_at - now).count();
  return usage;
}

}  // namespace

std::vector<QuotaUsage> Quotas::quota_usage(const std::optional<std::string>& account) {
  const Instant now = clock_.wall();
  std::vector<QuotaUsage> usages;
  for (QuotaFigure& figure : figures()) {
    if (!account || figure.account == *account) usages.push_back(usage_of(std::move(figure), now));
  }
  return usages;
}

}  // namespace outcrop::bedrock_runtime
