#include "services/dynamodb/query/start_key.h"

#include <gtest/gtest.h>

#include "gen/dynamodb/query.h"
#include "gen/dynamodb/scan.h"
#include "services/dynamodb/testing/dynamodb_harness.h"

namespace outcrop::dynamodb {

namespace {

struct StartKeyTest : DynamodbHarness {
  StartKeyTest() { make_indexed("events"); }

  std::string query_refusal(Item start, std::string condition = "pk = :p", std::optional<std::string> index = std::nullopt) {
    QueryInput input{.table_name = "events", .index_name = std::move(index)};
    input.key_condition_expression = std::move(condition);
    input.expression_attribute_values = Item{{":p", s("p")}};
    input.exclusive_start_key = std::move(start);
    return refusal_of(run(query, std::move(input)));
  }
  std::string scan_refusal(Item start, std::optional<std::string> index = std::nullopt) {
    ScanInput input{.table_name = "events", .index_name = std::move(index)};
    input.exclusive_start_key = std::move(start);
    return refusal_of(run(scan, std::move(input)));
  }
};

TEST_F(StartKeyTest, AQueryRefusesOneThatDoesNotFitTheKeys) {
  EXPECT_EQ(query_refusal({{"pk", s("p")}}), "ValidationException: The provided starting key is invalid");
  EXPECT_EQ(query_refusal({{"pk", s("p")}, {"sk", n("1")}}), "ValidationException: The provided key element does not match the schema");
  EXPECT_EQ(query_refusal({{"pk", s("p")}, {"sk", AttributeValue()}}),
            "ValidationException: The provided starting key is invalid: Supplied AttributeValue is empty, must contain exactly one of the "
            "supported datatypes");
  EXPECT_EQ(query_refusal({{"pk", s("p")}, {"sk", n("abc")}}),
            "ValidationException: The parameter cannot be converted to a numeric value: abc");
  EXPECT_EQ(
      query_refusal({{"pk", s("p")}, {"sk", s("")}}),
      "ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
      "string value. Key: sk");
}

TEST_F(StartKeyTest, AQueryRefusesOneThatItCannotHaveGiven) {
  EXPECT_EQ(query_refusal({{"pk", s("other")}, {"sk", s("a")}}),
            "ValidationException: The provided starting key is outside query boundaries based on provided conditions");
  EXPECT_EQ(query_refusal({{"pk", s("p")}, {"sk", s("a")}}, "pk = :p AND sk > :p"),
            "ValidationException: The provided starting key does not match the range key predicate");
  EXPECT_EQ(query_refusal({{"pk", s("other")}, {"sk", s("z")}}, "pk = :p AND sk > :p"),
            "ValidationException: The query can return at most one row and cannot be restarted");
  EXPECT_EQ(query_refusal({{"pk", s("p")}, {"sk", s("z")}}, "pk = :p AND sk > :p"), "no refusal");
}

TEST_F(StartKeyTest, AScanRefusesOneInItsOwnWords) {
  EXPECT_EQ(scan_refusal({{"pk", s("p")}}),
            "ValidationException: The provided starting key is invalid: The provided key element does not match the schema");
  EXPECT_EQ(scan_refusal({{"pk", s("p")}, {"sk", s("a")}}, "by-kind"), "ValidationException: The provided starting key is invalid");
  EXPECT_EQ(scan_refusal({{"pk", s("p")}, {"sk", n("1")}, {"kind", s("x")}, {"at", n("1")}}, "by-kind"),
            "ValidationException: The provided starting key is invalid: The provided key element does not match the schema");
  EXPECT_EQ(scan_refusal({{"pk", s("p")}, {"sk", s("a")}, {"kind", n("1")}, {"at", n("1")}}, "by-kind"),
            "ValidationException: The provided key element does not match the schema");
}

TEST_F(StartKeyTest, AScansSegmentRefusesAnothersKey) {
  int refused = 0;
  for (int segment = 0; segment < 4; ++segment) {
    ScanInput input{.table_name = "events"};
    input.segment = segment;
    input.total_segments = 4;
    input.exclusive_start_key = Item{{"pk", s("p")}, {"sk", s("a")}};
    const auto answer = run(scan, std::move(input));
    if (answer) continue;
    ++refused;
    EXPECT_EQ(refusal_of(answer),
              "ValidationException: The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
              "ExclusiveStartKey with correct Segment. TotalSegments: 4 Segment: " +
                  std::to_string(segment));
  }
  EXPECT_EQ(refused, 3);
}

}  // namespace

}  // namespace outcrop::dynamodb
