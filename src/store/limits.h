// The limits of the store. They are what PostgreSQL-wire databases and FoundationDB both keep
// (https://apple.github.io/foundationdb/known-limitations.html), so that no service comes to rely on more.
#pragma once
#include <cstddef>

#include "base/time.h"

namespace outcrop::store {

inline constexpr size_t key_bytes_max = 2'500;            // B-tree keys of PostgreSQL end at about 2,700
inline constexpr size_t value_bytes_max = 1 << 20;        // logical; backends chunk it where they must
inline constexpr size_t transaction_bytes_max = 8 << 20;  // of a batch, or of a transaction's reads' keys and writes
inline constexpr Seconds transaction_time_max{4};         // of one attempt: snapshots are short
inline constexpr int transaction_attempts_max = 32;       // ours: with the waits between them about 1.5 s
inline constexpr size_t group_bytes_max = 4 << 20;        // ours: one sync of a group stays in the milliseconds
inline constexpr size_t validator_keys_max = 100'000;     // ours: about 16 MiB; older transactions conflict
inline constexpr size_t validator_ranges_max = 1'000;     // ours: checked one by one

inline constexpr size_t blob_part_bytes = 256 << 10;  // ours: what a reader gives at once, four checksummed blocks

}  // namespace outcrop::store
