#include "services/bedrock-runtime/quota/quotas.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "services/bedrock-runtime/quota/model_quotas.h"
#include "services/bedrock-runtime/quota/remaining.h"
#include "services/bedrock-runtime/quota/taken.h"

namespace outcrop::bedrock_runtime {

namespace {

constexpr std::string_view daily_tokens = "tpd";
constexpr size_t shares_mostly = 8;  // three of a model, and a budget's or two
constexpr std::string_view waits_name = "outcrop_bedrock_quota_waits_total",
                           waits_help = "Requests that waited for quota, by how that ended.";

// The catalogue's names of the quotas of a route.
struct QuotaNames {
  std::string_view requests, tokens;
};

std::string_view word_of(ModelTarget::Route route) {
  switch (route) {
    case ModelTarget::Route::on_demand:
      return "on_demand";
    case ModelTarget::Route::cross_region:
      return "cross_region";
    case ModelTarget::Route::global:
      return "global";
  }
  check(false, "a route without a word");
  return {};
}

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

QuotaFigure figure_of(Meter& meter, const std::map<const Meter*, double>& in_flight, Instant now) {
  auto held = in_flight.find(&meter);
  return {.unit = meter.unit(),
          .period = meter.period,
          .limit = meter.limit(),
          .available = meter.available(now),
          .in_flight = held == in_flight.end() ? 0 : held->second,
          .used_per_second = meter.used_per_second(now),
          .refill_per_second = meter.refill_per_second(),
          .whole_at = meter.whole_at(now)};
}

}  // namespace

struct Quotas::Buckets {
  Buckets(QuotaBook& book, std::string account, std::string region, const inference::CatalogModel& model, ModelTarget::Route route)
      : account(std::move(account)),
        region(std::move(region)),
        model(model),
        route(route),
        requests_per_minute(bucket(book, Meter::Counts::requests, Period::minute, names_of(route).requests,
                                   "Too many requests, please wait before trying again.")),
        tokens_per_minute(bucket(book, Meter::Counts::quota_tokens, Period::minute, names_of(route).tokens,
                                 "Too many tokens, please wait before trying again.")),
        // "Doubled for cross-region calls", as the quota's name says.
        tokens_per_day(bucket(book, Meter::Counts::quota_tokens, Period::day, daily_tokens,
                              "Too many tokens per day, please wait before trying again.",
                              route == ModelTarget::Route::on_demand ? 1 : 2)) {}

  // None where the quota is unknown: nothing is refused for a number that nobody established.
  std::optional<BucketMeter> bucket(QuotaBook& book, Meter::Counts counts, Period period, std::string_view quota, std::string_view refusal,
                                    double factor = 1) const {
    auto known = model.quotas.find(quota);
    if (known == model.quotas.end() || known->second.in(region) <= 0) return std::nullopt;
    if (counts != Meter::Counts::requests && is_throttled_by_requests_alone(model)) return std::nullopt;
    QuotaBook::Applied applied = book.applied(account, region, quota_service_code, quota_code(model, quota), known->second.in(region));
    return std::optional<BucketMeter>(std::in_place, counts, period, applied, factor, std::string(refusal));
  }

  void refill() {
    for (std::optional<BucketMeter>* meter : meters()) {
      if (*meter) (*meter)->refill();
    }
  }

  // In the order in which they refuse.
  std::array<std::optional<BucketMeter>*, 3> meters() { return {&requests_per_minute, &tokens_per_minute, &tokens_per_day}; }
  // The catalogue's name of what each of meters() is of.
  std::array<std::string_view, 3> names() const { return {names_of(route).requests, names_of(route).tokens, daily_tokens}; }

