// Both blob stores, and the files of the one on disk.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "store/blob_store.h"
#include "store/limits.h"
#include "store/testing/test_store.h"

namespace outcrop::store {
namespace {

class Blobs : public testing::TestWithParam<bool> {
 protected:
  Blobs() { reopen(); }

  void reopen() {
    blobs = open_blob_store({.directory = GetParam() ? directory.path() + "/blobs" : "",
                             .durability = Durability::sync,
                             .clock = clock,
                             .random = random,
                             .pool = pool})
                .value();
  }
  template <class T>
  T run(Task<T> task) {
    return executor.run(std::move(task));
  }
  static std::string content(size_t size) {
    std::string bytes(size, '\0');
    SeededRandom(size).fill(std::as_writable_bytes(std::span(bytes)));
    return bytes;
  }
  std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path())) {
      if (entry.is_regular_file()) found.push_back(entry.path());
    }
    return found;
  }

  TemporaryDirectory directory;
  RealClock clock;
  SystemRandom random;
  SimpleExecutor executor{clock};
  ThreadPool pool{2};
  std::unique_ptr<BlobStore> blobs;
};

class BlobFiles : public Blobs {};

TEST_P(Blobs, GiveBackWhatWasPutWhateverItsSize) {
  for (size_t size : {0, 1, 65'535, 65'536, 65'537, 262'144, 300'000, 1'000'000}) {
    BlobId id = run(blobs->put(content(size))).value();
    EXPECT_EQ(run(blobs->get(id)).value(), content(size)) << size;
  }
}

TEST_P(Blobs, GiveRanges) {
  const std::string whole = content(300'000);
  BlobId id = run(blobs->put(whole)).value();
  for (auto [offset, length] : std::vector<std::pair<size_t, size_t>>{
           {0, 1}, {65'535, 2}, {65'536, 65'536}, {100, 290'000}, {299'999, 50}, {300'000, 1}, {400'000, 1}}) {
    EXPECT_EQ(run(blobs->get(id, offset, length)).value(), offset < whole.size() ? whole.substr(offset, length) : "") << offset;
  }
}

TEST_P(Blobs, AreWrittenAndReadInParts) {
  auto task = [&]() -> Task<Result<std::string>> {
    auto writer = co_await blobs->create();
    for (int i = 0; i < 10; ++i) co_await writer->append(std::string(100'000, char('a' + i)));
    BlobId id = co_await writer->finish();
    auto reader = co_await blobs->open(id, 0, UINT64_MAX);
    EXPECT_EQ(reader->size(), 1'000'000u);
    std::string all;
    for (;;) {
      std::string part = co_await reader->next();
      EXPECT_LE(part.size(), blob_part_bytes);
      if (part.empty()) co_return all;
      all += part;
    }
  };
  std::string expected;
  for (int i = 0; i < 10; ++i) expected += std::string(100'000, char('a' + i));
  EXPECT_EQ(run(task()).value(), expected);
}

TEST_P(Blobs, AnUnknownOrMalformedIdIsNotFound) {
  for (std::string id : {"0123456789abcdef0123456789abcdef", "", "../../etc/passwd", "0123456789ABCDEF0123456789ABCDEF"}) {
    EXPECT_EQ(run(blobs->get(id)).error().code, "BlobNotFound") << id;
    EXPECT_TRUE(run(blobs->erase(id)).has_value()) << id;
  }
}

TEST_P(Blobs, AnErasedBlobIsGone) {
  BlobId id = run(blobs->put("x")).value();
  EXPECT_TRUE(run(blobs->erase(id)).has_value());
  EXPECT_EQ(run(blobs->get(id)).error().code, "BlobNotFound");
  EXPECT_TRUE(run(blobs->erase(id)).has_value());
}

TEST_P(Blobs, AReaderKeepsABlobThatIsErasedMeanwhile) {
  BlobId id = run(blobs->put("x")).value();
  auto reader = run(blobs->open(id, 0, UINT64_MAX)).value();
  ASSERT_TRUE(run(blobs->erase(id)).has_value());
  EXPECT_EQ(run(reader->next()).value(), "x");
}

TEST_P(Blobs, AWriterThatDoesNotFinishLeavesNothing) {
  auto task = [&]() -> Task<Result<void>> {
    auto writer = co_await blobs->create();
    co_await writer->append(std::string(1'000'000, 'x'));
    co_return {};
  };
  ASSERT_TRUE(run(task()).has_value());
  EXPECT_TRUE(files().empty());
}

TEST_P(Blobs, ASweepErasesWhatNothingNames) {
  BlobId kept = run(blobs->put("kept")).value(), dropped = run(blobs->put("dropped")).value();
  auto is_kept = [&](const BlobId& id) -> Task<Result<bool>> { co_return id == kept; };
  EXPECT_EQ(run(blobs->sweep(is_kept, Seconds(3600))).value(), 0u);  // both are too young
  EXPECT_EQ(run(blobs->sweep(is_kept, Seconds(0))).value(), 1u);
  EXPECT_EQ(run(blobs->get(kept)).value(), "kept");
  EXPECT_EQ(run(blobs->get(dropped)).error().code, "BlobNotFound");
}

TEST_P(Blobs, ASweepStopsAtAFault) {
  ASSERT_TRUE(run(blobs->put("x")).has_value());
  auto fails = [](const BlobId&) -> Task<Result<bool>> { co_return fail("StoreFailed", 500, "no"); };
  EXPECT_EQ(run(blobs->sweep(fails, Seconds(0))).error().code, "StoreFailed");
}

INSTANTIATE_TEST_SUITE_P(Store, Blobs, testing::Bool(), [](const auto& info) { return info.param ? "Directory" : "Memory"; });

TEST_P(BlobFiles, SurviveReopening) {
  BlobId id = run(blobs->put("x")).value();
  reopen();
  EXPECT_EQ(run(blobs->get(id)).value(), "x");
}

TEST_P(BlobFiles, NothingIsMadeBeforeTheFirstBlob) { EXPECT_FALSE(std::filesystem::exists(directory.path() + "/blobs")); }

TEST_P(BlobFiles, UnfinishedFilesOfADeadProcessGo) {
  std::filesystem::create_directories(directory.path() + "/blobs/new");
  std::ofstream(directory.path() + "/blobs/new/0123") << "half";
  reopen();
  EXPECT_TRUE(files().empty());
}

TEST_P(BlobFiles, EveryDamagedByteIsNoticed) {
  const size_t size = 70'000;
  BlobId id = run(blobs->put(content(size))).value();
  const std::string path = files().at(0).string();
  const auto file_size = std::filesystem::file_size(path);
  for (uint64_t at : {uint64_t(0), uint64_t(65'536), uint64_t(size), file_size - 16, file_size - 5, file_size - 1}) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(std::streamoff(at));
    const char was = char(file.get());
    file.seekp(std::streamoff(at));
    file.put(char(was ^ 0x40)).flush();
    EXPECT_EQ(run(blobs->get(id)).error().code, "BlobCorrupt") << at;
    file.seekp(std::streamoff(at));
    file.put(was).flush();
  }
  EXPECT_EQ(run(blobs->get(id)).value(), content(size));
}

TEST_P(BlobFiles, ATruncatedFileIsNoticed) {
  BlobId id = run(blobs->put(content(70'000))).value();
  const std::string path = files().at(0).string();
  for (uintmax_t size : {70'023u, 70'000u, 16u, 15u, 0u}) {
    std::filesystem::resize_file(path, size);
    EXPECT_EQ(run(blobs->get(id)).error().code, "BlobCorrupt") << size;
  }
}

TEST_P(BlobFiles, ARangeIsReadAlthoughAnotherBlockIsDamaged) {
  BlobId id = run(blobs->put(content(70'000))).value();
  std::fstream file(files().at(0), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(66'000);
  file.put('!').put('!').flush();
  EXPECT_EQ(run(blobs->get(id, 10, 20)).value(), content(70'000).substr(10, 20));
  EXPECT_EQ(run(blobs->get(id, 69'000, 20)).error().code, "BlobCorrupt");
}

TEST_P(BlobFiles, OnlyTheOwnerMayReadThem) {
  ASSERT_TRUE(run(blobs->put("secret")).has_value());
  struct stat status;
  ASSERT_EQ(::stat(files().at(0).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

INSTANTIATE_TEST_SUITE_P(Store, BlobFiles, testing::Values(true), [](const auto&) { return "Directory"; });

}  // namespace
}  // namespace outcrop::store
