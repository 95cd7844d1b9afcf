// What lies on disk stays readable: the bytes of an event, and where it is.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "core/testing/test_world.h"
#include "gen/records/lambda.h"
#include "services/lambda/async/keys.h"
#include "wire/record.h"

namespace outcrop::lambda {
namespace {

TEST(AsyncEvent, HasTheseBytes) {
  AsyncEventRecord event;
  event.request_id = "id";
  event.received_at = instant_from_ms(1'800'000'000'000);
  event.payload = "{}";
  event.invocations = 1;
  event.refusals = 2;
  EXPECT_EQ(hex(wire::encode_record(event)), "01060269640c80c0e285e36812027b7d14001c022004");
  EXPECT_EQ(wire::decode_record<AsyncEventRecord>(wire::encode_record(event)).value(), event);
}

TEST(AsyncEvent, LiesUnderThisKey) {
  TestWorld world;
  Shard shard(3, world.executor, world.world);
  const EventQueueName name = {{"000000000000", "us-east-1"}, "orders"};
  const EventKeys keys(shard, name);
  const Instant due = instant_from_ms(0x0102'0304);
  const std::string key = keys.event(due, 5, "id");
  EXPECT_EQ(key,
            std::string("s\0\3lambda/000000000000/e/us-east-1/orders/", 42) + std::string("\0\0\0\0\1\2\3\4\0\0\0\0\0\0\0\5", 16) + "id");
  EXPECT_EQ(keys.due_of(key), due);
  EXPECT_EQ(EventKeys::queue_of(shard, key), name);
  EXPECT_EQ(EventKeys::queue_of(shard, keys.piece("id", 0)), std::nullopt);
  EXPECT_GT(EventKeys::behind_kind(shard, keys.piece("id", 0)), keys.piece("zz", 9));
  EXPECT_LT(EventKeys::behind_kind(shard, keys.piece("id", 0)), shard.account_prefix("lambda", "000000000001"));
}

}  // namespace
}  // namespace outcrop::lambda
