// Bounds on JSON text, checked before memory is spent on it.
#pragma once
#include <cstddef>
#include <cstdint>

namespace outcrop::json {

// Levels of arrays and objects. The bound of Jackson (StreamReadConstraints), which AWS's Java services read with.
inline constexpr size_t depth_max = 1000;
// Texts and strings keep their size in 32 bits. No AWS request body comes near.
inline constexpr size_t text_bytes_max = UINT32_MAX;
// An object with more members than this gets a hash index; below, comparing names in order is faster.
inline constexpr size_t unindexed_members_max = 16;

}  // namespace outcrop::json
