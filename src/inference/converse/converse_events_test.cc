// Answers of Converse as events, and events in Converse's words.
#include "inference/converse/converse_events.h"

#include <gtest/gtest.h>

#include "inference/collect.h"

namespace outcrop::inference {
namespace {

struct ReadEvents {
  std::vector<AnswerEvent> events;
  Result<void> result;
};

ReadEvents read_stream(const std::vector<std::pair<std::string, std::string>>& stream) {
  ReadEvents read;
  ConverseEvents reader;
  for (const auto& [name, text] : stream) {
    read.result = reader.take(name, *json::parse(text), read.events);
    if (!read.result) break;
  }
  return read;
}

CollectedAnswer collected_of(std::vector<AnswerEvent> events) {
  Collector collector;
  for (AnswerEvent& event : events) collector.take(std::move(event));
  return collector.finish();
}

// Everything an answer may hold.
const std::string full_answer =
    R"({"output":{"message":{"role":"assistant","content":[)"
    R"({"reasoningContent":{"reasoningText":{"text":"hm","signature":"s1"}}},)"
    R"({"reasoningContent":{"redactedContent":"AQI="}},)"
    R"({"citationsContent":{"content":[{"text":"cited"}],"citations":[{"title":"t","source":"src","sourceContent":[{"text":"q"}],)"
    R"("location":{"documentPage":{"documentIndex":1,"start":2,"end":3}}}]}},)"
    R"({"toolUse":{"toolUseId":"u1","name":"get_weather","input":{"city":"Lisbon"}}}]}},)"
    R"("stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3,"cacheWriteInputTokens":4},)"
    R"("additionalModelResponseFields":{"k":[1]},"performanceConfig":{"latency":"optimized"}})";

TEST(ConverseEvents, AWholeAnswerIsTheEventsItCouldHaveComeIn) {
  ConverseEvents reader;
  std::vector<AnswerEvent> events;
  ASSERT_TRUE(reader.take_whole(*json::parse(full_answer), events));
  EXPECT_TRUE(reader.is_whole());
  EXPECT_EQ(reader.latency(), Latency::optimized);
  EXPECT_EQ(reader.tier(), std::nullopt);
  const CollectedAnswer answer = collected_of(std::move(events));
  ASSERT_EQ(answer.content.size(), 4u);
  EXPECT_EQ(std::get<ReasoningBlock>(answer.content[0]).text, "hm");
  EXPECT_EQ(std::get<ReasoningBlock>(answer.content[0]).signature, "s1");
  EXPECT_EQ(std::get<ReasoningBlock>(answer.content[1]).redacted, "\x01\x02");
  const auto& cited = std::get<CitationsBlock>(answer.content[2]);
  EXPECT_EQ(cited.texts, std::vector<std::string>{"cited"});
  EXPECT_EQ(cited.citations.at(0).location->kind, Citation::Location::Kind::document_pages);
  EXPECT_EQ(cited.citations.at(0).location->end, 3);
  EXPECT_EQ(*std::get<ToolUseBlock>(answer.content[3]).input.find("city"), json::Value("Lisbon"));
  EXPECT_EQ(answer.end.reason, StopReason::tool_use);
  EXPECT_EQ(json::write(answer.end.additional_fields), R"({"k":[1]})");
  EXPECT_EQ(answer.usage.cache_write, 4);
}

TEST(ConverseEvents, WhatIsWrittenIsReadAgain) {
  ConverseEvents whole;
  std::vector<AnswerEvent> events, again;
  ASSERT_TRUE(whole.take_whole(*json::parse(full_answer), events));
  ConverseEvents reader;
  std::string first, second;
  for (const AnswerEvent& event : events) {
    const json::Value written = converse_event(event, Latency::optimized, ServiceTier::flex);
    const json::Member& told = *written.as_object().begin();
    first += json::write(written);
    ASSERT_TRUE(reader.take(told.name(), told.value, again));
  }
  for (const AnswerEvent& event : again) second += json::write(converse_event(event, *reader.latency(), *reader.tier()));
  EXPECT_EQ(first, second);
}

TEST(ConverseEvents, BlocksAreClosedAndUnknownEventsPassedOver) {
  const ReadEvents read = read_stream({{"messageStart", R"({"role":"assistant"})"},
                                       {"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"a"}})"},
                                       {"newerEvent", R"({})"},
                                       {"contentBlockDelta", R"({"contentBlockIndex":2,"delta":{"text":"b"}})"},
                                       {"messageStop", R"({"stopReason":"end_turn"})"},
                                       {"metadata", R"({"usage":{"inputTokens":1,"outputTokens":2}})"}});
  ASSERT_TRUE(read.result) << read.result.error().message;
  ASSERT_EQ(read.events.size(), 6u);
  EXPECT_EQ(std::get<BlockStop>(read.events[1]).index, 0);
  EXPECT_EQ(std::get<BlockStop>(read.events[3]).index, 2);
}

TEST(ConverseEvents, WhatBreaksTheOrderIsAFault) {
  const std::pair<std::string, std::string> text = {"contentBlockDelta", R"({"contentBlockIndex":1,"delta":{"text":"a"}})"};
  const std::pair<std::string, std::string> end = {"messageStop", R"({"stopReason":"end_turn"})"};
  const std::pair<std::string, std::string> usage = {"metadata", R"({"usage":{}})"};
  for (const auto& stream : std::vector<std::vector<std::pair<std::string, std::string>>>{
           {text, {"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"a"}})"}},
           {text, {"contentBlockDelta", R"({"contentBlockIndex":1,"delta":{"toolUse":{"input":"{}"}}})"}},
           {{"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"toolUse":{"input":"{}"}}})"}},
           {{"contentBlockDelta", R"({"contentBlockIndex":-1,"delta":{"text":"a"}})"}},
           {{"contentBlockDelta", R"({"contentBlockIndex":0})"}},
           {{"contentBlockStart", R"({"contentBlockIndex":0,"start":{"image":{"format":"png"}}})"}},
           {{"messageStop", R"({"stopReason":"bored"})"}},
           {usage},
           {end, text},
           {end, end},
           {end, usage, usage},
       }) {
    const ReadEvents read = read_stream(stream);
    ASSERT_FALSE(read.result) << stream.back().second;
    EXPECT_EQ(read.result.error().code, "ModelErrorException");
  }
}

}  // namespace
}  // namespace outcrop::inference
