// The window of recent writes: what it keeps, what it forgets, and what it does then.
#include "store/validator.h"

#include "store/limits.h"
#include "store/testing/test_store.h"

namespace outcrop::store {
namespace {

using Running = Validator::Running;

struct ValidatorTest : testing::Test {
  Validator validator;

  static WriteBatch putting(std::string_view key) {
    WriteBatch batch;
    batch.put(key, "v");
    return batch;
  }
  // Commits blindly, as one group.
  void commit(const WriteBatch& writes) {
    Validator::Candidate candidate{.writes = &writes};
    Validator::Candidate* group[] = {&candidate};
    validator.validate(group);
    validator.applied();
  }
  bool passes(const Running& running, const ReadSet& reads) {
    const WriteBatch writes = putting("unrelated");
    Validator::Candidate candidate{.writes = &writes, .reads = &reads, .begun_at = running.begun_at()};
    Validator::Candidate* group[] = {&candidate};
    validator.validate(group);
    validator.applied();
    return !candidate.conflicts;
  }
};

TEST_F(ValidatorTest, NothingIsRememberedWhileNobodyReads) {
  commit(putting("a"));
  EXPECT_EQ(validator.remembered(), 0u);
}

TEST_F(ValidatorTest, WritesAreForgottenOnceNobodyCanHaveMissedThem) {
  std::optional<Running> first(validator);
  commit(putting("a"));
  std::optional<Running> second(validator);
  commit(putting("b"));
  EXPECT_EQ(validator.remembered(), 2u);
  first.reset();
  EXPECT_EQ(validator.remembered(), 1u);
  second.reset();
  EXPECT_EQ(validator.remembered(), 0u);
}

TEST_F(ValidatorTest, ATransactionThatBeginsWhileABlindGroupIsUnderWayConflictsWithIt) {
  const WriteBatch writes = putting("a");
  Validator::Candidate candidate{.writes = &writes};
  Validator::Candidate* group[] = {&candidate};
  validator.validate(group);  // nobody reads: not recorded
  const Running running(validator);
  validator.applied();
  EXPECT_FALSE(passes(running, {.keys = {"a"}}));
  EXPECT_TRUE(passes(running, {.keys = {"b"}}));
}

TEST_F(ValidatorTest, CandidatesOfOneGroupConflictWithThoseBeforeThem) {
  const Running running(validator);
  const WriteBatch a = putting("a"), b = putting("b");
  const ReadSet reads_b{.keys = {"b"}}, reads_a{.keys = {"a"}};
  Validator::Candidate first{.writes = &a, .reads = &reads_b, .begun_at = running.begun_at()};
  Validator::Candidate second{.writes = &b, .reads = &reads_a, .begun_at = running.begun_at()};
  Validator::Candidate* group[] = {&first, &second};
  validator.validate(group);
  validator.applied();
  EXPECT_FALSE(first.conflicts);
  EXPECT_TRUE(second.conflicts);
}

TEST_F(ValidatorTest, WhatALoserWouldHaveWrittenDoesNotCount) {
  const Running running(validator);
  commit(putting("a"));
  const WriteBatch writes = putting("b");
  const ReadSet reads{.keys = {"a"}};
  Validator::Candidate loser{.writes = &writes, .reads = &reads, .begun_at = running.begun_at()};
  Validator::Candidate* group[] = {&loser};
  validator.validate(group);
  validator.applied();
  ASSERT_TRUE(loser.conflicts);
  EXPECT_TRUE(passes(running, {.keys = {"b"}}));
}

TEST_F(ValidatorTest, ATransactionOlderThanTheWindowConflicts) {
  const Running old(validator);
  commit(putting("first"));
  const Running young(validator);
  for (size_t written = 0; written <= validator_keys_max; written += 1000) {
    WriteBatch batch;
    for (size_t i = 0; i < 1000; ++i) batch.put(fmt::format("{}", written + i), "");
    commit(batch);
  }
  EXPECT_LE(validator.remembered(), validator_keys_max);
  EXPECT_FALSE(passes(old, {.keys = {"never written"}}));
  EXPECT_FALSE(passes(young, {.keys = {"never written"}}));
  EXPECT_TRUE(passes(old, {}));
  const Running now(validator);
  EXPECT_TRUE(passes(now, {.keys = {"never written"}}));
}

TEST_F(ValidatorTest, AKeyWrittenAgainStaysRememberedByItsLastWrite) {
  std::optional<Running> first(validator);
  commit(putting("a"));
  const Running second(validator);
  commit(putting("a"));
  first.reset();
  EXPECT_FALSE(passes(second, {.keys = {"a"}}));
}

TEST_F(ValidatorTest, TransactionsMayEndInAnyOrder) {
  std::optional<Running> running[3] = {};
  for (auto& one : running) {
    one.emplace(validator);
    commit(putting("a"));
  }
  running[1].reset();
  EXPECT_EQ(validator.remembered(), 3u) << "the first may have missed all of them";
  running[0].reset();
  EXPECT_EQ(validator.remembered(), 1u) << "the third began after two";
  EXPECT_FALSE(passes(*running[2], {.keys = {"a"}}));
  running[2].reset();
  EXPECT_EQ(validator.remembered(), 0u);
}

TEST_F(ValidatorTest, ReadsAndWritesMeetAsKeysAndRanges) {
  const Running running(validator);
  WriteBatch writes = putting("key/5");
  writes.erase_range({"range/3", "range/6"});
  commit(writes);
  EXPECT_FALSE(passes(running, {.keys = {"a", "key/5", "z"}}));
  EXPECT_FALSE(passes(running, {.ranges = {{"key/4", "key/6"}}}));
  EXPECT_FALSE(passes(running, {.keys = {"range/3"}}));
  EXPECT_FALSE(passes(running, {.ranges = {{"range/5", "range/9"}}}));
  EXPECT_TRUE(passes(running, {.keys = {"key/4", "key/6", "range/6"}, .ranges = {{"key/6", "range/3"}, {"range/6", "z"}}}));
}

}  // namespace
}  // namespace outcrop::store
