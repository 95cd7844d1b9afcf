#include "gen/cloudwatch/put_metric_data.h"

#include "services/cloudwatch/cloudwatch.h"
#include "services/cloudwatch/metric/samples.h"
#include "services/cloudwatch/query/wording.h"

namespace outcrop::cloudwatch {

// Adds values to metrics of one namespace, and makes those that are new.
Task<Result<PutMetricDataOutput>> put_metric_data(Cloudwatch& cloudwatch, Call& call, PutMetricDataInput input) {
  if (input.entity_metric_data && !input.entity_metric_data->empty())
    co_return fail(invalid_value("The parameter EntityMetricData is not supported: publish the data in MetricData, without entities."));
  if (input.strict_entity_validation)
    co_return fail(invalid_value("The parameter StrictEntityValidation is not supported, as entities are not."));
  if (!input.metric_data || input.metric_data->empty()) co_return fail(missing("MetricData"));
  auto samples = co_await samples_of(input.namespace_, *input.metric_data, call.world.clock.wall());
  co_await cloudwatch.add(place_of(call), std::move(samples));
  co_return PutMetricDataOutput();
}

}  // namespace outcrop::cloudwatch
