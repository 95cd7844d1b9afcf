// Versions of functions and their aliases: made, named, weighed, listed.
#include "services/lambda/testing/function_life.h"

namespace outcrop::lambda {
namespace {

using testing::ElementsAre;

using VersionLife = FunctionLife;

TEST_F(VersionLife, VersionsAreMadeOnlyOfChanges) {
  const FunctionConfiguration made = make();
  const auto first = publish({.description = "The first"}).value();
  EXPECT_EQ(first.version, "1");
  EXPECT_EQ(first.function_arn, "arn:aws:lambda:us-east-1:111122223333:function:orders:1");
  EXPECT_EQ(first.description, "The first");
  EXPECT_EQ(first.state, "Active");
  EXPECT_EQ(publish({.description = "Again"})->description, "The first");
  EXPECT_EQ(get("orders")->revision_id, made.revision_id);
  configure({.description = "changed"}).value();
  settled("orders");
  EXPECT_EQ(publish()->version, "2");
  EXPECT_THAT(versions(), ElementsAre("$LATEST", "1", "2"));
}

TEST_F(VersionLife, PublishingMayNameTheCodeItMeans) {
  const FunctionConfiguration made = make();
  const auto refused = publish({.code_sha256 = "another"});
  EXPECT_EQ(message_of(refused), "CodeSHA256 (another) is different from current CodeSHA256 in $LATEST (" + *made.code_sha256 +
                                     "). Please try again with the CodeSHA256 in $LATEST.");
  EXPECT_TRUE(publish({.code_sha256 = made.code_sha256}));
}

TEST_F(VersionLife, AFunctionMayBePublishedAsItIsMadeAndAsItsCodeChanges) {
  CreateFunctionInput input = a_function();
  input.publish = true;
  const auto first = create(input).value();
  EXPECT_EQ(first.version, "1");
  EXPECT_EQ(first.function_arn, "arn:aws:lambda:us-east-1:111122223333:function:orders");
  settled("orders");
  EXPECT_EQ(settled("orders", "1").state, "Active");
  const auto second = update_code(a_package("2"), {.publish = true}).value();
  EXPECT_EQ(second.version, "2");
  EXPECT_EQ(second.function_arn, "arn:aws:lambda:us-east-1:111122223333:function:orders:2");
  EXPECT_EQ(second.state, "Pending");
  EXPECT_EQ(settled("orders", "2").state, "Active");
}

TEST_F(VersionLife, NumbersOfVersionsNeverComeAgain) {
  make();
  publish().value();
  ASSERT_TRUE(erase("orders", "1"));
  EXPECT_EQ(publish()->version, "2");
}

TEST_F(VersionLife, DeletingAVersionThatIsNoneLeavesTheAliasOfThatNameWithItsUrl) {
  make();
  publish().value();
  alias("live", "1").value();
  const FunctionUrl url = run(lambda->urls().create(named("orders", "live"), {.auth_type = "NONE"})).value();
  erase("orders", "live").value();
  EXPECT_TRUE(run(lambda->urls().find(url.record.id)).value());
}

TEST_F(VersionLife, AVersionThatAnAliasNamesStays) {
  make();
  publish().value();
  alias("live", "1").value();
  EXPECT_EQ(refusal_of(erase("orders", "1")), "409 ResourceConflictException");
  ASSERT_TRUE(run(delete_alias(*lambda, call, {.function_name = "orders", .name = "live"})));
  EXPECT_TRUE(erase("orders", "1"));
}

TEST_F(VersionLife, AliasesNameVersionsAndMayWeighTwo) {
  make();
  publish().value();
  configure({.description = "2"}).value();
  settled("orders");
  publish().value();
  const auto live = alias("live", "1", wire::Map<double>{{"2", 0.25}}).value();
  EXPECT_EQ(live.alias_arn, "arn:aws:lambda:us-east-1:111122223333:function:orders:live");
  EXPECT_EQ(live.routing_config->additional_version_weights, (wire::Map<double>{{"2", 0.25}}));
  EXPECT_EQ(get("orders", "live")->function_arn, "arn:aws:lambda:us-east-1:111122223333:function:orders:live");
  EXPECT_EQ(get("orders", "live")->version, "1");
  std::map<std::string, int> chosen;
  for (int i = 0; i < 400; ++i) ++chosen[run(lambda->functions().resolve(named("orders", "live"))).value()];
  EXPECT_NEAR(chosen["2"], 100, 40);
  EXPECT_EQ(chosen["1"] + chosen["2"], 400);
  const auto plain = run(update_alias(*lambda, call,
                                      {.function_name = "orders",
                                       .name = "live",
                                       .routing_config = AliasRoutingConfiguration{.additional_version_weights = wire::Map<double>()}}));
  EXPECT_EQ(plain->routing_config, std::nullopt);
  EXPECT_NE(plain->revision_id, live.revision_id);
}

TEST_F(VersionLife, AliasesThatCannotBeAreRefused) {
  make();
  publish().value();
  EXPECT_EQ(message_of(alias("live", "7")), "Function not found: arn:aws:lambda:us-east-1:111122223333:function:orders:7");
  EXPECT_EQ(message_of(alias("live", "1", wire::Map<double>{{"1", 0.5}})),
            "Invalid function version 1. Function version 1 is already included in routing configuration.");
  EXPECT_EQ(message_of(alias("live", "$LATEST", wire::Map<double>{{"1", 0.5}})),
            "$LATEST is not supported for an alias pointing to more than 1 version");
  alias("live", "1").value();
  EXPECT_EQ(message_of(alias("live", "1")), "Alias already exists: arn:aws:lambda:us-east-1:111122223333:function:orders:live");
  EXPECT_EQ(message_of(run(update_alias(*lambda, call, {.function_name = "orders", .name = "none"}))),
            "Alias not found: arn:aws:lambda:us-east-1:111122223333:function:orders:none");
  EXPECT_EQ(refusal_of(run(update_alias(*lambda, call, {.function_name = "orders", .name = "live", .revision_id = "x"}))),
            "412 PreconditionFailedException");
}

TEST_F(VersionLife, ListsComeInPages) {
  for (const char* name : {"a", "b", "c", "a-b"}) make(a_function(name));
  std::vector<std::string> names;
  std::optional<std::string> marker;
  do {
    auto page = run(list_functions(*lambda, call, {.marker = marker, .max_items = 3})).value();
    EXPECT_LE(page.functions->size(), 3u);
    for (const FunctionConfiguration& function : *page.functions) names.push_back(*function.function_name);
    marker = page.next_marker;
  } while (marker);
  EXPECT_THAT(names, ElementsAre("a", "a-b", "b", "c"));
  EXPECT_EQ(refusal_of(run(list_functions(*lambda, call, {.marker = "nonsense!"}))), "400 InvalidParameterValueException");
}

TEST_F(VersionLife, AllVersionsCanBeListedInPages) {
  for (const char* name : {"a", "b", "orders"}) make(a_function(name));
  publish().value();
  std::vector<std::string> arns;
  std::optional<std::string> marker;
  do {
    auto page = run(list_functions(*lambda, call, {.function_version = "ALL", .marker = marker, .max_items = 1})).value();
    for (const FunctionConfiguration& function : *page.functions) arns.push_back(function.function_arn->substr(47));
    marker = page.next_marker;
  } while (marker);
  EXPECT_THAT(arns, ElementsAre("a:$LATEST", "b:$LATEST", "orders:$LATEST", "orders:1"));
}

TEST_F(VersionLife, AliasesAreListedByTheVersionsTheyName) {
  make();
  publish().value();
  alias("b", "1").value();
  alias("a", "$LATEST").value();
  const auto names = [&](std::optional<std::string> version) {
    std::vector<std::string> found;
    const auto listed = run(list_aliases(*lambda, call, {.function_name = "orders", .function_version = std::move(version)}));
    for (const AliasConfiguration& entry : *listed->aliases) found.push_back(*entry.name);
    return found;
  };
  EXPECT_THAT(names({}), ElementsAre("a", "b"));
  EXPECT_THAT(names("1"), ElementsAre("b"));
}

}  // namespace
}  // namespace outcrop::lambda
