// What the kernel says about this process, from /proc/self, and what the store says about itself.
#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "core/metrics.h"
#include "store/store.h"

namespace outcrop {

namespace {

// A line of /proc/self/status, "VmRSS:  1234 kB"; zero when it is missing.
double status_number(std::string_view name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') continue;
    double number = 0;
    std::istringstream(line.substr(name.size() + 1)) >> number;
    return number;
  }
  return 0;
}

double open_file_descriptors() {
  DIR* directory = opendir("/proc/self/fd");
  if (!directory) return 0;
  double count = -3;  // ".", ".." and the directory's own
  while (readdir(directory)) ++count;
  closedir(directory);
  return count;
}

double processor_seconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

void add_process_metrics(Metrics& metrics, Instant started_at) {
  metrics.gauge("process_resident_memory_bytes", "Resident memory.", {}, [] { return status_number("VmRSS") * 1024; });
  metrics.gauge("process_anonymous_memory_bytes", "Resident memory that no file backs.", {},
                [] { return status_number("RssAnon") * 1024; });
  metrics.gauge("process_threads", "Threads.", {}, [] { return status_number("Threads"); });
  metrics.gauge("process_open_fds", "Open file descriptors.", {}, open_file_descriptors);
  metrics.counter_from("process_cpu_seconds_total", "Processor time, user and system.", {}, processor_seconds);
  metrics.gauge("process_start_time_seconds", "Start of the process, in seconds since the epoch.", {},
                [started_at] { return double(ms_since_epoch(started_at)) / 1000; });
}

void add_store_metrics(Metrics& metrics, const store::Store& store) {
  using Figure = uint64_t store::StoreStats::*;
  auto reader = [&store](Figure figure) { return [&store, figure] { return double(store.stats().*figure); }; };
  metrics.counter_from("outcrop_store_commits_total", "Commits.", {}, reader(&store::StoreStats::commits));
  metrics.counter_from("outcrop_store_conflicts_total", "Transactions that had to run again.", {}, reader(&store::StoreStats::conflicts));
  metrics.counter_from("outcrop_store_syncs_total", "Waits for the disk; many commits share one.", {}, reader(&store::StoreStats::syncs));
  metrics.counter_from("outcrop_store_written_bytes_total", "Bytes written.", {}, reader(&store::StoreStats::bytes_written));
  metrics.gauge("outcrop_store_memory_bytes", "Memory the store holds.", {}, reader(&store::StoreStats::memory_bytes));
  metrics.gauge("outcrop_store_disk_bytes", "Disk the store takes.", {}, reader(&store::StoreStats::disk_bytes));
}

}  // namespace outcrop
