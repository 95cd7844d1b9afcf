// The program that is the first process of a PID namespace (init/main.cc), carried inside this one.
#pragma once

namespace outcrop {

// A descriptor to run it from, made at the first call and open as long as this process; or -1 with errno, where the system forbids
// programs without a file (vm.memfd_noexec).
int init_program();

}  // namespace outcrop
