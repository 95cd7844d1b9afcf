// How much of the machine this process may use: defaults that scale with the machine ask here.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace outcrop {

// Bytes: the machine's memory, or what the control groups around this process (version 2) leave of it.
uint64_t usable_memory_bytes();

// At least 1: the processors this process may run on, or as many as make up the time that its control groups (version 2) leave it.
size_t usable_processors();

// How many files this process may have open at once, sockets included.
size_t usable_descriptors();

// The least limit on the way from the group that `memberships` (/proc/self/cgroup) names up to `root` (/sys/fs/cgroup): bytes of
// "memory.max", and processors of "cpu.max", a part of one counting as one. UINT64_MAX: no limit.
uint64_t memory_limit_of_groups(std::string_view memberships, const std::string& root);
uint64_t processor_limit_of_groups(std::string_view memberships, const std::string& root);

}  // namespace outcrop
