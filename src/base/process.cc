#include "base/process.h"

#include <fmt/format.h>

#include <csignal>

namespace outcrop {

std::string ProcessEnd::text() const { return signal > 0 ? fmt::format("signal {}", signal) : fmt::format("status {}", exit_status); }

Task<ProcessEnd> end_process(Process& process, const Clock& clock, Milliseconds grace) {
  process.signal(SIGTERM);
  Timer timer = Executor::current()->start_timer(clock.steady() + grace, [&process] { process.signal(SIGKILL); });
  co_return co_await process.ended();
}

}  // namespace outcrop
