#include "gen/cloudwatch/list_metrics.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/query/wording.h"
#include "store/keys.h"
#include "wire/record.h"

namespace outcrop::cloudwatch {
namespace {

bool matches(const StoredMetric& metric, const ListMetricsInput& input, Instant listed_since) {
  if (metric.last_seen < listed_since) return false;
  if (input.namespace_ && metric.namespace_ != *input.namespace_) return false;
  if (input.metric_name && metric.name != *input.metric_name) return false;
  if (!input.dimensions) return true;
  return std::ranges::all_of(*input.dimensions, [&](const DimensionFilter& filter) {
    return std::ranges::any_of(metric.dimensions, [&](const StoredDimension& dimension) {
      return dimension.name == filter.name && (!filter.value || dimension.value == *filter.value);
    });
  });
}

Metric shown(StoredMetric metric) {
  Metric out{.namespace_ = std::move(metric.namespace_), .metric_name = std::move(metric.name), .dimensions = std::vector<Dimension>()};
  for (StoredDimension& dimension : metric.dimensions) out.dimensions->push_back({std::move(dimension.name), std::move(dimension.value)});
  return out;
}

// Where a page ended: a shard, and the id of the last metric that was looked at.
struct Position {
  uint32_t shard = 0;
  std::string id;
};

Result<Position> position_of(const ListMetricsInput& input, uint32_t shards) {
  if (!input.next_token) return Position();
  const std::string text = unbase64url(*input.next_token).value_or("");
  store::KeyReader reader(text);
  auto shard = reader.u32();
  if (!shard || *shard >= shards || reader.rest().size() != 16) return fail(invalid_value_of(*input.next_token, "NextToken"));
  return Position{*shard, std::string(reader.rest())};
}

// With the owner of each metric, when linked accounts are asked for: there is only the caller.
ListMetricsOutput finished(ListMetricsOutput output, const ListMetricsInput& input, const Call& call) {
  if (input.include_linked_accounts.value_or(false))
    output.owning_accounts = std::vector<std::string>(output.metrics->size(), call.account());
  return output;
}

std::string token_of(uint32_t shard, std::string_view id) { return base64url(store::KeyWriter().u32(shard).raw(id).str()); }

}  // namespace

// The metrics that have had data lately.
Task<Result<ListMetricsOutput>> list_metrics(Cloudwatch& cloudwatch, Call& call, ListMetricsInput input) {
  if (input.owning_account && *input.owning_account != call.account())
    co_return fail(invalid_value("The parameter OwningAccount names another account; metrics of other accounts cannot be listed."));
  const Place place = place_of(call);
  const Position position = co_await position_of(input, cloudwatch.shards().count());
  const auto age = input.recently_active ? limits::recently_active : limits::listed_for;
  const Instant listed_since = call.world.clock.wall() - age - limits::seen_resolution;
  // A namespace lies in one shard; without one, all are looked at.
  uint32_t first = position.shard, last = cloudwatch.shards().count() - 1;
  if (input.namespace_) first = last = Queries::shard_of(cloudwatch.shards(), place, *input.namespace_).index();
  ListMetricsOutput output{.metrics = std::vector<Metric>()};
  size_t looked_at = 0;
  for (uint32_t index = first; index <= last; ++index) {
    const Keys keys(cloudwatch.shards().at(index).key_prefix(), place);
    store::Range range = keys.metrics();
    if (index == position.shard && !position.id.empty()) range.begin = store::key_after(keys.metric(position.id));
    for (;;) {
      auto entries = co_await call.world.store.scan(range);
      if (entries.empty()) break;
      for (const store::Entry& entry : entries) {
        auto metric = co_await wire::decode_record<StoredMetric>(entry.value);
        if (matches(metric, input, listed_since)) output.metrics->push_back(shown(std::move(metric)));
        if (output.metrics->size() < limits::metrics_listed_max && ++looked_at < limits::listed_scan_max) continue;
        output.next_token = token_of(index, std::string_view(entry.key).substr(entry.key.size() - 16));
        co_return finished(std::move(output), input, call);
      }
      range.begin = store::key_after(entries.back().key);
    }
  }
  co_return finished(std::move(output), input, call);
}

}  // namespace outcrop::cloudwatch
