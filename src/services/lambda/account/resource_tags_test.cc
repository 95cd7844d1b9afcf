// The tags of functions and event source mappings.
#include "services/lambda/account/resource_tags.h"

#include <gmock/gmock.h>

#include "services/lambda/testing/settings_harness.h"

namespace outcrop::lambda {
namespace {

struct TagsOfResources : SettingsHarness {
  TagsOfResources() {
    have_function("orders");
    put(keys.mapping("00000000-0000-4000-8000-000000000001"), wire::encode_record(MappingRecord()));
  }
  std::string add(const std::string& arn, const wire::Map<std::string>& added) {
    return refusal_in_full(run(tags.change(call, arn, [&](wire::Map<std::string>& existing) { return add_tags(existing, added); })));
  }
  wire::Map<std::string> of(const std::string& arn) { return run(tags.list(call, arn)).value(); }

  ResourceTags tags{test.world};
  Call call = call_of("111122223333");
  const std::string lambda_arn = "arn:aws:lambda:us-east-1:111122223333:", orders = lambda_arn + "function:orders";
  const std::string mapping = lambda_arn + "event-source-mapping:00000000-0000-4000-8000-000000000001";
};

TEST_F(TagsOfResources, AreAddedReplacedAndTakenOff) {
  for (const std::string& arn : {orders, mapping}) {
    EXPECT_EQ(add(arn, {{"team", "sales"}, {"stage", "test"}}), "no refusal");
    EXPECT_EQ(add(arn, {{"stage", "live"}}), "no refusal");
    EXPECT_EQ(of(arn), (wire::Map<std::string>{{"team", "sales"}, {"stage", "live"}}));
    ASSERT_TRUE(run(tags.change(call, arn, [](wire::Map<std::string>& existing) -> Result<void> {
      remove_tags(existing, {"team", "none"});
      return {};
    })));
    EXPECT_EQ(of(arn), (wire::Map<std::string>{{"stage", "live"}}));
  }
}

TEST_F(TagsOfResources, GiveAFunctionAnotherRevision) {
  ASSERT_EQ(add(orders, {{"team", "sales"}}), "no refusal");
  EXPECT_NE(revision_of_latest("orders"), "revision-of-$LATEST");
}

TEST_F(TagsOfResources, AreAtMostFiftyAndNoneOfAwss) {
  wire::Map<std::string> many;
  for (int i = 0; i < 50; ++i) many["key-" + std::to_string(i)] = "";
  EXPECT_EQ(add(orders, many), "no refusal");
  EXPECT_EQ(add(orders, {{"one-more", ""}}), "400 InvalidParameterValueException: Number of tags exceeds resource tag limit.");
  EXPECT_EQ(add(mapping, {{"AWS:mine", ""}}), "400 InvalidParameterValueException: The tag key AWS:mine is reserved: it begins with aws:.");
}

TEST_F(TagsOfResources, AreOfWhatIsThere) {
  const auto refusal = [&](const std::string& arn) { return refusal_in_full(run(tags.list(call, arn))); };
  EXPECT_EQ(refusal(lambda_arn + "function:none"), "404 ResourceNotFoundException: Function not found: " + lambda_arn + "function:none");
  const std::string id = "00000000-0000-4000-8000-000000000002";
  EXPECT_EQ(refusal(lambda_arn + "event-source-mapping:" + id),
            "404 ResourceNotFoundException: Event source mapping not found: " + lambda_arn + "event-source-mapping:" + id);
  EXPECT_EQ(refusal(lambda_arn + "capacity-provider:" + id),
            "404 ResourceNotFoundException: Capacity provider not found: " + lambda_arn + "capacity-provider:" + id);
  EXPECT_EQ(refusal(orders + ":live"),
            "400 InvalidParameterValueException: Tags on function aliases and versions are not supported. Please specify a function ARN.");
}

}  // namespace
}  // namespace outcrop::lambda
