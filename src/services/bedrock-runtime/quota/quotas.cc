#include "services/bedrock-runtime/quota/quotas.h"

#include <fmt/format.h>

#include "gen/bedrock-runtime/errors.h"

namespace outcrop::bedrock_runtime {

namespace {

constexpr double seconds_per_minute = 60, seconds_per_day = 24 * 60 * 60;

// The catalogue's names of the quotas of a route.
struct QuotaNames {
  std::string_view requests, tokens;
};

QuotaNames names_of(ModelTarget::Route route) {
  switch (route) {
    case ModelTarget::Route::on_demand:
      return {"onDemandRpm", "onDemandTpm"};
    case ModelTarget::Route::cross_region:
      return {"crossRegionRpm", "crossRegionTpm"};
    case ModelTarget::Route::global:
      return {"globalRpm", "globalTpm"};
  }
  check(false, "a route without quotas");
  return {};
}

// None where the quota is unknown: nothing is refused for a number that nobody established.
std::optional<TokenBucket> bucket(const inference::CatalogModel& model, std::string_view quota, std::string_view region,
                                  double period_seconds, double factor = 1) {
  auto known = model.quotas.find(quota);
  if (known == model.quotas.end()) return std::nullopt;
  const double amount = known->second.in(region)*factor;
  if (amount <= 0) return std::nullopt;
  return std::optional<TokenBucket>(std::in_place, amount / period_seconds, amount);
}

bool take(std::optional<TokenBucket>& bucket, Instant now, double tokens) {
  return !bucket || bucket->take(now, tokens) == TokenBucket::Nanoseconds::zero();
}

void give_back_to(std::optional<TokenBucket>& bucket, double tokens) {
  if (bucket && tokens != 0) bucket->settle(tokens);
}

}  // namespace

struct Quotas::Buckets {
  Buckets(const inference::CatalogModel& model, ModelTarget::Route route, std::string_view region)
      : requests_per_minute(bucket(model, names_of(route).requests, region, seconds_per_minute)),
        tokens_per_minute(bucket(model, names_of(route).tokens, region, seconds_per_minute)),
        // "Doubled for cross-region calls", as the quota's name says.
        tokens_per_day(bucket(model, "tpd", region, seconds_per_day, route == ModelTarget::Route::on_demand ? 1 : 2)) {}

  std::optional<TokenBucket> requests_per_minute, tokens_per_minute, tokens_per_day;
};

Quotas::Quotas() = default;
Quotas::~Quotas() = default;

Result<Quotas::Reservation> Quotas::reserve(const Call& call, const ModelTarget& target, int64_t input_tokens, int64_t output_tokens_max) {
  Buckets& buckets = buckets_of(call, target);
  const Instant now = call.world.clock.wall();
  const double tokens = double(input_tokens) + double(output_tokens_max);
  if (!take(buckets.requests_per_minute, now, 1)) return fail(throttling_exception("Too many requests, please wait before trying again."));
  if (!take(buckets.tokens_per_minute, now, tokens)) {
    give_back_to(buckets.requests_per_minute, 1);
    return fail(throttling_exception("Too many tokens, please wait before trying again."));
  }
  if (!take(buckets.tokens_per_day, now, tokens)) {
    give_back_to(buckets.requests_per_minute, 1);
    give_back_to(buckets.tokens_per_minute, tokens);
    return fail(throttling_exception("Too many tokens per day, please wait before trying again."));
  }
  return Reservation(buckets, tokens, target.model->output_burndown);
}

Quotas::Buckets& Quotas::buckets_of(const Call& call, const ModelTarget& target) {
  std::string key = fmt::format("{}/{}/{}/{}", call.account(), call.region, target.model->id, int(target.route));
  std::lock_guard lock(mutex_);
  auto [entry, is_new] = buckets_.try_emplace(std::move(key));
  if (is_new) entry->second = std::make_unique<Buckets>(*target.model, target.route, call.region);
  return *entry->second;
}

void Quotas::Reservation::settle(const inference::Usage& usage) {
  give_back(double(usage.input) + double(usage.cache_write) + double(usage.output) * output_burndown_);
}

// Takes more where more was used than reserved: a high burn-down rate can do that.
void Quotas::Reservation::give_back(double charged) {
  Buckets* buckets = std::exchange(buckets_, nullptr);
  if (!buckets) return;
  give_back_to(buckets->tokens_per_minute, tokens_ - charged);
  give_back_to(buckets->tokens_per_day, tokens_ - charged);
}

}  // namespace outcrop::bedrock_runtime
