// What servers of the chat-completion dialect send, as events.
#include "inference/openai/chat_answer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace outcrop::inference {

namespace {

std::string told(const AnswerEvent& event) {
  if (auto* start = std::get_if<BlockStart>(&event))
    return fmt::format("{} use {} {}", start->index, start->tool_use.id, start->tool_use.name);
  if (auto* stop = std::get_if<BlockStop>(&event)) return fmt::format("{} stop", stop->index);
  if (auto* end = std::get_if<AnswerEnd>(&event)) return fmt::format("end {} {}", int(end->reason), end->stop_sequence);
  auto* delta = std::get_if<BlockDelta>(&event);
  if (!delta) return "usage";
  if (auto* text = std::get_if<TextDelta>(&delta->delta)) return fmt::format("{} text {}", delta->index, text->text);
  if (auto* input = std::get_if<ToolInputDelta>(&delta->delta)) return fmt::format("{} input {}", delta->index, input->json);
  return fmt::format("{} thought {}", delta->index, std::get<ReasoningDelta>(delta->delta).text);
}

using Told = std::vector<std::string>;

struct Heard {
  Told events;
  std::optional<Usage> usage;
  bool ended = false;
  Result<void> taken;
};

Heard hear(std::initializer_list<std::string_view> chunks) {
  Heard heard;
  int made = 0;
  ChatAnswer answer([&made] { return fmt::format("made{}", ++made); });
  std::vector<AnswerEvent> events;
  for (std::string_view chunk : chunks) {
    Result<ChatMessage> message = read_chat_message(chunk);
    EXPECT_TRUE(message) << chunk;
    if (!message) return heard;
    heard.taken = answer.take(std::move(*message), events);
    if (!heard.taken) return heard;
  }
  heard.ended = answer.has_ended();
  answer.finish(events);
  heard.usage = answer.usage();
  for (const AnswerEvent& event : events) heard.events.push_back(told(event));
  return heard;
}

std::string end(StopReason reason, std::string_view stop = "") { return fmt::format("end {} {}", int(reason), stop); }

// A chunk of a stream around its delta.
std::string delta(std::string_view members, std::string_view finish = "null") {
  return fmt::format(
      R"({{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{{"index":0,"delta":{{{}}},"logprobs":null,"finish_reason":{}}}]}})",
      members, finish);
}

Heard hear_deltas(std::initializer_list<std::string_view> deltas, std::string_view finish) {
  std::vector<std::string> chunks;
  for (std::string_view members : deltas) chunks.push_back(delta(members));
  chunks.push_back(delta("", finish));
  Heard heard;
  int made = 0;
  ChatAnswer answer([&made] { return fmt::format("made{}", ++made); });
  std::vector<AnswerEvent> events;
  for (const std::string& chunk : chunks) {
    heard.taken = answer.take(*read_chat_message(chunk), events);
    if (!heard.taken) return heard;
  }
  answer.finish(events);
  for (const AnswerEvent& event : events) heard.events.push_back(told(event));
  return heard;
}

}  // namespace

TEST(ChatAnswer, OpenAisTextComesInPiecesAndItsUsageLast) {
  const Heard heard = hear(
      {R"({"id":"chatcmpl-9","object":"chat.completion.chunk","created":1754000000,"model":"gpt-4o-2024-08-06","service_tier":"default","system_fingerprint":"fp_1",
      "choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null})",
       R"({"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}],"usage":null})",
       R"({"choices":[{"index":0,"delta":{"content":" there"},"finish_reason":null}],"usage":null})",
       R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null})",
       R"({"choices":[],"usage":{"prompt_tokens":1034,"completion_tokens":3,"total_tokens":1037,
      "prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}})"});
  EXPECT_EQ(heard.events, (Told{"0 text Hello", "0 text  there", "0 stop", end(StopReason::end_turn)}));
  EXPECT_TRUE(heard.ended);
  ASSERT_TRUE(heard.usage);
  EXPECT_EQ(heard.usage->input, 10);
  EXPECT_EQ(heard.usage->cache_read, 1024);
  EXPECT_EQ(heard.usage->output, 3);
}

