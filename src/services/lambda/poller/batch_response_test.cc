#include "services/lambda/poller/batch_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace outcrop::lambda {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<QueueRecord> batch = {{"m1", "r1", ""}, {"m2", "r2", ""}, {"m3", "r3", ""}};

TEST(BatchResponse, AllSucceededWhenNothingIsNamed) {
  for (const char* answer : {"", "null", "{}", R"({"batchItemFailures":null})", R"({"batchItemFailures":[]})", R"({"other":1})"})
    EXPECT_THAT(succeeded(batch, answer), ElementsAre("r1", "r2", "r3")) << answer;
}

TEST(BatchResponse, WhatIsNotNamedSucceeded) {
  EXPECT_THAT(succeeded(batch, R"({"batchItemFailures":[{"itemIdentifier":"m2"},{"itemIdentifier":"m2"}]})"), ElementsAre("r1", "r3"));
}

TEST(BatchResponse, NoneSucceededWhenTheAnswerIsMalformed) {
  for (const char* answer :
       {"{", "[]", "\"done\"", R"({"batchItemFailures":{}})", R"({"batchItemFailures":"m1"})", R"({"batchItemFailures":["m1"]})",
        R"({"batchItemFailures":[{"itemIdentifier":""}]})", R"({"batchItemFailures":[{"itemIdentifier":null}]})",
        R"({"batchItemFailures":[{"messageId":"m1"}]})", R"({"batchItemFailures":[{"itemIdentifier":1}]})",
        R"({"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"m9"}]})"})
    EXPECT_THAT(succeeded(batch, answer), IsEmpty()) << answer;
}

}  // namespace
}  // namespace outcrop::lambda