  const std::string account, region;
  const inference::CatalogModel& model;
  const ModelTarget::Route route;
  Course course;
  std::optional<BucketMeter> requests_per_minute, tokens_per_minute, tokens_per_day;
};

Quotas::Quotas(QuotaBook& book, const Clock& clock, Metrics& metrics, BudgetOptions budgets)
    : book_(book),
      clock_(clock),
      budgets_(std::move(budgets)),
      waited_(metrics.histogram("outcrop_bedrock_quota_wait_seconds", "Time that requests waited for quota before their turn came.")),
      admitted_(metrics.counter(waits_name, waits_help, {{"outcome", "admitted"}})),
      expired_(metrics.counter(waits_name, waits_help, {{"outcome", "expired"}})),
      gone_(metrics.counter(waits_name, waits_help, {{"outcome", "gone"}})) {
  metrics.gauge("outcrop_bedrock_quota_waiting", "Requests that wait for quota.", {}, [this] {
    std::lock_guard lock(mutex_);
    return double(room_.size());
  });
}

Quotas::~Quotas() { check(taken_.empty() && room_.empty(), "quotas went before the requests that had taken of them"); }

Quotas::Buckets& Quotas::buckets_of(const Call& call, const ModelTarget& target) {
  std::string key = fmt::format("{}/{}/{}/{}", call.account(), call.region, target.model->id, int(target.route));
  auto [entry, is_new] = buckets_.try_emplace(std::move(key));
  if (is_new) entry->second = std::make_unique<Buckets>(book_, call.account(), call.region, *target.model, target.route);
  return *entry->second;
}

Result<Quotas::Taken> Quotas::demanded(const Call& call, const ModelTarget& target, const Demand& demand) {
  Taken taken{.shares = {}, .tariff = {.output_burndown = target.model->output_burndown}, .input_tokens = demand.input_tokens};
  auto membership = budgets_.membership(call, target);
  if (!membership) return fail(std::move(membership.error()));
  taken.tariff.price = membership->price;
  taken.tenants = std::move(membership->tenants);
  taken.shares.reserve(shares_mostly);
  auto add = [&](Meter& meter) {
    taken.shares.push_back({&meter, taken.tariff.reservation(meter.counts, demand.input_tokens, demand.output_tokens_max)});
  };
  Buckets& buckets = buckets_of(call, target);
  taken.course = &buckets.course;
  taken.reserved_tokens = taken.tariff.reservation(Meter::Counts::quota_tokens, demand.input_tokens, demand.output_tokens_max);
  for (std::optional<BucketMeter>* meter : buckets.meters()) {
    if (*meter) add(**meter);
  }
  for (const auto& tenant : taken.tenants) {
    for (const auto& meter : tenant->meters) add(*meter);
  }
  return taken;
}

Quotas::Reservation Quotas::under_way(Taken taken, Instant now) {
  taken.at = now;
  taken_.push_back(std::move(taken));
  return Reservation(*this, std::prev(taken_.end()));
}

void Quotas::follow(Taken& taken, int64_t output_tokens) {
  const inference::Usage so_far{.input = taken.input_tokens, .output = output_tokens};
  for (Share& share : taken.shares) {
    const double used = taken.tariff.charge(share.meter->counts, so_far);
    if (used <= share.amount) continue;
    share.meter->correct(taken.at, share.amount - used);
    share.amount = used;
  }
}

void Quotas::settle(Taken& taken, const inference::Usage& usage, Instant now) {
  for (const Share& share : taken.shares) {
    share.meter->settle(taken.at, share.amount, taken.tariff.charge(share.meter->counts, usage));
  }
  if (taken.reserved_tokens <= 0) return;
  const double charged = taken.tariff.charge(Meter::Counts::quota_tokens, usage);
  taken.course->ended(now - taken.at, std::max(0.0, 1 - charged / taken.reserved_tokens));
}

void Quotas::give_back(Taken& taken) {
  for (const Share& share : taken.shares) {
    const bool is_request = share.meter->counts == Meter::Counts::requests;  // which it was, whatever became of it
    share.meter->settle(taken.at, share.amount, is_request ? share.amount : 0);
  }
}

// Lets those in who waited for what it had taken. Gives whether there is something to be stored.
bool Quotas::end(std::list<Taken>::iterator taken, Instant now) {
  std::vector<BudgetUse> uses;
  if (store_) {
    for (const auto& tenant : taken->tenants) {
      if (!tenant->is_forgotten) Budgets::take_changes(*tenant, uses);
    }
    store_->put(uses);
  }
  taken_.erase(taken);
  admit_waiting(now);
  return !uses.empty();
}

void Quotas::Reservation::follow(int64_t output_tokens) {
  std::lock_guard lock(quotas_->mutex_);
  quotas_->follow(*taken_, output_tokens);
}

void Quotas::Reservation::settle(const inference::Usage& usage, net::Headers* headers) {
  Quotas* quotas = std::exchange(quotas_, nullptr);
  if (!quotas) return;
  bool is_to_be_stored = false;
  {
    const Instant now = quotas->clock_.wall();
    std::lock_guard lock(quotas->mutex_);
    quotas->settle(*taken_, usage, now);
    if (headers) bedrock_runtime::tell_remaining(taken_->shares, now, *headers);
    is_to_be_stored = quotas->end(taken_, now);
  }
  if (is_to_be_stored) quotas->store_->begin_write();
}

void Quotas::Reservation::tell_remaining(net::Headers& headers) const {
  std::lock_guard lock(quotas_->mutex_);
  bedrock_runtime::tell_remaining(taken_->shares, quotas_->clock_.wall(), headers);
}

Quotas::Reservation::~Reservation() {
  if (!quotas_) return;
  bool is_to_be_stored = false;
  {
    std::lock_guard lock(quotas_->mutex_);
    quotas_->give_back(*taken_);
    is_to_be_stored = quotas_->end(taken_, quotas_->clock_.wall());
  }
  if (is_to_be_stored) quotas_->store_->begin_write();
}

std::vector<QuotaFigure> Quotas::figures() {
  const Instant now = clock_.wall();
  std::lock_guard lock(mutex_);
  std::map<const Meter*, double> in_flight;
  for (const Taken& taken : taken_) {
    for (const Share& share : taken.shares) in_flight[share.meter] += share.amount;
  }
  std::vector<QuotaFigure> figures;
  for (const auto& [key, buckets] : buckets_) {
    for (size_t i = 0; i < buckets->meters().size(); ++i) {
      std::optional<BucketMeter>& meter = *buckets->meters()[i];
      if (!meter) continue;
      QuotaFigure& figure = figures.emplace_back(figure_of(*meter, in_flight, now));
      figure.code = quota_code(buckets->model, buckets->names()[i]);
      figure.account = buckets->account;
      figure.region = buckets->region;
      figure.model = buckets->model.id;
      figure.route = word_of(buckets->route);
    }
  }
  budgets_.each([&](Budgets::Tenant& tenant) {
    for (const auto& meter : tenant.meters) {
      QuotaFigure& figure = figures.emplace_back(figure_of(*meter, in_flight, now));
      figure.account = tenant.account;
      figure.budget = tenant.budget.name;
      figure.tenant = tenant.name;
    }
  });
  return figures;
}

void Quotas::limits_changed() {
  std::lock_guard lock(mutex_);
  admit_waiting(clock_.wall());
}

Task<Result<void>> Quotas::start(World& world) {
  auto store = std::make_unique<BudgetStore>(world);
  const std::vector<BudgetUse> uses = co_await store->load();
  std::lock_guard lock(mutex_);
  for (const BudgetUse& use : uses) budgets_.restore(use, world.clock.wall());
  store_ = std::move(store);
  co_return {};
}

Task<void> Quotas::stop() {
  if (store_) co_await store_->stop();
}

Task<Result<void>> Quotas::forget(const std::optional<std::string>& account) {
  {
    std::lock_guard lock(mutex_);
    budgets_.forget(account);
    for (const auto& [key, buckets] : buckets_) {
      if (!account || buckets->account == *account) buckets->refill();
    }
    admit_waiting(clock_.wall());
  }
  if (store_) co_await store_->forget(account);
  co_return {};
}

}  // namespace outcrop::bedrock_runtime