TEST(ChatAnswer, OpenAisParallelCallsAreBlocksOfTheirOwn) {
  EXPECT_EQ(hear_deltas({R"("role":"assistant","content":null)",
                         R"("tool_calls":[{"index":0,"id":"call_A","type":"function","function":{"name":"f","arguments":""}}])",
                         R"("tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}])",
                         R"("tool_calls":[{"index":0,"function":{"arguments":"1}"}}])",
                         R"("tool_calls":[{"index":1,"id":"call_B","type":"function","function":{"name":"g","arguments":""}}])",
                         R"("tool_calls":[{"index":1,"function":{"arguments":"{}"}}])"},
                        R"("tool_calls")")
                .events,
            (Told{"0 use call_A f", R"(0 input {"a":)", "0 input 1}", "0 stop", "1 use call_B g", "1 input {}", "1 stop",
                  end(StopReason::tool_use)}));
}

TEST(ChatAnswer, VllmsThoughtsAreSentUnderBothNamesAndReadOnce) {
  EXPECT_EQ(hear_deltas({R"("role":"assistant","content":"")", R"("reasoning":"Hm","reasoning_content":"Hm")", R"("reasoning_content":"m")",
                         R"("content":"Hello","reasoning_content":null)"},
                        R"("stop")")
                .events,
            (Told{"0 thought Hm", "0 thought m", "0 stop", "1 text Hello", "1 stop", end(StopReason::end_turn)}));
}

TEST(ChatAnswer, VllmSaysWhichStopItMet) {
  EXPECT_EQ(hear({R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop","stop_reason":"END"}]})"}).events.back(),
            end(StopReason::stop_sequence, "END"));
  EXPECT_EQ(hear({R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop","stop_reason":128009}]})"}).events.back(),
            end(StopReason::end_turn));
  EXPECT_EQ(hear({R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop","matched_stop":"END"}]})"}).events.back(),
            end(StopReason::stop_sequence, "END"));
}

TEST(ChatAnswer, AForcedToolEndsInToolUseThoughTheServerSaysStop) {
  EXPECT_EQ(hear_deltas({R"("tool_calls":[{"id":"chatcmpl-tool-1","type":"function","index":0,"function":{"name":"f","arguments":"{}"}}])"},
                        R"("stop")")
                .events.back(),
            end(StopReason::tool_use));
}

TEST(ChatAnswer, OllamasCallsAreWholeAndMayAllHaveIndexZero) {
  EXPECT_EQ(
      hear_deltas(
          {R"("role":"assistant","content":"","tool_calls":[{"id":"call_1","index":0,"type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}])",
           R"("role":"assistant","content":"","tool_calls":[{"id":"call_2","index":0,"type":"function","function":{"name":"f","arguments":"{\"a\":2}"}}])"},
          R"("tool_calls")")
          .events,
      (Told{"0 use call_1 f", R"(0 input {"a":1})", "0 stop", "1 use call_2 f", R"(1 input {"a":2})", "1 stop",
            end(StopReason::tool_use)}));
}

TEST(ChatAnswer, CallsWithoutIdsAreNamedHere) {
  EXPECT_EQ(hear_deltas({R"("tool_calls":[{"function":{"name":"f","arguments":{"a":1}}},{"function":{"name":"g","arguments":"{}"}}])"},
                        R"("tool_calls")")
                .events,
            (Told{"0 use made1 f", R"(0 input {"a":1})", "0 stop", "1 use made2 g", "1 input {}", "1 stop", end(StopReason::tool_use)}));
}

TEST(ChatAnswer, PiecesWithoutAnIndexContinueTheOpenCall) {
  EXPECT_EQ(hear_deltas({R"("tool_calls":[{"index":null,"id":"c1","function":{"name":"f","arguments":"{"}}])",
                         R"("tool_calls":[{"id":"c1","function":{"name":"f","arguments":"\"a\":"}}])",
                         R"("tool_calls":[{"function":{"arguments":"1}"}}])"},
                        R"("tool_calls")")
                .events,
            (Told{"0 use c1 f", "0 input {", R"(0 input "a":)", "0 input 1}", "0 stop", end(StopReason::tool_use)}));
}

