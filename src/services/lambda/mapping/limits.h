// The limits of event source mappings, each with its source: the Lambda Developer Guide, by page, or our own reason. Those of single
// parameters are in the model.
#pragma once
#include <cstddef>
#include <cstdint>

namespace outcrop::lambda::limits {

inline constexpr int32_t mapping_batch_size_default = 10;  // API, CreateEventSourceMapping: BatchSize of Amazon SQS
inline constexpr int32_t unwindowed_batch_size_max = 10;   // API, likewise: more needs a batching window; FIFO queues have none
inline constexpr size_t mapping_filters_max = 10;          // "Control which events Lambda sends": five, which a quota raises to ten
inline constexpr size_t mappings_page_max = 100;           // API, ListEventSourceMappings: MaxItems

}  // namespace outcrop::lambda::limits
