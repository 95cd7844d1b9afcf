#include "store/testing/test_store.h"

#include <unistd.h>

#include <cstdlib>

#include "store/memory_engine.h"
#include "store/rocksdb_engine.h"

namespace outcrop::store {

namespace {
constexpr size_t recent_bytes = 64 << 10;  // few: some fall out in the tests
}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  path_ = (std::filesystem::temp_directory_path() / "outcrop-store-XXXXXX").string();
  check(::mkdtemp(path_.data()) != nullptr, "no temporary directory");
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Answer<std::optional<std::string>> WatchedEngine::get(std::string_view key, const Snapshot* at, Wait wait) {
  ++gets;
  if (misses_memory && wait == Wait::no) return std::nullopt;
  return engine_->get(key, at, wait);
}

Answer<Page> WatchedEngine::scan(const Range& range, const ScanOptions& options, const Snapshot* at, Wait wait) {
  if (misses_memory && wait == Wait::no) return std::nullopt;
  return engine_->scan(range, options, at, wait);
}

Answer<void> WatchedEngine::apply(std::span<const WriteBatch* const> batches, Wait wait) {
  if (trouble == Trouble::waits_once && wait == Wait::no) {
    trouble = Trouble::none;
    return std::nullopt;
  }
  if (trouble == Trouble::fails_before) return fail("StoreUnavailable", 500, "no space left on device");
  Answer<void> applied = engine_->apply(batches, wait);
  if (applied && on_apply) {
    for (const WriteBatch* batch : batches) on_apply(*batch);
  }
  if (trouble == Trouble::fails_after) return fail("StoreUnavailable", 500, "the disk did not answer");
  return applied;
}

std::vector<Backend> all_backends() {
  return {{"Memory", false, Durability::relaxed}, {"RocksdbSync", true, Durability::sync}, {"RocksdbRelaxed", true, Durability::relaxed}};
}

TestStore::TestStore(const Backend& backend) : backend(backend) { reopen(); }

StoreOptions TestStore::options() {
  return {.directory = backend.on_disk ? directory.path() + "/db" : "",
          .durability = backend.durability,
          .block_cache_bytes = 4 << 20,
          .write_buffer_bytes = 1 << 20,
          .clock = clock,
          .random = random,
          .pool = pool,
          .activity = &activity};
}

void TestStore::reopen() {
  store.reset();
  std::unique_ptr<Engine> opened = backend.on_disk ? std::move(RocksdbEngine::open(options()).value()) : std::make_unique<MemoryEngine>();
  auto watched = std::make_unique<WatchedEngine>(std::move(opened));
  engine = watched.get();
  store = std::make_unique<LocalStore>(LocalStore::Parts{std::move(watched), clock, random, pool, &activity, recent_bytes});
}

void TestStore::on_threads(size_t threads, const std::function<void(SimpleExecutor&, size_t)>& body) {
  std::vector<std::jthread> running;
  for (size_t i = 0; i < threads; ++i) {
    SimpleExecutor& own = thread_executors.emplace_back(clock, &activity);
    running.emplace_back([&body, &own, i] { body(own, i); });
  }
}

uint64_t test_seed() {
  static const uint64_t seed = [] {
    const char* given = std::getenv("OUTCROP_SEED");
    uint64_t chosen = given ? std::strtoull(given, nullptr, 10) : SystemRandom().next() % 1'000'000'000;
    printf("OUTCROP_SEED=%llu\n", static_cast<unsigned long long>(chosen));
    return chosen;
  }();
  return seed;
}

}  // namespace outcrop::store
