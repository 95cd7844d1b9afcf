// The fixture of the contract tests: a store on one backend, and short ways to ask it.
#pragma once
#include "store/testing/test_store.h"

namespace outcrop::store {

using Entries = std::vector<Entry>;

class Contract : public testing::TestWithParam<Backend> {
 protected:
  Contract() : test(GetParam()), store(*test.store) {}

  void put(std::string_view key, std::string_view value) {
    WriteBatch batch;
    batch.put(key, value);
    ASSERT_TRUE(test.run(store.write(std::move(batch))).has_value());
  }
  std::optional<std::string> get(std::string_view key) { return test.run(test.store->get(key)).value(); }
  Entries scan(const Range& range, ScanOptions options = {}) { return test.run(test.store->scan(range, options)).value(); }

  // Runs `body` as a transaction, and `meanwhile` after its first attempt's reads and writes, before it commits.
  // Gives how often the body ran.
  template <class Body>
  int attempts_with(Body body, std::function<WriteBatch()> meanwhile) {
    int attempts = 0;
    auto task = [&]() -> Task<Result<void>> {
      co_await store.run([&](Transaction& tx) -> Task<Result<void>> {
        co_await body(tx);
        if (++attempts == 1) co_await store.write(meanwhile());
        co_return {};
      });
      co_return {};
    };
    EXPECT_TRUE(test.run(task()).has_value());
    return attempts;
  }

  TestStore test;
  Store& store;
};

inline WriteBatch putting(std::string_view key, std::string_view value) {
  WriteBatch batch;
  batch.put(key, value);
  return batch;
}

}  // namespace outcrop::store
