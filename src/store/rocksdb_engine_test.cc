// What RocksDB does for us beyond the contract: it does not make an event loop wait, and a fresh directory is small.
#include "store/rocksdb_engine.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "store/testing/test_store.h"

namespace outcrop::store {
namespace {

struct RocksdbEngineTest : testing::Test {
  TestStore test{{"RocksdbSync", true, Durability::sync}};
  std::unique_ptr<Engine> engine;
  std::mt19937_64 random{1};

  RocksdbEngineTest() {
    test.store.reset();
    open();
  }
  void open() {
    engine.reset();
    StoreOptions options = test.options();
    options.write_buffer_bytes = 16 << 20;  // not flushed unless a test asks for it
    engine = std::move(RocksdbEngine::open(options).value());
  }
  std::string database() { return test.options().directory; }
  void apply(const WriteBatch& batch) {
    const WriteBatch* group[] = {&batch};
    ASSERT_TRUE(engine->apply(group, Wait::yes).value().has_value());
  }
  std::filesystem::path table_file() {
    for (const auto& entry : std::filesystem::directory_iterator(database())) {
      if (entry.path().extension() == ".sst") return entry.path();
    }
    return {};
  }
  void add_table(int keys, size_t bytes);
  size_t scan_until_merged();
  std::vector<std::string> tables() {
    auto names = files();
    std::erase_if(names, [](const std::string& name) { return !name.ends_with(".sst"); });
    return names;
  }
  std::vector<std::string> files() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(database())) names.push_back(entry.path().filename().string());
    return names;
  }
};

// Whether the system has the whole file in memory; none where the file system cannot tell.
std::optional<bool> is_in_page_cache(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::string bytes(std::filesystem::file_size(path), 0);
  const iovec whole{bytes.data(), bytes.size()};
  const ssize_t n = ::preadv2(file, &whole, 1, 0, RWF_NOWAIT);
  const bool cannot_tell = n < 0 && errno == EOPNOTSUPP;
  ::close(file);
  return cannot_tell ? std::nullopt : std::optional(n == ssize_t(bytes.size()));
}

// Whether the system has any of it in memory. Unlike a read that may not wait, the question does not make the system begin to read.
bool has_pages(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const size_t bytes = std::filesystem::file_size(path), page_bytes = size_t(::sysconf(_SC_PAGESIZE));
  void* const mapped = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  std::vector<unsigned char> pages((bytes + page_bytes - 1) / page_bytes);
  const bool is_told = mapped != MAP_FAILED && ::mincore(mapped, bytes, pages.data()) == 0;
  if (mapped != MAP_FAILED) ::munmap(mapped, bytes);
  return !is_told || std::ranges::any_of(pages, [](unsigned char page) { return page & 1; });
}

void forget_pages(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  ::close(file);
}

TEST_F(RocksdbEngineTest, AReadThatMissesMemoryIsAnsweredOnlyWhereItMayWait) {
  // Values that do not compress, so that keys far from each other lie far from each other in the file.
  std::mt19937_64 random(1);
  std::vector<std::string> values(2000, std::string(1000, 0));
  WriteBatch batch;
  for (size_t i = 0; i < values.size(); ++i) {
    std::ranges::generate(values[i], [&] { return char(random()); });
    batch.put(fmt::format("{:04}", i), values[i]);
  }
  apply(batch);
  ASSERT_TRUE(engine->trim().has_value());  // into a table file
  open();                                   // with an empty cache of its own
  const std::filesystem::path table = table_file();
  const std::optional<bool> was_in_memory = is_in_page_cache(table);
  const bool is_answered = engine->get("0100", nullptr, Wait::no).has_value() && engine->scan({"0200", "0300"}, {}, nullptr, Wait::no);
  EXPECT_EQ(is_answered, was_in_memory.value_or(false));

  EXPECT_EQ(engine->get("1000", nullptr, Wait::yes).value().value(), values[1000]);
  EXPECT_EQ(engine->get("1000", nullptr, Wait::no).value().value(), values[1000]);  // it is in the cache of its own
  forget_pages(table);
  if (has_pages(table)) GTEST_SKIP() << "this file system lets nothing go from memory";
  // The system begins to read what it is asked for and has not, and a quick disk may be done before the system has looked: that read is
  // answered without a wait. So each kind is tried in several places, of which one at least must go unanswered.
  const auto is_once_unanswered = [&](auto is_answered_at) {
    for (int key = 1100; key < 1900; key += 50) {
      forget_pages(table);
      if (!is_answered_at(std::to_string(key))) return true;
    }
    return false;
  };
  EXPECT_TRUE(is_once_unanswered([&](const std::string& key) { return engine->get(key, nullptr, Wait::no).has_value(); }));
  EXPECT_TRUE(
      is_once_unanswered([&](const std::string& key) { return engine->scan({key, key + "~"}, {}, nullptr, Wait::no).has_value(); }));
  EXPECT_EQ(engine->get("1900", nullptr, Wait::yes).value().value(), values[1900]);
}

