// kill -9: a child process writes and tells each acknowledged commit; the parent kills it at a random moment, opens the
// store and audits: what was acknowledged is there, and no batch is there in part.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/task_group.h"
#include "store/files.h"
#include "store/keys.h"
#include "store/testing/test_store.h"

extern char** environ;

namespace outcrop::store {
namespace {

constexpr const char* directory_variable = "OUTCROP_CRASH_DIRECTORY";
constexpr const char* durability_variable = "OUTCROP_CRASH_DURABILITY";
constexpr int tell_descriptor = 3;  // where the child tells its acknowledgements
constexpr uint64_t writers = 8, kept_per_writer = 20;

std::string key_of(std::string_view side, uint64_t writer, uint64_t number) { return KeyWriter(side).u64(writer).u64(number).str(); }

// Batch `number` of a writer: two keys with one value, and the erasure of an older batch's two.
WriteBatch batch_of(uint64_t writer, uint64_t number) {
  WriteBatch batch;
  const std::string value(200 + number % 500, char('a' + number % 26));
  batch.put(key_of("left", writer, number), value);
  batch.put(key_of("right", writer, number), value);
  if (number >= kept_per_writer) {
    batch.erase(key_of("left", writer, number - kept_per_writer));
    batch.erase(key_of("right", writer, number - kept_per_writer));
  }
  return batch;
}

// The first batch number that the directory does not hold for this writer.
uint64_t next_number(TestStore& test, Store& store, uint64_t writer) {
  const Range range = Range::prefix(KeyWriter("left").u64(writer).str());
  auto last = test.run(store.scan(range, {.entries_max = 1, .reverse = true})).value();
  if (last.empty()) return 0;
  KeyReader reader(last[0].key);
  reader.skip("left");
  reader.u64();
  return *reader.u64() + 1;
}

Task<void> write_forever(Store& store, uint64_t writer, uint64_t number) {
  for (;; ++number) {
    Result<void> written = co_await store.write(batch_of(writer, number));
    check(written.has_value(), "the crash writer's store failed");
    const uint64_t told[2] = {writer, number};
    check(::write(tell_descriptor, told, sizeof told) == sizeof told, "the parent has gone");
  }
}

std::unique_ptr<Store> open_at(TestStore& test, const std::string& directory, Durability durability) {
  StoreOptions options = test.options();
  options.directory = directory;
  options.durability = durability;
  auto store = open_store(options);
  check(store.has_value(), "the store does not open after a crash");
  return std::move(*store);
}

// The child; only the test below starts it.
TEST(Crash, DISABLED_Writer) {
  const char* directory = std::getenv(directory_variable);
  if (!directory) GTEST_SKIP() << "the child process of the crash test";
  TestStore test(all_backends()[0]);
  auto store =
      open_at(test, directory, std::string_view(std::getenv(durability_variable)) == "sync" ? Durability::sync : Durability::relaxed);
  std::array<uint64_t, writers> next;
  for (uint64_t writer = 0; writer < writers; ++writer) next[writer] = next_number(test, *store, writer);
  TaskGroup group;
  auto task = [&]() -> Task<void> {
    for (uint64_t writer = 0; writer < writers; ++writer) group.spawn(write_forever(*store, writer, next[writer]));
    co_await group.join();
  };
  test.run(task());
}

// The writer process and the acknowledgements it tells.
class Child {
 public:
  Child(const std::string& directory, Durability durability) {
    int ends[2];
    check(::pipe2(ends, O_CLOEXEC) == 0, "no pipe");
    told_ = Descriptor(ends[0]);
    Descriptor tell(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, tell.get(), tell_descriptor);
    std::vector<std::string> arguments = {"store_test", "--gtest_filter=Crash.DISABLED_Writer", "--gtest_also_run_disabled_tests"};
    std::vector<std::string> variables = {fmt::format("{}={}", directory_variable, directory),
                                          fmt::format("{}={}", durability_variable, durability == Durability::sync ? "sync" : "relaxed")};
    for (char** variable = environ; *variable; ++variable) variables.emplace_back(*variable);
    check(::posix_spawn(&process_, "/proc/self/exe", &actions, nullptr, pointers(arguments).data(), pointers(variables).data()) == 0,
          "the crash writer does not start");
    posix_spawn_file_actions_destroy(&actions);
  }

