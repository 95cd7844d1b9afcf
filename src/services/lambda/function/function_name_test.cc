#include "services/lambda/function/function_name.h"

#include "services/lambda/testing/lambda_harness.h"

namespace outcrop::lambda {
namespace {

struct FunctionNames : LambdaHarness {
  std::string read(std::string_view text, const std::optional<std::string>& qualifier = {}) {
    const auto name = read_function_name(call, text, qualifier);
    if (!name) return refusal_of(name) + ": " + name.error().message;
    return name->name + (name->qualifier ? " " + *name->qualifier : "");
  }
};

TEST_F(FunctionNames, ComeInManyForms) {
  EXPECT_EQ(read("orders"), "orders");
  EXPECT_EQ(read("orders:live"), "orders live");
  EXPECT_EQ(read("orders:$LATEST"), "orders $LATEST");
  EXPECT_EQ(read("function:orders:7"), "orders 7");
  EXPECT_EQ(read("111122223333:function:orders"), "orders");
  EXPECT_EQ(read("us-east-1:111122223333:function:orders"), "orders");
  EXPECT_EQ(read("arn:aws:lambda:us-east-1:111122223333:function:orders"), "orders");
  EXPECT_EQ(read("arn:aws:lambda:us-east-1:111122223333:function:orders:live"), "orders live");
  EXPECT_EQ(read("111122223333:orders"), "orders");
}

TEST_F(FunctionNames, AreTheRestWhereTheyLookLikeSomethingElse) {
  EXPECT_EQ(read("arn:aws:lambda:us-east-1:111122223333:function"), "function");
  EXPECT_EQ(read("function"), "function");
  EXPECT_EQ(read("123456789012"), "123456789012");
  EXPECT_EQ(read("us-east-1"), "us-east-1");
}

TEST_F(FunctionNames, TakeTheirQualifierFromEitherPlace) {
  EXPECT_EQ(read("orders", "live"), "orders live");
  EXPECT_EQ(read("orders:live", "live"), "orders live");
  EXPECT_EQ(read("orders:1", "$LATEST"),
            "400 InvalidParameterValueException: The derived qualifier from the function name does not match the specified qualifier.");
}

TEST_F(FunctionNames, AreOfTheCallersRegionAndAccount) {
  EXPECT_EQ(read("arn:aws:lambda:eu-central-1:111122223333:function:orders"),
            "404 ResourceNotFoundException: Functions from 'eu-central-1' are not reachable in this region ('us-east-1')");
  EXPECT_THAT(read("444455556666:function:orders"), testing::StartsWith("403 AccessDeniedException"));
  EXPECT_EQ(read_any_function_name(call, "444455556666:function:orders")->place.account, "444455556666");
}

TEST_F(FunctionNames, AreRefusedWhereTheyNameNothing) {
  for (const char* text : {"", "*", "or ders", "arn:aws:ec2:us-east-1:111122223333:instance:i-1", "invalid-account:function:orders",
                           "arn:aws:lambda:invalid-region:111122223333:function:orders", "arn:aws:lambda:us-east-1::function:orders",
                           "arn:aws:lambda:us-east-1:111122223333:function:orders:1:2", "orders:$LATES", "orders:", "a:b:c"})
    EXPECT_THAT(read(text), testing::StartsWith("400 ValidationException: 1 validation error detected: Value '")) << text;
}

TEST_F(FunctionNames, HaveArns) {
  const FunctionName name = *read_function_name(call, "orders:live");
  EXPECT_EQ(name.arn(), "arn:aws:lambda:us-east-1:111122223333:function:orders");
  EXPECT_EQ(name.qualified_arn(), "arn:aws:lambda:us-east-1:111122223333:function:orders:live");
}

TEST_F(FunctionNames, OfAllRegionsAreRead) {
  for (const char* region : {"us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eusc-de-east-1", "ap-southeast-4"})
    EXPECT_THAT(read("arn:aws:lambda:" + std::string(region) + ":111122223333:function:orders"),
                testing::StartsWith("404 ResourceNotFoundException"))
        << region;
}

}  // namespace
}  // namespace outcrop::lambda
