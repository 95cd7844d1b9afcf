// What functions may reserve of their account's concurrency, and what the account has then.
#include "services/lambda/concurrency/reserved_concurrency.h"

#include "services/lambda/account/account_use.h"
#include "services/lambda/account/quotas.h"
#include "services/lambda/testing/settings_harness.h"

namespace outcrop::lambda {
namespace {

struct Reserving : SettingsHarness {
  Reserving() {
    have_function("orders");
    have_function("audit");
  }
  std::string put(const std::string& function, uint32_t count) { return refusal_in_full(run(reserved.put(name_of(function), count))); }
  void provision(const std::string& function, const std::string& version, int32_t count) {
    put_record(keys.provisioned(function, version), ProvisionedRecord{.requested = count});
  }
  uint64_t taken() {
    return run(test.world.store.run([&](store::Transaction& transaction) { return read_account_use(transaction, name_of("").place); }))
        ->set_apart();
  }
  template <class Record>
  void put_record(const std::string& key, const Record& record) {
    SettingsHarness::put(key, wire::encode_record(record));
  }

  QuotaBook book;
  ReservedConcurrency reserved{test.world, book};
  const std::string too_little_left =
      "400 InvalidParameterValueException: Specified ReservedConcurrentExecutions for function decreases account's "
      "UnreservedConcurrentExecution below its minimum value of [100].";
};

TEST_F(Reserving, LeavesAHundredToThoseThatReserveNothing) {
  EXPECT_EQ(put("orders", 901), too_little_left);
  EXPECT_EQ(put("orders", 500), "no refusal");
  EXPECT_EQ(put("audit", 401), too_little_left);
  EXPECT_EQ(put("audit", 400), "no refusal");
  EXPECT_EQ(taken(), 900);
}

TEST_F(Reserving, ReplacesWhatWasReserved) {
  EXPECT_EQ(put("orders", 900), "no refusal");
  EXPECT_EQ(put("orders", 800), "no refusal");
  EXPECT_EQ(run(reserved.find(name_of("orders"))).value(), 800);
  ASSERT_TRUE(run(reserved.erase(name_of("orders"))));
  EXPECT_FALSE(run(reserved.find(name_of("orders"))).value());
  EXPECT_EQ(taken(), 0);
}

TEST_F(Reserving, IsBoundedByTheAccountsQuota) {
  book.raise("111122223333", "us-east-1", quota_service_code, "L-B99A9384", 3'000);
  EXPECT_EQ(put("orders", 2'900), "no refusal");
  EXPECT_EQ(put("audit", 1), too_little_left);
}

TEST_F(Reserving, CountsWhatOthersHaveProvisioned) {
  provision("audit", "1", 300);
  EXPECT_EQ(put("orders", 601), too_little_left);
  EXPECT_EQ(put("orders", 600), "no refusal");
}

TEST_F(Reserving, CoversWhatTheFunctionHasProvisioned) {
  provision("orders", "1", 300);
  provision("orders", "live", 20);
  EXPECT_EQ(put("orders", 319),
            "400 InvalidParameterValueException:  ReservedConcurrentExecutions  319 should not be lower than function's total provisioned "
            "concurrency [320].");
  EXPECT_EQ(put("orders", 900), "no refusal") << "what is provisioned is part of it";
  EXPECT_EQ(taken(), 900);
}

TEST_F(Reserving, IsForFunctionsThatAreThere) {
  const std::string arn = "arn:aws:lambda:us-east-1:111122223333:function:none";
  EXPECT_EQ(put("none", 1), "404 ResourceNotFoundException: Function not found: " + arn + ":$LATEST");
  EXPECT_EQ(refusal_in_full(run(reserved.find(name_of("none")))), "404 ResourceNotFoundException: Function not found: " + arn);
  EXPECT_EQ(refusal_in_full(check_unqualified(name_of("orders", "$LATEST"))),
            "400 InvalidParameterValueException: This operation is permitted on Lambda functions only. Aliases and versions do not support "
            "this operation. Please specify either a function name or an unqualified function ARN.");
}

}  // namespace
}  // namespace outcrop::lambda
