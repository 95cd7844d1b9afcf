// Random transactions on several threads, checked exactly: the engine shows the order in which they committed, and
// run one after another in that order on a plain map they must have read what they read.
#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "base/task_group.h"
#include "store/testing/test_store.h"

namespace outcrop::store {
namespace {

using Model = std::map<std::string, std::string>;

constexpr int keys = 12;
constexpr std::string_view marker_prefix = "~";  // behind all other keys

std::string key_of(uint64_t n) { return fmt::format("k{:02}", n); }

// What one attempt read and wrote, in its order.
struct Step {
  enum class Kind { get, scan, put, erase, erase_range } kind;
  Range range;  // get, put, erase: only its begin
  ScanOptions options;
  std::string value;               // put
  std::optional<std::string> got;  // get
  std::vector<Entry> entries;      // scan
};

struct Attempt {
  std::vector<Step> steps;
  size_t committed_before = 0;  // commits that were visible for sure when it began
  bool writes = false;
};

std::vector<Entry> scan_of(const Model& model, const Range& range, const ScanOptions& options) {
  std::vector<Entry> entries;
  for (const auto& [key, value] : model) {
    if (range.contains(key)) entries.push_back({key, value});
  }
  if (options.reverse) std::ranges::reverse(entries);
  if (entries.size() > options.entries_max) entries.resize(options.entries_max);
  return entries;
}

// Whether the attempt, run alone on `model`, reads what it read; `model` then holds what it wrote.
bool fits(const Attempt& attempt, Model& model) {
  for (const Step& step : attempt.steps) {
    auto found = model.find(step.range.begin);
    switch (step.kind) {
      case Step::Kind::get:
        if (step.got != (found == model.end() ? std::nullopt : std::optional(found->second))) return false;
        break;
      case Step::Kind::scan:
        if (step.entries != scan_of(model, step.range, step.options)) return false;
        break;
      case Step::Kind::put:
        model[step.range.begin] = step.value;
        break;
      case Step::Kind::erase:
        model.erase(step.range.begin);
        break;
      case Step::Kind::erase_range:
        std::erase_if(model, [&](const auto& item) { return step.range.contains(item.first); });
        break;
    }
  }
  return true;
}

class Serialisability : public testing::TestWithParam<Backend> {
 protected:
  Serialisability() : test(GetParam()) {
    test.engine->on_apply = [this](const WriteBatch& batch) {
      for (WriteBatch::Operation operation : batch.operations()) {
        if (!operation.key.starts_with(marker_prefix)) continue;
        std::lock_guard lock(mutex);
        order.emplace_back(operation.key.substr(1));
      }
    };
  }

  Range random_range(Random& random) {
    const uint64_t begin = random.below(keys);
    return {key_of(begin), key_of(begin + 1 + random.below(5))};
  }

  Step random_step(Random& random, const std::string& name, size_t number) {
    Step step;
    step.kind = Step::Kind(random.below(9) % 5);  // range erases are the rarest
    step.range = step.kind == Step::Kind::scan || step.kind == Step::Kind::erase_range ? random_range(random)
                                                                                       : Range{key_of(random.below(keys)), ""};
    step.options = {.entries_max = 1 + random.below(5), .reverse = random.below(2) == 0};
    step.value = fmt::format("{}/{}", name, number);
    return step;
  }

  static Task<Result<void>> carry_out(Transaction& tx, Step& step) {
    switch (step.kind) {
      case Step::Kind::get:
        step.got = co_await tx.get(step.range.begin);
        break;
      case Step::Kind::scan:
        step.entries = co_await tx.scan(step.range, step.options);
        break;
      case Step::Kind::put:
        tx.put(step.range.begin, step.value);
        break;
      case Step::Kind::erase:
        tx.erase(step.range.begin);
        break;
      case Step::Kind::erase_range:
        tx.erase_range(step.range);
        break;
    }
    co_return {};
  }

