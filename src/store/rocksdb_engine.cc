// The engine on RocksDB.
#include "store/rocksdb_engine.h"

#include <rocksdb/env.h>

#include <algorithm>

#include "base/log.h"
#include "store/files.h"
#include "store/rocksdb_options.h"

namespace outcrop::store {

namespace {

constexpr size_t kept_buffer_bytes = 256 << 10;
// Erased entries an event loop steps over in a scan, about 2 ms; what has more goes to the pool.
constexpr uint64_t skipped_entries_max = 10'000;
// Entries a scan makes room for at once.
constexpr size_t reserved_entries_max = 32;
// A write buffer smaller than this is not worth a table file.
constexpr uint64_t trimmed_buffer_bytes_min = 1 << 20;

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

std::unexpected<Fault> fail_status(const rocksdb::Status& status) { return fail("StoreUnavailable", 500, status.ToString()); }

}  // namespace

class RocksdbEngine::DatabaseSnapshot final : public Snapshot {
 public:
  explicit DatabaseSnapshot(rocksdb::DB& database) : database(database), handle(database.GetSnapshot()) {}
  ~DatabaseSnapshot() override { database.ReleaseSnapshot(handle); }

  rocksdb::DB& database;
  const rocksdb::Snapshot* const handle;
};

RocksdbEngine::RocksdbEngine(std::shared_ptr<RocksdbFiles> files, Durability durability)
    : files_(std::move(files)), env_(rocksdb::NewCompositeEnv(files_)), durability_(durability) {}

Result<std::unique_ptr<Engine>> RocksdbEngine::open(const StoreOptions& options) {
  if (auto made = make_directory(options.directory); !made) return fail(std::move(made.error()));
  auto files = std::make_shared<RocksdbFiles>(options.directory);
  std::unique_ptr<RocksdbEngine> engine(new RocksdbEngine(files, options.durability));
  rocksdb::Options settings = rocksdb_options(options.block_cache_bytes, options.write_buffer_bytes);
  settings.env = engine->env_.get();
  rocksdb::DB* database = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(settings, options.directory, &database);
  engine->database_.reset(database);
  if (!status.ok()) return fail("StoreUnavailable", 500, "cannot open the database in " + options.directory + ": " + status.ToString());
  engine->early_merges_.emplace(*database, options.pool);
  // A failure shows again at the first commit.
  if (!files->is_settled()) options.pool.post([files] { (void)files->settle(); });
  return engine;
}

RocksdbEngine::~RocksdbEngine() {
  if (!database_) return;
  early_merges_.reset();
  if (auto synced = sync(); !synced) log::error("the last writes may not be on disk", {{"reason", synced.error().message}});
  rocksdb::Status status = database_->Close();
  if (!status.ok()) log::error("the database did not close cleanly", {{"reason", status.ToString()}});
}

std::unique_ptr<Engine::Snapshot> RocksdbEngine::snapshot() { return std::make_unique<DatabaseSnapshot>(*database_); }

rocksdb::ReadOptions RocksdbEngine::read_options(const Snapshot* at) {
  rocksdb::ReadOptions options;
  if (at) options.snapshot = static_cast<const DatabaseSnapshot*>(at)->handle;
  return options;
}

Answer<std::optional<std::string>> RocksdbEngine::get(std::string_view key, const Snapshot* at, Wait wait) {
  const ReadsWithoutWaiting reads(wait == Wait::no);
  std::string value;
  const rocksdb::Status status = database_->Get(read_options(at), slice(key), &value);
  if (status.ok()) return std::optional(std::move(value));
  if (status.IsNotFound()) return std::optional<std::string>();
  if (status.IsBusy() && wait == Wait::no) return std::nullopt;
  return fail_status(status);
}

Answer<Page> RocksdbEngine::scan(const Range& range, const ScanOptions& options, const Snapshot* at, Wait wait) {
  Page page{.complete = true};
  if (range.empty()) return page;
  const ReadsWithoutWaiting reads(wait == Wait::no);
  const EarlyMerges::ScanCount count(*early_merges_);
  rocksdb::ReadOptions read = read_options(at);
  const rocksdb::Slice lower = slice(range.begin), upper = slice(range.end);
  read.iterate_lower_bound = &lower;
  read.iterate_upper_bound = &upper;
  if (wait == Wait::no) read.max_skippable_internal_keys = skipped_entries_max;
  std::unique_ptr<rocksdb::Iterator> iterator(database_->NewIterator(read));
  page.entries.reserve(std::min(options.entries_max, reserved_entries_max));
  size_t bytes = 0;
  for (options.reverse ? iterator->SeekToLast() : iterator->SeekToFirst(); iterator->Valid();
       options.reverse ? iterator->Prev() : iterator->Next()) {
    if (page.entries.size() >= options.entries_max || bytes >= options.bytes_max) {
      page.complete = false;
      break;
    }
    page.entries.push_back({std::string(view(iterator->key())), std::string(view(iterator->value()))});
    bytes += page.entries.back().key.size() + page.entries.back().value.size();
  }
  rocksdb::Status status = iterator->status();
  if ((status.IsBusy() || status.IsIncomplete()) && wait == Wait::no) return std::nullopt;
  if (!status.ok()) return fail_status(status);
  return page;
}

// One batch of them all, in order.
void RocksdbEngine::merge(std::span<const WriteBatch* const> batches) {
  if (merged_.Data().capacity() > kept_buffer_bytes) merged_ = rocksdb::WriteBatch();
  merged_.Clear();
  for (const WriteBatch* batch : batches) {
    for (WriteBatch::Operation operation : batch->operations()) {
      switch (operation.kind) {
        case WriteBatch::Kind::put:
          merged_.Put(slice(operation.key), slice(operation.value));
          break;
        case WriteBatch::Kind::erase:
          merged_.Delete(slice(operation.key));
          break;
        case WriteBatch::Kind::erase_range:
          if (operation.key < operation.value) merged_.DeleteRange(slice(operation.key), slice(operation.value));
          break;
      }
    }
  }
}

Answer<void> RocksdbEngine::apply(std::span<const WriteBatch* const> batches, Wait wait) {
  rocksdb::WriteOptions options;
  options.sync = durability_ == Durability::sync;
  options.no_slowdown = wait == Wait::no;
  if (options.sync) {
    if (auto settled = files_->settle(); !settled) return settled;
  }
  merge(batches);
  rocksdb::Status status = database_->Write(options, &merged_);
  if (status.IsIncomplete() && wait == Wait::no) return std::nullopt;
  if (!status.ok()) return fail_status(status);
  syncs_.fetch_add(options.sync, std::memory_order_relaxed);
  bytes_written_.fetch_add(merged_.GetDataSize(), std::memory_order_relaxed);
  return Result<void>();
}

Result<void> RocksdbEngine::sync() {
  if (auto settled = files_->settle(); !settled) return settled;
  rocksdb::Status status = database_->SyncWAL();
  if (!status.ok()) return fail_status(status);
  syncs_.fetch_add(1, std::memory_order_relaxed);
  return {};
}

Result<void> RocksdbEngine::trim() {
  uint64_t buffered = 0;
  database_->GetIntProperty("rocksdb.cur-size-all-mem-tables", &buffered);
  if (buffered < trimmed_buffer_bytes_min) return {};
  rocksdb::Status status = database_->Flush(rocksdb::FlushOptions());
  if (!status.ok()) return fail_status(status);
  return {};
}

void RocksdbEngine::add_stats(StoreStats& stats) const {
  auto property = [&](const char* name) {
    uint64_t value = 0;
    database_->GetIntProperty(name, &value);
    return value;
  };
  stats.syncs += syncs_.load(std::memory_order_relaxed);
  stats.bytes_written += bytes_written_.load(std::memory_order_relaxed);
  stats.memory_bytes += property("rocksdb.cur-size-all-mem-tables") + property("rocksdb.block-cache-usage");
  stats.disk_bytes += property("rocksdb.total-sst-files-size");
}

}  // namespace outcrop::store

#if __has_feature(thread_sanitizer)
// Debian's RocksDB is not instrumented: ThreadSanitizer sees its allocations but not the atomics that order them.
extern "C" const char* __tsan_default_suppressions() { return "race:rocksdb::\nrace:librocksdb.so\n"; }
#endif
