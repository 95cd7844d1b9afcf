// DynamoDB over a store in memory, called as the directory calls it.
#pragma once
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/testing/test_world.h"
#include "gen/dynamodb/batch_get_item.h"
#include "gen/dynamodb/create_table.h"
#include "gen/dynamodb/get_item.h"
#include "gen/dynamodb/put_item.h"
#include "gen/dynamodb/update_item.h"
#include "services/dynamodb/dynamodb.h"
#include "store/open_store.h"
#include "wire/json_codec.h"

namespace outcrop::dynamodb {

class KeptMetrics final : public ServiceMetrics {
 public:
  void record(std::string_view, std::string_view, std::string_view, std::string_view metric, std::span<const Dimension>, double value,
              std::string_view) override {
    values[std::string(metric)] += value;
  }
  std::map<std::string, double> values;
};

using Item = wire::Map<AttributeValue>;

// An answer's items, read as a request's are.
inline std::vector<Item> items_of(const wire::JsonText& list) {
  BatchGetItemInput read;
  wire::Missing missing;
  const std::string request = fmt::format(R"({{"RequestItems":{{"t":{{"Keys":{}}}}}}})", list.text);
  EXPECT_TRUE(wire::read_json(BatchGetItemInput::shape, request, wire::JsonNames::model, &read, missing));
  return read.request_items["t"].keys;
}
inline Item item_of(const wire::JsonText& item) { return items_of({"[" + item.text + "]"}).at(0); }

inline AttributeValue s(std::string text) { return {.s = std::move(text)}; }
inline AttributeValue n(std::string number) { return {.n = std::move(number)}; }

struct DynamodbHarness : ::testing::Test {
  DynamodbHarness() { EXPECT_TRUE(test.run(dynamodb.start())); }
  ~DynamodbHarness() override { test.run(dynamodb.stop()); }

  template <class Output, class Input>
  Result<Output> run(Task<Result<Output>> (*operation)(Dynamodb&, Call&, Input), Input input) {
    Call call{.world = world, .identity = {.account = "111122223333"}, .region = "eu-central-1", .service = "dynamodb"};
    return test.run(operation(dynamodb, call, std::move(input)));
  }

  // A table of the keys "pk" and "sk", strings, on demand; `change` may add to it.
  CreateTableInput definition(std::string name) {
    CreateTableInput input{.table_name = std::move(name)};
    input.attribute_definitions = {{"pk", "S"}, {"sk", "S"}};
    input.key_schema = {{"pk", "HASH"}, {"sk", "RANGE"}};
    input.billing_mode = "PAY_PER_REQUEST";
    return input;
  }
  void make(std::string name) { ASSERT_TRUE(run(create_table, definition(std::move(name)))); }
  // With a global index "by-kind" of "kind" and "at" (a number), and a local one "by-at" of "pk" and "at".
  void make_indexed(std::string name, std::string projection = "ALL") {
    CreateTableInput input = definition(std::move(name));
    input.attribute_definitions->push_back({"kind", "S"});
    input.attribute_definitions->push_back({"at", "N"});
    GlobalSecondaryIndex global{.index_name = "by-kind", .key_schema = {{"kind", "HASH"}, {"at", "RANGE"}}};
    global.projection.projection_type = projection;
    LocalSecondaryIndex local{.index_name = "by-at", .key_schema = {{"pk", "HASH"}, {"at", "RANGE"}}};
    local.projection.projection_type = projection;
    input.global_secondary_indexes = {global};
    input.local_secondary_indexes = {local};
    ASSERT_TRUE(run(create_table, std::move(input)));
  }

  Result<PutItemOutput> put(std::string table, Item item) {
    return run(put_item, PutItemInput{.table_name = std::move(table), .item = std::move(item)});
  }
  std::optional<Item> get(std::string table, std::string pk, std::string sk) {
    const Result<GetItemOutput> got = run(get_item, GetItemInput{.table_name = std::move(table), .key = {{"pk", s(pk)}, {"sk", s(sk)}}});
    return got->item ? std::optional(item_of(*got->item)) : std::nullopt;
  }

  TestWorld test;
  std::unique_ptr<store::Store> store =
      *store::open_store({.clock = test.clock, .random = test.random, .pool = test.pool, .activity = &test.activity});
  World world{test.clock, test.random, *store, test.blobs, test.pool, test.activity, test.clock, {&test.executor}, test.processes};
  KeptMetrics metrics;
  Dynamodb dynamodb{world, metrics};
};

// "ValidationException: …".
template <class T>
std::string refusal_of(const Result<T>& result) {
  return result ? "no refusal" : result.error().code + ": " + result.error().message;
}

}  // namespace outcrop::dynamodb
