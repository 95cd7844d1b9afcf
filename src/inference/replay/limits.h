// The limits of recordings. Ours: a mistaken path must not be read into memory, and a directory is read when a server starts.
#pragma once
#include <cstddef>
#include <cstdint>

namespace outcrop::inference::limits {

// A whole answer is below 1 MiB, each event of it less than 200 bytes longer than its text; embeddings of 96 texts are 4 MiB.
inline constexpr size_t cassette_bytes_max = 16 << 20;
inline constexpr size_t cassettes_max = 10'000;
inline constexpr uint64_t cassettes_bytes_max = 512 << 20;
inline constexpr size_t recorded_events_max = 200'000;
// What a miss shows of a text, on either side.
inline constexpr size_t shown_text_max = 80;

// Among which the one is looked for that comes nearest to a request without a recording. Ours: about a second of one thread.
inline constexpr size_t compared_cassettes_max = 1'000;

}  // namespace outcrop::inference::limits
