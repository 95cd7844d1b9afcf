// Which tables have whole indexes and filters, and that tables of both kinds are read beside each other.
#include "store/table_factory.h"

#include <rocksdb/db.h>

#include <map>

#include "store/rocksdb_options.h"
#include "store/testing/test_store.h"

namespace outcrop::store {
namespace {

constexpr int entries_per_table = 50'000;        // about 90 KB of filter and index
constexpr size_t cache_bytes = 1 << 20;          // half of it has room for six tables'
constexpr size_t write_buffer_bytes = 64 << 20;  // not flushed unless a test asks for it

std::string key_of(int entry) { return fmt::format("{:032}", entry); }
std::string value_of(int entry) { return fmt::format("value {} {}", entry, std::string(60, 'v')); }

// A database of tables that are written when a test asks for it and never merged.
class TableFactoryTest : public testing::Test {
 protected:
  TableFactoryTest() { open(); }

  void open() {
    database_.reset();
    rocksdb::Options options = rocksdb_options(cache_bytes, write_buffer_bytes);
    options.disable_auto_compactions = true;
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(options, directory_.path(), &opened);
    ASSERT_TRUE(status.ok()) << status.ToString();
    database_.reset(opened);
  }

  // The entries that come next.
  void write_table() {
    rocksdb::WriteBatch batch;
    for (const int end = entries_ + entries_per_table; entries_ < end; ++entries_)
      ASSERT_TRUE(batch.Put(key_of(entries_), value_of(entries_)).ok());
    ASSERT_TRUE(database_->Write({}, &batch).ok());
    ASSERT_TRUE(database_->Flush({}).ok());
  }

  // Of each table whether its index and its filter are in parts, the oldest first.
  std::vector<bool> in_parts() {
    rocksdb::TablePropertiesCollection tables;
    EXPECT_TRUE(database_->GetPropertiesOfAllTables(&tables).ok());
    const std::map by_name(tables.begin(), tables.end());
    std::vector<bool> result;
    for (const auto& [name, properties] : by_name) result.push_back(properties->index_partitions > 0);
    return result;
  }

  uint64_t pinned_bytes() {
    uint64_t bytes = 0;
    EXPECT_TRUE(database_->GetIntProperty("rocksdb.block-cache-pinned-usage", &bytes));
    return bytes;
  }

  void expect_all_entries() {
    std::string value;
    for (int entry = 0; entry < entries_; entry += 7) {
      ASSERT_TRUE(database_->Get({}, key_of(entry), &value).ok()) << entry;
      ASSERT_EQ(value, value_of(entry));
    }
    EXPECT_TRUE(database_->Get({}, key_of(entries_), &value).IsNotFound());
  }

  TemporaryDirectory directory_;
  std::unique_ptr<rocksdb::DB> database_;
  int entries_ = 0;
};

TEST_F(TableFactoryTest, IndexesAreWholeWhileThoseInMemoryTakeHalfOfTheCacheAtMost) {
  write_table();
  EXPECT_GT(pinned_bytes(), 80'000u);  // they stay, and count
  while (pinned_bytes() < cache_bytes / 2) write_table();
  const size_t whole = in_parts().size();
  EXPECT_GE(whole, 4u);
  EXPECT_EQ(in_parts(), std::vector<bool>(whole, false));

  write_table();
  EXPECT_TRUE(in_parts().back());
  expect_all_entries();
}

TEST_F(TableFactoryTest, TablesOfBothKindsAreMergedAndOutliveTheProcess) {
  while (pinned_bytes() < cache_bytes / 2) write_table();
  write_table();
  open();
  expect_all_entries();
  EXPECT_FALSE(in_parts().front());
  EXPECT_TRUE(in_parts().back());

  rocksdb::CompactRangeOptions everything;
  everything.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  ASSERT_TRUE(database_->CompactRange(everything, nullptr, nullptr).ok());
  expect_all_entries();
}

}  // namespace
}  // namespace outcrop::store
