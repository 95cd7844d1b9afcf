// The store against the physical limit: RocksDB's own synced batches on the same disk, in turn with ours. Prints one JSON row a line.
#include <rocksdb/db.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <thread>
#include <vector>

#include "base/simple_executor.h"
#include "base/task_group.h"
#include "json/json.h"
#include "store/open_store.h"
#include "store/rocksdb_options.h"

namespace outcrop::store {
namespace {

constexpr int rounds = 5;
constexpr int callers = 64;
constexpr Milliseconds round_length{700};
RealClock real_clock;
SystemRandom system_random;
const std::string value(1024, 'v');

void print_row(const std::string& name, double number, std::string_view unit, const std::string& conditions) {
  json::Object row{{"name", name}, {"value", std::round(number * 100) / 100}, {"unit", unit}, {"conditions", conditions}};
  std::puts(json::write(row).c_str());
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double seconds_since(SteadyTime start) { return std::chrono::duration<double>(real_clock.steady() - start).count(); }

double thread_cpu_us() {
  timespec spent;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return double(spent.tv_sec) * 1e6 + double(spent.tv_nsec) / 1e3;
}

// Under the working directory, because /tmp may be memory.
struct Folder {
  std::string path = (std::filesystem::current_path() / "store-bench-XXXXXX").string();
  Folder() { check(::mkdtemp(path.data()) != nullptr, "no folder to measure in"); }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string next_key() {
  static std::atomic<uint64_t> counter = 0;
  return fmt::format("queue/{:016x}", counter.fetch_add(1) * 0x9e3779b97f4a7c15u);
}

struct Opened {
  explicit Opened(Durability durability, bool in_memory = false) {
    store = open_store({.directory = in_memory ? "" : folder.path + "/db",
                        .durability = durability,
                        .clock = real_clock,
                        .random = system_random,
                        .pool = pool})
                .value();
  }
  Folder folder;
  ThreadPool pool{4};
  std::unique_ptr<Store> store;
};

struct Measured {
  double rate = 0;       // operations a second
  double caller_us = 0;  // CPU on the calling threads, for each operation
};

// `callers` coroutines over `threads` threads call `once` again and again for one round.
template <class F>
Measured measure(size_t threads, F once) {
  std::vector<std::jthread> running;
  std::atomic<uint64_t> operations = 0;
  std::atomic<double> cpu_us = 0;
  std::deque<SimpleExecutor> executors;
  const SteadyTime start = real_clock.steady(), end = start + round_length;
  for (size_t i = 0; i < threads; ++i) {
    SimpleExecutor& executor = executors.emplace_back(real_clock);
    running.emplace_back([&] {
      TaskGroup group;
      const double before = thread_cpu_us();
      auto caller = [&]() -> Task<void> {
        while (real_clock.steady() < end) {
          check((co_await once()).has_value(), "an operation failed");
          ++operations;
        }
      };
      auto all = [&]() -> Task<void> {
        for (size_t n = 0; n < callers / threads; ++n) group.spawn(caller());
        co_await group.join();
      };
      executor.run(all());
      cpu_us += thread_cpu_us() - before;
    });
  }
  running.clear();
  return {double(operations) / seconds_since(start), cpu_us / double(operations)};
}

Task<Result<void>> write_once(Store& store) {
  WriteBatch batch;
  batch.put(next_key(), value);
  return store.write(std::move(batch));
}

Task<Result<void>> change_once(Store& store, std::string key) {
  return store.run([key = std::move(key)](Transaction& tx) -> Task<Result<void>> {
    co_await tx.get(key);
    tx.put(key, value);
    co_return {};
  });
}

Task<Result<void>> get_once(Store& store, const std::string& key) {
  auto found = co_await store.get(key);
  co_return found ? Result<void>() : fail("Missing", 500, "");
}

double raw_synced_rate(rocksdb::DB& database) {
  rocksdb::WriteOptions options;
  options.sync = true;
  const SteadyTime start = real_clock.steady();
  uint64_t written = 0;
  while (real_clock.steady() < start + round_length) {
    rocksdb::WriteBatch batch;
    for (int i = 0; i < callers; ++i) batch.Put(next_key(), value);
    check(database.Write(options, &batch).ok(), "RocksDB does not write");
    written += callers;
  }
  return double(written) / seconds_since(start);
}

void synced_writes() {
  Folder folder;
  rocksdb::DB* raw = nullptr;
  check(rocksdb::DB::Open(rocksdb_options(64 << 20, 32 << 20), folder.path, &raw).ok(), "RocksDB does not open");
  std::unique_ptr<rocksdb::DB> database(raw);
  Opened opened(Durability::sync);
  std::vector<double> raw_rates, rates[2], ratios, cpu, groups;
  for (int i = 0; i < rounds; ++i) {
    raw_rates.push_back(raw_synced_rate(*database));
    for (size_t threads : {1, 2}) {
      const StoreStats before = opened.store->stats();
      Measured measured = measure(threads, [&] { return write_once(*opened.store); });
      const StoreStats after = opened.store->stats();
      rates[threads - 1].push_back(measured.rate);
      if (threads == 2) continue;
      ratios.push_back(measured.rate / raw_rates.back());
      cpu.push_back(measured.caller_us);
      groups.push_back(double(after.commits - before.commits) / double(after.groups - before.groups));
    }
  }
  const std::string conditions = fmt::format("1 KiB values, durability sync, median of {} rounds in turn", rounds);
  print_row("RocksDB, synced batches of 64", median(raw_rates), "writes/s", conditions);
  print_row("store, 64 callers on one thread, sync", median(rates[0]), "writes/s", conditions);
  print_row("store, 64 callers on one thread, sync, ratio to RocksDB", median(ratios), "", conditions);
  print_row("store, commits in a group, sync", median(groups), "", conditions);
  print_row("store, 64 callers on two threads, sync", median(rates[1]), "writes/s", conditions);
  print_row("store, write, CPU of the caller, sync", median(cpu), "us", conditions);
}

void relaxed_writes(const std::string& name, Opened& opened) {
  std::vector<double> rates[2], cpu;
  for (int i = 0; i < rounds; ++i) {
    for (size_t threads : {1, 2}) {
      Measured measured = measure(threads, [&] { return write_once(*opened.store); });
      rates[threads - 1].push_back(measured.rate);
      if (threads == 1) cpu.push_back(measured.caller_us);
    }
  }
  const std::string conditions = fmt::format("64 callers, 1 KiB values, median of {} rounds", rounds);
  print_row(name + ", one thread", median(rates[0]), "writes/s", conditions);
  print_row(name + ", two threads", median(rates[1]), "writes/s", conditions);
  print_row(name + ", CPU of the caller, commit included", median(cpu), "us", conditions);
}

void reads_and_transactions(const std::string& name, Opened& opened) {
  std::vector<double> gets, changes;
  const std::string key = "there";
  SimpleExecutor executor(real_clock);
  check(executor.run(change_once(*opened.store, key)).has_value(), "no write");
  for (int i = 0; i < rounds; ++i) {
    gets.push_back(measure(1, [&] { return get_once(*opened.store, key); }).rate);
    changes.push_back(measure(1, [&] { return change_once(*opened.store, next_key()); }).rate);
  }
  const std::string conditions = fmt::format("64 callers on one thread, 1 KiB values, median of {} rounds", rounds);
  print_row(name + ", get", median(gets), "gets/s", conditions);
  print_row(name + ", transaction of a get and a put", median(changes), "transactions/s", conditions);
}

void opening() {
  std::vector<double> fresh, again;
  for (int i = 0; i < 3 * rounds; ++i) {
    Folder folder;
    ThreadPool pool(1);
    for (auto* times : {&fresh, &again}) {
      const SteadyTime start = real_clock.steady();
      auto store = open_store({.directory = folder.path + "/db", .clock = real_clock, .random = system_random, .pool = pool});
      times->push_back(seconds_since(start) * 1e3);
      SimpleExecutor executor(real_clock);
      check(executor.run(write_once(**store)).has_value(), "no write");
    }
  }
  print_row("store, open a fresh directory", median(fresh), "ms", fmt::format("median of {}", 3 * rounds));
  print_row("store, open it again", median(again), "ms", fmt::format("median of {}", 3 * rounds));
}

}  // namespace
}  // namespace outcrop::store

int main() {
  using namespace outcrop::store;
  opening();
  synced_writes();
  {
    Opened opened(Durability::relaxed);
    relaxed_writes("store, relaxed", opened);
    reads_and_transactions("store, relaxed", opened);
  }
  Opened opened(Durability::relaxed, /*in_memory=*/true);
  relaxed_writes("store, in memory", opened);
  reads_and_transactions("store, in memory", opened);
}
