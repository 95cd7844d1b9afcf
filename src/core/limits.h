// The limits of core, each with its reason.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::limits {

// Logical shards of a new data directory: enough to spread over any machine's cores, few enough that opening
// them all is instant. Our choice.
inline constexpr uint32_t shards_default = 64;
// Two bytes in every key.
inline constexpr uint32_t shards_max = 65536;
// A batch is handed over early at this size, so that one command more stays under the store's 8 MiB a
// transaction (DESIGN section 4).
inline constexpr size_t shard_batch_bytes_max = 4 << 20;

}  // namespace outcrop::limits