  size_t acknowledged_now() {
    std::lock_guard lock(mutex);
    return acknowledged;
  }

  // One transaction; its last attempt is noted under its name.
  Task<Result<void>> transact(Executor& home, Random& random, std::string name) {
    Attempt last;
    const bool read_only = random.below(5) == 0;
    const size_t committed_before = acknowledged_now();  // before the snapshot is taken
    co_await test.store->run([&](Transaction& tx) -> Task<Result<void>> {
      last = Attempt{.committed_before = committed_before};
      const uint64_t steps = 1 + random.below(6);
      for (uint64_t i = 0; i < steps; ++i) {
        Step step = random_step(random, name, i);
        if (read_only && step.kind != Step::Kind::get) step.kind = Step::Kind::scan, step.range = random_range(random);
        co_await carry_out(tx, step);
        last.steps.push_back(std::move(step));
        if (random.below(3) == 0) co_await home.yield();
      }
      last.writes = !read_only;
      if (last.writes) tx.put(std::string(marker_prefix) + name, "");
      co_return {};
    });
    std::lock_guard lock(mutex);
    if (last.writes) ++acknowledged;
    attempts.emplace(name, std::move(last));
    co_return {};
  }

  void run_all(uint64_t seed, size_t threads, size_t transactions) {
    test.on_threads(threads, [&](SimpleExecutor& executor, size_t thread) {
      SeededRandom random(seed * 100 + thread);
      TaskGroup group;
      auto client = [&](size_t number) -> Task<void> {
        for (size_t i = 0; i < transactions; ++i) {
          auto done = co_await transact(executor, random, fmt::format("{}-{}-{}", thread, number, i));
          EXPECT_TRUE(done.has_value() || done.error().code == "TransactionConflict");
        }
      };
      auto all = [&]() -> Task<void> {
        for (size_t number = 0; number < 3; ++number) group.spawn(client(number));
        co_await group.join();
      };
      executor.run(all());
    });
  }

  // Replays the writers in their order, and finds for each reader a moment since its begin at which it fits.
  void check_all(uint64_t seed) {
    std::vector<const Attempt*> readers;
    for (const auto& [name, attempt] : attempts) {
      if (!attempt.writes) readers.push_back(&attempt);
    }
    std::set<const Attempt*> placed;
    Model model;
    for (size_t committed = 0;; ++committed) {
      for (const Attempt* reader : readers) {
        Model copy = model;
        if (committed >= reader->committed_before && fits(*reader, copy)) placed.insert(reader);
      }
      if (committed == order.size()) break;
      auto found = attempts.find(order[committed]);
      ASSERT_NE(found, attempts.end()) << "an unknown transaction committed: " << order[committed];
      ASSERT_TRUE(fits(found->second, model)) << "seed " << seed << ": transaction " << order[committed] << ", number " << committed
                                              << " of " << order.size() << ", read what no serial order explains";
    }
    EXPECT_EQ(placed.size(), readers.size()) << "seed " << seed << ": a read-only transaction saw a state that never was";
    auto kept = test.run(test.store->scan(Range::prefix("k"))).value();
    EXPECT_EQ(kept, scan_of(model, Range::prefix("k"), {})) << "seed " << seed;
  }

  TestStore test;
  std::mutex mutex;
  std::vector<std::string> order;  // of commits, by name
  size_t acknowledged = 0;
  std::map<std::string, Attempt> attempts;
};

TEST_P(Serialisability, RandomTransactionsReadWhatTheirSerialOrderExplains) {
  run_all(test_seed(), 4, 60);
  EXPECT_GT(order.size(), 100u);
  EXPECT_GT(test.store->stats().conflicts, 0u) << "the test did not contend";
  check_all(test_seed());
}

INSTANTIATE_TEST_SUITE_P(Store, Serialisability, testing::ValuesIn(all_backends()), [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace outcrop::store
