#include "services/lambda/mapping/parameters.h"

#include <fmt/format.h>

#include "gen/lambda/errors.h"
#include "services/lambda/mapping/filter.h"
#include "services/lambda/mapping/limits.h"

namespace outcrop::lambda {

namespace {

Fault invalid(std::string message) { return invalid_parameter_value_exception(std::move(message)); }

Fault unsupported_by_source(std::string_view parameter) {
  return invalid(fmt::format("Unsupported {} parameter for given event source mapping type.", parameter));
}

Fault unsupported_here(std::string_view parameter, std::string_view what) {
  return invalid(fmt::format("{} is not supported by this server: {}.", parameter, what));
}

struct Given {
  std::string_view parameter;
  bool is_given;
};

// What only other sources than queues have.
template <class Input>
Result<void> refuse_of_other_sources(const Input& input) {
  const Given given[] = {
      {"DestinationConfig", input.destination_config.has_value()},
      {"ParallelizationFactor", input.parallelization_factor.has_value()},
      {"MaximumRecordAgeInSeconds", input.maximum_record_age_in_seconds.has_value()},
      {"BisectBatchOnFunctionError", input.bisect_batch_on_function_error.has_value()},
      {"MaximumRetryAttempts", input.maximum_retry_attempts.has_value()},
      {"TumblingWindowInSeconds", input.tumbling_window_in_seconds.value_or(0) != 0},
      {"SourceAccessConfigurations", input.source_access_configurations && !input.source_access_configurations->empty()},
      {"AmazonManagedKafkaEventSourceConfig", input.amazon_managed_kafka_event_source_config.has_value()},
      {"SelfManagedKafkaEventSourceConfig", input.self_managed_kafka_event_source_config.has_value()},
      {"DocumentDBEventSourceConfig", input.document_db_event_source_config.has_value()},
  };
  for (const Given& each : given)
    if (each.is_given) return fail(unsupported_by_source(each.parameter));
  return {};
}

template <class Input>
Result<void> refuse_what_is_not_built(const Input& input) {
  if (input.kms_key_arn && !input.kms_key_arn->empty()) return fail(unsupported_here("KMSKeyArn", "filter criteria are not encrypted"));
  if (input.metrics_config && input.metrics_config->metrics && !input.metrics_config->metrics->empty())
    return fail(unsupported_here("MetricsConfig", "event source mappings have no metrics of their own"));
  if (input.logging_config) return fail(unsupported_here("LoggingConfig", "event source mappings have no logs of their own"));
  const auto& pollers = input.provisioned_poller_config;
  if (pollers && (pollers->minimum_pollers || pollers->maximum_pollers || pollers->poller_group_name))
    return fail(unsupported_here("ProvisionedPollerConfig", "pollers come and go with the messages; ScalingConfig bounds them"));
  return {};
}

Result<void> set_batching(const std::optional<int32_t>& size, const std::optional<int32_t>& window_s, MappingRecord& record) {
  const int32_t batch_size = size.value_or(record.batch_size), window = window_s.value_or(record.window_seconds);
  const bool is_fifo = record.source_arn.ends_with(".fifo");
  if (is_fifo && window > 0) return fail(invalid("Batching window is not supported for FIFO queues"));
  if (is_fifo && batch_size > limits::unwindowed_batch_size_max)
    return fail(invalid(fmt::format("Batch size must be at most {} for FIFO queues", limits::unwindowed_batch_size_max)));
  if (batch_size > limits::unwindowed_batch_size_max && window == 0)
    return fail(invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"));
  record.batch_size = batch_size;
  record.window_seconds = window;
  return {};
}

Result<void> set_filters(const FilterCriteria& criteria, MappingRecord& record) {
  std::vector<std::string> patterns;
  if (criteria.filters) {
    for (const Filter& filter : *criteria.filters) patterns.push_back(filter.pattern.value_or(""));
  }
  if (patterns.size() > limits::mapping_filters_max)
    return fail(invalid(fmt::format("An event source mapping has at most {} filters.", limits::mapping_filters_max)));
  if (auto parsed = MappingFilter::parse(patterns); !parsed) return fail(std::move(parsed.error()));
  record.filter_patterns = std::move(patterns);
  return {};
}

template <class Input>
Result<void> set_shared_parameters(const Input& input, MappingRecord& record) {
  if (auto refused = refuse_of_other_sources(input); !refused) return refused;
  if (auto refused = refuse_what_is_not_built(input); !refused) return refused;
  if (auto set = set_batching(input.batch_size, input.maximum_batching_window_in_seconds, record); !set) return set;
  if (input.filter_criteria) {
    if (auto set = set_filters(*input.filter_criteria, record); !set) return set;
  }
  if (input.scaling_config) record.maximum_concurrency = input.scaling_config->maximum_concurrency;
  if (input.function_response_types) record.reports_item_failures = !input.function_response_types->empty();
  if (input.enabled) record.is_enabled = *input.enabled;
  return {};
}

Result<void> check_starting_position(SourceKind kind, const CreateEventSourceMappingInput& input) {
  if (!input.starting_position)
    return fail(
        invalid("1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be "
                "null."));
  if (kind == SourceKind::dynamodb && *input.starting_position == "AT_TIMESTAMP")
    return fail(invalid("Unsupported starting position for arn type: " + *input.event_source_arn));
  return {};
}

}  // namespace

Result<SourceKind> check_source(const CreateEventSourceMappingInput& input) {
  if (input.destination_config && input.destination_config->on_success) return fail(unsupported_by_source("DestinationConfig"));
  auto kind = source_kind(input.event_source_arn, input.self_managed_event_source.has_value());
  if (!kind) return kind;
  if (*kind == SourceKind::self_managed_kafka && !input.source_access_configurations)
    return fail(invalid("Required 'sourceAccessConfigurations' parameter is missing."));
  if (*kind == SourceKind::kinesis || *kind == SourceKind::dynamodb) {
    if (auto checked = check_starting_position(*kind, input); !checked) return fail(std::move(checked.error()));
  }
  if (*kind != SourceKind::queue && input.filter_criteria) {
    MappingRecord unused;
    if (auto checked = set_filters(*input.filter_criteria, unused); !checked) return fail(std::move(checked.error()));
  }
  return kind;
}

Fault source_not_built(SourceKind kind, const CreateEventSourceMappingInput& input) {
  switch (kind) {
    case SourceKind::queue:
      break;
    case SourceKind::kinesis:
      return invalid("Stream not found: " + *input.event_source_arn + ". This server has no Amazon Kinesis; event sources are SQS queues.");
    case SourceKind::dynamodb:
      return invalid("Stream not found: " + *input.event_source_arn +
                     ". This server does not read DynamoDB streams; event sources are SQS queues.");
    case SourceKind::kafka:
      return invalid("This server has no Amazon MSK; event sources are SQS queues.");
    case SourceKind::self_managed_kafka:
      return invalid("This server does not read Apache Kafka; event sources are SQS queues.");
    case SourceKind::mq:
      return invalid("This server has no Amazon MQ; event sources are SQS queues.");
    case SourceKind::document_db:
      return invalid("This server has no Amazon DocumentDB; event sources are SQS queues.");
  }
  return invalid("Unrecognized event source.");
}

Result<void> set_parameters(const CreateEventSourceMappingInput& input, MappingRecord& record) {
  if (input.starting_position || input.starting_position_timestamp)
    return fail(invalid("StartingPosition is not valid for SQS event sources."));
  if (input.topics && !input.topics->empty()) return fail(unsupported_by_source("Topics"));
  if (input.queues && !input.queues->empty()) return fail(unsupported_by_source("Queues"));
  if (input.tags) record.tags = *input.tags;
  return set_shared_parameters(input, record);
}

Result<void> set_parameters(const UpdateEventSourceMappingInput& input, MappingRecord& record) {
  return set_shared_parameters(input, record);
}

}  // namespace outcrop::lambda