TEST(ChatAnswer, CallsWhosePiecesTakeTurnsAreRefused) {
  const Heard heard = hear_deltas(
      {R"("tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}},{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}])",
       R"("tool_calls":[{"index":0,"function":{"arguments":"}"}}])"},
      "null");
  ASSERT_FALSE(heard.taken);
  EXPECT_EQ(heard.taken.error().code, "ModelStreamErrorException");
}

TEST(ChatAnswer, LlamaServersUsageComesWithTimings) {
  const Heard heard = hear(
      {R"({"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],"created":1,"id":"c","model":"m","system_fingerprint":"b1","object":"chat.completion.chunk"})",
       R"({"choices":[{"finish_reason":null,"index":0,"delta":{"content":"Hi"}}]})",
       R"({"choices":[{"finish_reason":"length","index":0,"delta":{}}]})",
       R"({"choices":[],"usage":{"completion_tokens":1,"prompt_tokens":7,"total_tokens":8},"timings":{"prompt_n":7,"predicted_ms":1.5}})"});
  EXPECT_EQ(heard.events, (Told{"0 text Hi", "0 stop", end(StopReason::max_tokens)}));
  EXPECT_EQ(heard.usage->input, 7);
}

TEST(ChatAnswer, AWholeAnswerIsAMessage) {
  const Heard heard = hear(
      {R"({"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"Hm","content":"See:",
    "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"f","arguments":"{}"}}]},
    "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":5,"completion_tokens":9,"total_tokens":14,"prompt_tokens_details":null}})"});
  EXPECT_EQ(heard.events, (Told{"0 thought Hm", "0 stop", "1 text See:", "1 stop", "2 use c1 f", "2 input {}", "2 stop", "3 use c2 f",
                                "3 input {}", "3 stop", end(StopReason::tool_use)}));
  EXPECT_EQ(heard.usage->total(), 14);
}

TEST(ChatAnswer, ContentInPartsIsText) {
  EXPECT_EQ(hear_deltas({R"("content":[{"type":"text","text":"Hel"},{"type":"text","text":"lo"}])"}, R"("stop")").events.front(),
            "0 text Hello");
}

TEST(ChatAnswer, OfSeveralChoicesTheFirstIsRead) {
  EXPECT_EQ(hear({R"({"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]})"}).events.front(), "0 text a");
}

TEST(ChatAnswer, AnErrorInTheStreamIsAFault) {
  for (std::string_view chunk :
       {R"({"error":{"object":"error","message":"out of memory","type":"InternalServerError","param":null,"code":500}})",
        R"({"error":"out of memory"})", R"({"error":{"code":500,"message":"out of memory","type":"server_error"}})"}) {
    const Heard heard = hear({chunk});
    ASSERT_FALSE(heard.taken);
    EXPECT_EQ(heard.taken.error().code, "ModelStreamErrorException");
    EXPECT_EQ(heard.taken.error().message, "The model server failed: out of memory");
  }
}

TEST(ChatAnswer, FilteredContentIsToldAndAnEmptyAnswerEnds) {
  EXPECT_EQ(hear_deltas({}, R"("content_filter")").events, (Told{end(StopReason::content_filtered)}));
}

TEST(ChatMessage, WhatIsNoCompletionIsRefused) {
  for (std::string_view text : {"", "[DONE]", "{", "{} {}", R"({"choices":[{"delta":{"content":"a})"}) {
    Result<ChatMessage> message = read_chat_message(text);
    ASSERT_FALSE(message) << text;
    EXPECT_EQ(message.error().code, "ModelErrorException");
  }
}

TEST(ChatMessage, UnknownMembersAndKindsArePassedOver) {
  Result<ChatMessage> message = read_chat_message(
      R"({"choices":[{"delta":{"content":7,"tool_calls":{"a":1},"audio":{"id":[1]}},"finish_reason":3}],"usage":[],"x":{"y":[{}]}})");
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->content.empty());
  EXPECT_TRUE(message->tool_calls.empty());
  EXPECT_FALSE(message->usage);
}

}  // namespace outcrop::inference
