// How much memory this process may use: defaults that scale with the machine ask here.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace outcrop {

// Bytes: the machine's memory, or what the control groups around this process (version 2) leave of it.
uint64_t usable_memory_bytes();

// The least "memory.max" on the way from the group that `memberships` (/proc/self/cgroup) names up to `root` (/sys/fs/cgroup).
// UINT64_MAX: no limit.
uint64_t memory_limit_of_groups(std::string_view memberships, const std::string& root);

}  // namespace outcrop
