#include "services/cloudwatch/metric/aggregate.h"

#include <algorithm>

#include "wire/record.h"

namespace outcrop::cloudwatch {

void Aggregate::add(double value, double count) {
  sample_count += count;
  sum += value * count;
  minimum = std::min(minimum, value);
  maximum = std::max(maximum, value);
  if (knows_values) distribution.add(value, count);
}

void Aggregate::add_set(double count, double total, double low, double high) {
  if (low == high) return add(low, count);
  sample_count += count;
  sum += total;
  minimum = std::min(minimum, low);
  maximum = std::max(maximum, high);
  knows_values = false;
  distribution = {};
}

void Aggregate::merge(const Aggregate& other) {
  sample_count += other.sample_count;
  sum += other.sum;
  minimum = std::min(minimum, other.minimum);
  maximum = std::max(maximum, other.maximum);
  knows_values = knows_values && other.knows_values;
  if (knows_values)
    distribution.merge(other.distribution);
  else
    distribution = {};
}

StoredDatapoint Aggregate::stored() const {
  StoredDatapoint record;
  record.sample_count = sample_count;
  record.sum = sum;
  record.minimum = minimum;
  record.maximum = maximum;
  if (knows_values) record.distribution = distribution.encode();
  return record;
}

Result<Aggregate> Aggregate::of(std::string_view record, bool with_distribution) {
  auto stored = wire::decode_record<StoredDatapoint>(record);
  if (!stored) return fail(std::move(stored.error()));
  Aggregate aggregate{.sample_count = stored->sample_count, .sum = stored->sum, .minimum = stored->minimum, .maximum = stored->maximum};
  aggregate.knows_values = stored->distribution.has_value();
  if (!aggregate.knows_values || !with_distribution) return aggregate;
  auto distribution = Distribution::decode(*stored->distribution);
  if (!distribution) return fail("InternalFailure", 500, "A stored distribution is malformed.");
  aggregate.distribution = std::move(*distribution);
  return aggregate;
}

}  // namespace outcrop::cloudwatch
