// What is on disk of tables and of transactions that were carried out, in the form that it was first released in.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "gen/records/dynamodb.h"
#include "services/dynamodb/table/keys.h"
#include "wire/record.h"

namespace outcrop::dynamodb {
namespace {

Instant second(int64_t number) { return instant_from_ms(1'800'000'000'000 + number * 1000); }

TEST(TableRecords, ATableHasTheseBytes) {
  TableRecord record{.id = "8a5d1b2c-0000-4000-8000-0123456789ab",
                     .item_prefix = -2,
                     .created_at = second(0),
                     .hash_key = "pk",
                     .range_key = "sk",
                     .billing_mode = "PROVISIONED",
                     .read_units = 5,
                     .write_units = 6,
                     .next_index_number = 3};
  record.attributes = {{"pk", "S"}, {"sk", "N"}};
  record.indexes = {{.name = "by-kind",
                     .number = 2,
                     .is_global = true,
                     .hash_key = "kind",
                     .range_key = "sk",
                     .projection = "INCLUDE",
                     .non_key_attributes = {{"note"}},
                     .read_units = 7,
                     .write_units = 8,
                     .is_backfilling = true,
                     .item_count = 9,
                     .item_bytes = 10}};
  record.tags["team"] = "chat";
  record.time_to_live = "ttl";
  record.is_protected = true;
  record.table_class = "STANDARD";
  record.on_demand_since = second(1);
  record.increased_at = second(2);
  record.decreased_at = second(3);
  record.decreases = 4;
  record.counted_at = second(5);
  record.item_count = 11;
  record.item_bytes = 12;
  const std::string bytes = wire::encode_record(record);
  EXPECT_EQ(hex(bytes),
            "01062438613564316232632d303030302d343030302d383030302d30313233343536373839616208030c80c0e285e36812110207060270"
            "6b0a0153070602736b0a014e1602706b1a02736b1e0b50524f564953494f4e4544200a240c2a340132060762792d6b696e6408040c0212"
            "046b696e641602736b1a07494e434c5544451e0601046e6f7465200e241028022c1230142c06320b01047465616d046368617436037474"
            "6c38023e085354414e4441524440d0cfe285e36844a0dfe285e36848f0eee285e3684c0850908ee385e36854165818");
  EXPECT_EQ(wire::decode_record<TableRecord>(bytes).value(), record);
}

TEST(TableRecords, ATransactionsTokenHasTheseBytes) {
  const TokenRecord record{.request_hash = "hash", .at = second(0)};
  const std::string bytes = wire::encode_record(record);
  EXPECT_EQ(hex(bytes), "010604686173680880c0e285e368");
  EXPECT_EQ(wire::decode_record<TokenRecord>(bytes).value(), record);
}

TEST(TableRecords, TablesItemsAndTokensLieUnderTheseKeys) {
  const TableKeys keys({"111122223333", "us-east-1"});
  EXPECT_EQ(keys.table("events"), "global/dynamodb/111122223333/us-east-1/t/events");
  EXPECT_EQ(keys.token("once"), "global/dynamodb/111122223333/us-east-1/x/once");
  EXPECT_EQ(hex(keys.token_time(second(0), "once")),
            "676c6f62616c2f64796e616d6f64622f3131313132323232333333332f75732d656173742d312f792f800001a3185c50006f6e6365");
  EXPECT_EQ(hex(items_prefix(0x0102030405060708, 9)), "64796e616d6f64622d6974656d732f01020304050607080009");
}

}  // namespace
}  // namespace outcrop::dynamodb