  // Lets it acknowledge `commits` commits, kills it, and adds all it acknowledged to `acknowledged`: writer → next number.
  void kill_after(uint64_t commits, std::array<uint64_t, writers>& acknowledged) {
    uint64_t told[2];
    bool is_killed = false;
    for (uint64_t seen = 0; read(told);) {
      acknowledged[told[0]] = told[1] + 1;
      if (++seen < commits || is_killed) continue;
      ::kill(process_, SIGKILL);
      is_killed = true;
    }
    int status = 0;
    check(::waitpid(process_, &status, 0) == process_, "the crash writer is lost");
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer ended by itself, status " << status;
  }

 private:
  static std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    for (std::string& string : strings) pointers.push_back(string.data());
    pointers.push_back(nullptr);
    return pointers;
  }

  bool read(uint64_t (&told)[2]) {
    pollfd readable{told_.get(), POLLIN, 0};
    if (::poll(&readable, 1, 60'000) != 1) {
      ADD_FAILURE() << "the writer acknowledged nothing for a minute";
      ::kill(process_, SIGKILL);
      return false;
    }
    return ::read(told_.get(), told, sizeof told) == sizeof told;  // writes this small are whole
  }

  Descriptor told_;
  pid_t process_ = 0;
};

// Writer's batches in the store are those from kept_per_writer back up to one that is at least the last acknowledged,
// each with both its keys, and nothing else.
void audit(TestStore& test, Store& store, uint64_t writer, uint64_t acknowledged) {
  auto left = test.run(store.scan(Range::prefix(KeyWriter("left").u64(writer).str()))).value();
  auto right = test.run(store.scan(Range::prefix(KeyWriter("right").u64(writer).str()))).value();
  const uint64_t next = next_number(test, store, writer);
  EXPECT_GE(next, acknowledged) << "writer " << writer << " lost acknowledged commits";
  EXPECT_LE(next, acknowledged + 1) << "writer " << writer << " has commits it never began";
  const uint64_t first = next < kept_per_writer ? 0 : next - kept_per_writer;
  ASSERT_EQ(left.size(), next - first) << "writer " << writer;
  ASSERT_EQ(right.size(), next - first) << "writer " << writer;
  for (uint64_t i = 0; i < left.size(); ++i) {
    EXPECT_EQ(left[i].key, key_of("left", writer, first + i));
    EXPECT_EQ(right[i].key, key_of("right", writer, first + i));
    EXPECT_EQ(left[i].value, right[i].value);
  }
}

class CrashAudit : public testing::TestWithParam<Durability> {};

TEST_P(CrashAudit, AKilledProcessLosesNothingAcknowledgedAndLeavesNoHalfBatch) {
  TestStore test(all_backends()[0]);
  TemporaryDirectory directory;
  SeededRandom random(test_seed());
  std::array<uint64_t, writers> acknowledged{};
  for (int round = 0; round < 5; ++round) {
    Child(directory.path() + "/db", GetParam()).kill_after(1 + random.below(600), acknowledged);
    auto store = open_at(test, directory.path() + "/db", GetParam());
    for (uint64_t writer = 0; writer < writers; ++writer) {
      audit(test, *store, writer, acknowledged[writer]);
      acknowledged[writer] = next_number(test, *store, writer);  // one more may have happened
    }
    ASSERT_FALSE(HasFailure()) << "seed " << test_seed() << ", round " << round;
  }
}

INSTANTIATE_TEST_SUITE_P(Store, CrashAudit, testing::Values(Durability::sync, Durability::relaxed),
                         [](const auto& info) { return info.param == Durability::sync ? "Sync" : "Relaxed"; });

}  // namespace
}  // namespace outcrop::store