TEST_F(RocksdbEngineTest, AScanOverTooManyErasedEntriesIsAnsweredOnlyWhereItMayWait) {
  for (int part = 0; part < 3; ++part) {
    WriteBatch puts, erases;
    for (int i = 0; i < 5000; ++i) puts.put(fmt::format("{}/{:04}", part, i), "v");
    for (int i = 0; i < 5000; ++i) erases.erase(fmt::format("{}/{:04}", part, i));
    apply(puts);
    apply(erases);
  }
  WriteBatch last;
  last.put("9", "last");
  apply(last);
  EXPECT_FALSE(engine->scan(Range::all(), {.entries_max = 1}, nullptr, Wait::no).has_value());
  Page page = engine->scan(Range::all(), {.entries_max = 1}, nullptr, Wait::yes).value().value();
  EXPECT_EQ(page.entries, (std::vector<Entry>{{"9", "last"}}));
  EXPECT_TRUE(engine->scan({"5", "z"}, {.entries_max = 1}, nullptr, Wait::no).has_value());
}

// A table file of its own with `bytes` for each key, which do not compress.
void RocksdbEngineTest::add_table(int keys, size_t bytes) {
  WriteBatch batch;
  std::string value(bytes, 0);
  for (int i = 0; i < keys; ++i) {
    std::ranges::generate(value, [&] { return char(random()); });
    batch.put(fmt::format("{:05}", i), value);
  }
  apply(batch);
  ASSERT_TRUE(engine->trim().has_value());
}

// Scans the first keys until there is one table; gives up after what takes a minute.
size_t RocksdbEngineTest::scan_until_merged() {
  size_t scans = 0;
  for (; tables().size() > 1 && scans < 50'000; ++scans) {
    EXPECT_EQ(engine->scan({"00000", "00500"}, {}, nullptr, Wait::yes).value().value().entries.size(), 500u);
  }
  return scans;
}

TEST_F(RocksdbEngineTest, ScansThatStepOverEnoughHiddenEntriesHaveYoungTablesMerged) {
  for (int table = 0; table < 3; ++table) add_table(10'000, 150);
  ASSERT_EQ(tables().size(), 3u);
  const Page before = engine->scan(Range::all(), {.entries_max = 10'000}, nullptr, Wait::yes).value().value();
  EXPECT_GE(scan_until_merged(), 30u) << "30,000 entries were merged for less than 30,000 steps";
  EXPECT_EQ(tables().size(), 1u);
  EXPECT_EQ(engine->scan(Range::all(), {.entries_max = 10'000}, nullptr, Wait::yes).value().value().entries, before.entries);
}

TEST_F(RocksdbEngineTest, AFewYoungEntriesAreNotMergedIntoALargeLevel) {
  for (int table = 0; table < 2; ++table) add_table(20'000, 500);
  scan_until_merged();
  ASSERT_EQ(tables().size(), 1u);
  add_table(1500, 500);
  for (int scan = 0; scan < 500; ++scan) (void)engine->scan({"00000", "00900"}, {}, nullptr, Wait::yes);
  engine.reset();  // waits for what was begun
  EXPECT_EQ(tables().size(), 2u);
}

TEST_F(RocksdbEngineTest, TrimGivesTheWriteBufferBack) {
  WriteBatch batch;
  for (int i = 0; i < 4; ++i) batch.put(std::to_string(i), std::string(500'000, 'v'));
  apply(batch);
  StoreStats before, after;
  engine->add_stats(before);
  ASSERT_TRUE(engine->trim().has_value());
  engine->add_stats(after);
  EXPECT_GT(before.memory_bytes, 2'000'000u);
  EXPECT_LT(after.memory_bytes, 500'000u);
  EXPECT_GT(after.disk_bytes, 0u);
}

TEST_F(RocksdbEngineTest, AFreshDirectoryIsSmallAndHoldsNoLogOrOptionsFile) {
  WriteBatch batch;
  batch.put("a", "1");
  apply(batch);
  uintmax_t bytes = 0;
  for (const std::string& name : files()) {
    EXPECT_FALSE(name.starts_with("LOG") || name.starts_with("OPTIONS")) << name;
    if (name != "LOCK") bytes += std::filesystem::file_size(database() + "/" + name);
  }
  EXPECT_LT(bytes, 10'000u);
}

TEST_F(RocksdbEngineTest, ASecondOpenerGetsAClearFault) {
  auto second = RocksdbEngine::open(test.options());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, "StoreUnavailable");
  EXPECT_NE(second.error().message.find(database()), std::string::npos);
}

TEST_F(RocksdbEngineTest, ADamagedDatabaseIsRefusedWithItsReason) {
  engine.reset();
  for (const std::string& name : files()) {
    if (name.starts_with("MANIFEST")) std::ofstream(database() + "/" + name, std::ios::trunc) << "damaged";
  }
  auto opened = RocksdbEngine::open(test.options());
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, "StoreUnavailable");
}

TEST_F(RocksdbEngineTest, ALogThatEndsInTheMiddleOfARecordLosesOnlyThatRecord) {
  for (const char* key : {"a", "b"}) {
    WriteBatch batch;
    batch.put(key, "kept");
    apply(batch);
  }
  engine.reset();
  for (const std::string& name : files()) {
    if (!name.ends_with(".log")) continue;
    const std::string path = database() + "/" + name;
    if (auto size = std::filesystem::file_size(path); size > 3) std::filesystem::resize_file(path, size - 3);
  }
  open();
  EXPECT_EQ(engine->get("a", nullptr, Wait::yes).value().value(), "kept");
  EXPECT_EQ(engine->get("b", nullptr, Wait::yes).value().value(), std::nullopt);
}

TEST_F(RocksdbEngineTest, ADirectoryThatCannotBeMadeIsRefused) {
  StoreOptions options = test.options();
  options.directory = "/proc/outcrop/db";
  EXPECT_EQ(RocksdbEngine::open(options).error().code, "StoreUnavailable");
}

}  // namespace
}  // namespace outcrop::store
