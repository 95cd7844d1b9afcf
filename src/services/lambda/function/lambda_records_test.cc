// What is on disk of functions, in the form that it was first released in.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "gen/records/lambda.h"
#include "services/lambda/function/keys.h"
#include "wire/record.h"

namespace outcrop::lambda {
namespace {

TEST(LambdaRecords, AFunctionHasTheseBytes) {
  FunctionRecord record;
  record.created_at = instant_from_ms(1'800'000'000'000);
  record.last_version = 3;
  record.reserved_concurrency = 5;
  record.tags["team"] = "sales";
  record.code_bytes = 400;
  const std::string bytes = wire::encode_record(record);
  EXPECT_EQ(hex(bytes), "");
  EXPECT_EQ(wire::decode_record<FunctionRecord>(bytes).value(), record);
}

TEST(LambdaRecords, AVersionHasTheseBytes) {
  VersionRecord record;
  record.revision_id = "r-2";
  record.modified_at = instant_from_ms(1'800'000'000'000);
  record.description = "Takes orders";
  record.role = "arn:aws:iam::111122223333:role/orders";
  record.runtime = "nodejs22.x";
  record.handler = "index.handler";
  record.timeout_seconds = 3;
  record.memory_mb = 128;
  record.temporary_mb = 512;
  record.environment = wire::Map<std::string>{{"STAGE", "test"}};
  record.dead_letter_target = "arn:aws:sqs:us-east-1:111122223333:dead";
  record.tracing_mode = "PassThrough";
  record.architectures = {"x86_64"};
  record.code = {.blob = "b1", .sha256 = "ab", .bytes = 400};
  record.logging = {.format = "JSON", .group = "/aws/lambda/orders", .application_level = "INFO", .system_level = "WARN"};
  record.change_id = "r-1";
  record.state = "Active";
  record.last_update = "Successful";
  const std::string bytes = wire::encode_record(record);
  EXPECT_EQ(hex(bytes), "");
  EXPECT_EQ(wire::decode_record<VersionRecord>(bytes).value(), record);
}

TEST(LambdaRecords, AnAliasHasTheseBytes) {
  AliasRecord record{.version = "1", .description = "What runs", .weights = wire::Map<double>{{"2", 0.25}}, .revision_id = "r-1"};
  const std::string bytes = wire::encode_record(record);
  EXPECT_EQ(hex(bytes), "");
  EXPECT_EQ(wire::decode_record<AliasRecord>(bytes).value(), record);
}

TEST(LambdaRecords, FunctionsLieUnderTheseKeys) {
  const FunctionKeys keys({"111122223333", "us-east-1"});
  EXPECT_EQ(keys.function("orders"), "global/lambda/111122223333/us-east-1/f/orders");
  EXPECT_EQ(keys.version("orders", "$LATEST"), "global/lambda/111122223333/us-east-1/v/orders/$LATEST");
  EXPECT_EQ(keys.version("orders", "12"), "global/lambda/111122223333/us-east-1/v/orders/0000000012");
  EXPECT_EQ(FunctionKeys::version_in(keys.version("orders", "12")), "12");
  EXPECT_EQ(FunctionKeys::version_in(keys.version("orders", "$LATEST")), "$LATEST");
  EXPECT_EQ(keys.alias("orders", "live"), "global/lambda/111122223333/us-east-1/a/orders/live");
  EXPECT_EQ(keys.code_use("ab", "orders", "12"), "global/lambda-code/ab/111122223333/us-east-1/orders/12");
  EXPECT_EQ(keys.unsettled("orders", "12"), "global/lambda-unsettled/111122223333/us-east-1/orders/12");
}

}  // namespace
}  // namespace outcrop::lambda
