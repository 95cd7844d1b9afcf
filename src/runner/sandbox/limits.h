// The limits of sandboxes, each with its source.
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::runner::limits {

// "Execution processes/threads 1,024" and "File descriptors 1,024" (Lambda Developer Guide, Lambda quotas, Function configuration).
inline constexpr uint64_t sandbox_processes_max = 1'024;
inline constexpr uint64_t sandbox_descriptors_max = 1'024;
// Files and folders in a /tmp, for each MB of it. Ours: an ext4 of 512 MB has 64 a MB.
inline constexpr uint64_t temporary_files_per_mb = 64;
// Users that environments get, one each, begun with anywhere among these so that two servers do not share one: above those that systemd,
// containers and directories hand out (systemd, "Users, Groups, UIDs and GIDs on systemd Systems"), below 2^31.
inline constexpr uint32_t first_user_default = 1'879'048'192;
inline constexpr uint32_t users_max = 1 << 24;
// Where only the first 65,536 are there (a container with users of its own): those that systemd leaves to services that come and go.
inline constexpr uint32_t first_user_of_few = 61'184;
inline constexpr uint32_t few_users_max = 4'096;
// What a cgroup may use beyond its function's memory and /tmp: pages of programs, and what the system keeps for processes, which AWS does
// not count as the function's. Ours.
inline constexpr uint64_t cgroup_allowance_bytes = 64 << 20;
// How often what environments use is looked at. Ours: a function that takes 1 GB a second gets 100 MB beyond its limit.
inline constexpr Milliseconds usage_interval{100};
// What a sandbox's memory moved by before its processes are looked at one by one. Ours.
inline constexpr uint64_t usage_step_bytes = 1 << 20;
// Times that processes outside their cgroup are looked for to be moved there: each time those that were started meanwhile. Ours.
inline constexpr int join_rounds_max = 5;
// Times that what was killed is looked for again, a millisecond between them: whoever has much memory takes a while to be gone. Ours.
inline constexpr int kill_rounds_max = 2'000;
// Folders that stay visible to one function. Ours.
inline constexpr size_t kept_max = 16;

}  // namespace outcrop::runner::limits
