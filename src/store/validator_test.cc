// The window of recent writes: what it keeps, what it forgets, and what it does then.
#include "store/validator.h"

#include "store/limits.h"
#include "store/testing/test_store.h"

namespace outcrop::store {
namespace {

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
  bool passes(Sequence begun_at, const ReadSet& reads) {
    const WriteBatch writes = putting("unrelated");
    Validator::Candidate candidate{.writes = &writes, .reads = &reads, .begun_at = begun_at};
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
  const Sequence first = validator.begin();
  commit(putting("a"));
  const Sequence second = validator.begin();
  commit(putting("b"));
  EXPECT_EQ(validator.remembered(), 2u);
  validator.end(first);
  EXPECT_EQ(validator.remembered(), 1u);
  validator.end(second);
  EXPECT_EQ(validator.remembered(), 0u);
}

TEST_F(ValidatorTest, ATransactionThatBeginsWhileABlindGroupIsUnderWayConflictsWithIt) {
  const WriteBatch writes = putting("a");
  Validator::Candidate candidate{.writes = &writes};
  Validator::Candidate* group[] = {&candidate};
  validator.validate(group);  // nobody reads: not recorded
  const Sequence begun_at = validator.begin();
  validator.applied();
  EXPECT_FALSE(passes(begun_at, {.keys = {"a"}}));
  EXPECT_TRUE(passes(begun_at, {.keys = {"b"}}));
  validator.end(begun_at);
}

TEST_F(ValidatorTest, CandidatesOfOneGroupConflictWithThoseBeforeThem) {
  const Sequence begun_at = validator.begin();
  const WriteBatch a = putting("a"), b = putting("b");
  const ReadSet reads_b{.keys = {"b"}}, reads_a{.keys = {"a"}};
  Validator::Candidate first{.writes = &a, .reads = &reads_b, .begun_at = begun_at};
  Validator::Candidate second{.writes = &b, .reads = &reads_a, .begun_at = begun_at};
  Validator::Candidate* group[] = {&first, &second};
  validator.validate(group);
  validator.applied();
  EXPECT_FALSE(first.conflicts);
  EXPECT_TRUE(second.conflicts);
  validator.end(begun_at);
}

TEST_F(ValidatorTest, WhatALoserWouldHaveWrittenDoesNotCount) {
  const Sequence begun_at = validator.begin();
  commit(putting("a"));
  const WriteBatch writes = putting("b");
  const ReadSet reads{.keys = {"a"}};
  Validator::Candidate loser{.writes = &writes, .reads = &reads, .begun_at = begun_at};
  Validator::Candidate* group[] = {&loser};
  validator.validate(group);
  validator.applied();
  ASSERT_TRUE(loser.conflicts);
  EXPECT_TRUE(passes(begun_at, {.keys = {"b"}}));
  validator.end(begun_at);
}

TEST_F(ValidatorTest, ATransactionOlderThanTheWindowConflicts) {
  const Sequence old = validator.begin();
  commit(putting("first"));
  const Sequence young = validator.begin();
  for (size_t written = 0; written <= validator_keys_max; written += 1000) {
    WriteBatch batch;
    for (size_t i = 0; i < 1000; ++i) batch.put(fmt::format("{}", written + i), "");
    commit(batch);
  }
  EXPECT_LE(validator.remembered(), validator_keys_max);
  EXPECT_FALSE(passes(old, {.keys = {"never written"}}));
  EXPECT_FALSE(passes(young, {.keys = {"never written"}}));
  EXPECT_TRUE(passes(old, {}));
  const Sequence now = validator.begin();
  EXPECT_TRUE(passes(now, {.keys = {"never written"}}));
  for (Sequence sequence : {old, young, now}) validator.end(sequence);
}

TEST_F(ValidatorTest, AKeyWrittenAgainStaysRememberedByItsLastWrite) {
  const Sequence first = validator.begin();
  commit(putting("a"));
  const Sequence second = validator.begin();
  commit(putting("a"));
  validator.end(first);
  EXPECT_FALSE(passes(second, {.keys = {"a"}}));
  validator.end(second);
}

}  // namespace
}  // namespace outcrop::store
