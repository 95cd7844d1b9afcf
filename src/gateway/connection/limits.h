// The limits of WebSocket connections, each with its source. "Quotas" is API Gateway's page of quotas for WebSocket APIs.
#pragma once
#include <cstddef>

#include "base/time.h"

namespace outcrop::gateway::limits {

inline constexpr size_t message_bytes_max = 128 * 1024;       // either way: Quotas, message payload size. Above: 1009, and 413 of a post
inline constexpr size_t frame_bytes_max = 32 * 1024;          // of a client: Quotas, WebSocket frame size. Above: 1009
inline constexpr Seconds idle_timeout{600};                   // Quotas, idle connection timeout; a tag of the API sets another
inline constexpr Seconds connection_duration_max{2 * 3'600};  // Quotas, connection duration
inline constexpr Seconds idle_timeout_max = connection_duration_max;  // that a tag may set: longer than a connection lasts says nothing

// Of one client, messages that have not been answered; above, nothing more is read from it. Ours.
inline constexpr size_t messages_under_way_max = 32;
// Posted messages that wait for one client to take those before them; above, posts to it fault. Ours: 8 of the largest.
inline constexpr size_t posted_bytes_max = 1024 * 1024;
// What has come of messages that are not whole, over all connections; above, a connection closes with 1013. Ours.
inline constexpr size_t unfinished_bytes_max = 64 * 1024 * 1024;

// $disconnect events under way at the same time, when many connections end at once or were left by an earlier server: as many functions
// as an account of AWS may begin at once without having asked for more would not leave room for others. Ours.
inline constexpr size_t farewells_under_way_max = 128;

// What is kept of a client's Host and User-Agent as long as its connection lasts, each: our own; browsers send a quarter of that.
inline constexpr size_t kept_field_bytes_max = 1024;

inline constexpr size_t connection_id_bytes = 11;  // of chance, in AWS's ids
inline constexpr size_t registry_parts = 16;       // each with a lock of its own. Ours

}  // namespace outcrop::gateway::limits
