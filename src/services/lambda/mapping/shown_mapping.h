// A mapping as its owner is told of it, in the outputs of all five operations.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "gen/lambda/types.h"
#include "services/lambda/mapping/mappings.h"

namespace outcrop::lambda {

// `result`: of the last processing, when it was a problem.
template <class Output>
Output shown_mapping(const Mapping& mapping, std::string_view state, const std::optional<std::string>& result = {}) {
  const MappingRecord& record = mapping.record;
  Output shown;
  shown.uuid = mapping.uuid;
  shown.event_source_mapping_arn = mapping.arn();
  shown.event_source_arn = record.source_arn;
  shown.function_arn = mapping.function().qualified_arn();
  shown.batch_size = record.batch_size;
  shown.maximum_batching_window_in_seconds = record.window_seconds;
  if (!record.filter_patterns.empty()) {
    auto& filters = shown.filter_criteria.emplace().filters.emplace();
    for (const std::string& pattern : record.filter_patterns) filters.push_back({.pattern = pattern});
  }
  shown.function_response_types.emplace();
  if (record.reports_item_failures) shown.function_response_types->push_back("ReportBatchItemFailures");
  if (record.maximum_concurrency) shown.scaling_config.emplace().maximum_concurrency = record.maximum_concurrency;
  shown.last_modified = record.modified_at;
  shown.last_processing_result = result;
  shown.state = state;
  shown.state_transition_reason = "USER_INITIATED";
  return shown;
}

// What lasts; answers to changes name the way there ("Creating").
inline std::string_view lasting_state(const Mapping& mapping) { return mapping.record.is_enabled ? "Enabled" : "Disabled"; }

}  // namespace outcrop::lambda
