// What the machine itself takes from whoever computes: one thread on each core reads the clock without pause, and what lies between two
// readings is time in which somebody else had the core: the kernel, another process, or, on a virtual machine, another guest. Where this
// is more than a hundredth of the time in pieces of a millisecond, no server's 99th percentile is below one. Prints one JSON object.
//
// usage: bench_machine_gaps [--seconds S] [--gap-us N]    counts gaps of N or more
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Gaps {
  size_t count = 0;
  double us = 0, us_max = 0;
};

Gaps watch(double seconds, double gap_us) {
  Gaps gaps;
  Clock::time_point last = Clock::now();
  const Clock::time_point end = last + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  while (last < end) {
    const Clock::time_point now = Clock::now();
    const double us = std::chrono::duration<double, std::micro>(now - last).count();
    last = now;
    if (us < gap_us) continue;
    ++gaps.count;
    gaps.us += us;
    gaps.us_max = std::max(gaps.us_max, us);
  }
  return gaps;
}

}  // namespace

int main(int argc, char** argv) {
  double seconds = 3, gap_us = 1000;
  CLI::App app;
  app.add_option("--seconds", seconds);
  app.add_option("--gap-us", gap_us);
  CLI11_PARSE(app, argc, argv);
  std::vector<Gaps> cores(std::max(1u, std::thread::hardware_concurrency()));
  std::vector<std::thread> threads;
  for (Gaps& core : cores) threads.emplace_back([&core, seconds, gap_us] { core = watch(seconds, gap_us); });
  for (std::thread& thread : threads) thread.join();
  Gaps all;
  for (const Gaps& core : cores) {
    all.count += core.count;
    all.us += core.us;
    all.us_max = std::max(all.us_max, core.us_max);
  }
  const double core_seconds = seconds * double(cores.size());
  fmt::print("{{\"cores\": {}, \"gaps_per_core_second\": {:.1f}, \"share\": {:.4f}, \"max_us\": {:.0f}}}\n", cores.size(),
             double(all.count) / core_seconds, all.us / 1e6 / core_seconds, all.us_max);
}
