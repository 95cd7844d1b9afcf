#include "inference/dialects/testing/dialects.h"

namespace outcrop::inference {

using namespace testing;

TEST(AnthropicAnswer, IsAMessage) {
  EXPECT_TRUE(
      same_json(written("anthropic-messages", {TextBlock{"Hello"}}, {}, {.input = 12, .output = 5, .cache_read = 100, .cache_write = 50}),
                R"({"id":"msg_bdrk_A1b2C3","type":"message","role":"assistant","model":"claude-sonnet-4-20250514",
      "content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","stop_sequence":null,
      "usage":{"input_tokens":12,"cache_creation_input_tokens":50,"cache_read_input_tokens":100,"output_tokens":5}})"));
}

TEST(AnthropicAnswer, HoldsThoughtsToolUsesAndCitations) {
  Citation citation{.title = "Facts", .quotes = {"Grass is green."}, .location = Citation::Location{.end = 15}};
  const std::string body =
      written("anthropic-messages",
              {ReasoningBlock{.text = "Hmm", .signature = "c2ln"}, ReasoningBlock{.redacted = std::string("\0\1\2", 3)},
               CitationsBlock{{"Gre", "en"}, {citation}}, ToolUseBlock{"toolu_1", "f", *json::parse(R"({"a":1})")}},
              {.reason = StopReason::tool_use});
  EXPECT_TRUE(same_json(json::write(*json::parse(body)->find("content")), R"([{"type":"thinking","thinking":"Hmm","signature":"c2ln"},
    {"type":"redacted_thinking","data":"AAEC"},
    {"type":"text","text":"Green","citations":[{"type":"char_location","cited_text":"Grass is green.","document_index":0,
      "document_title":"Facts","start_char_index":0,"end_char_index":15}]},
    {"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}])"));
  EXPECT_EQ(json::parse(body)->find("stop_reason")->as_string(), "tool_use");
}

TEST(AnthropicAnswer, NamesTheStopSequenceThatWasMet) {
  const std::string body = written("anthropic-messages", {TextBlock{"a"}}, {.reason = StopReason::stop_sequence, .stop_sequence = "END"});
  EXPECT_EQ(json::parse(body)->find("stop_reason")->as_string(), "stop_sequence");
  EXPECT_EQ(json::parse(body)->find("stop_sequence")->as_string(), "END");
}

TEST(AnthropicStream, TextIsABlockWithDeltas) {
  EXPECT_TRUE(same_json(
      streamed("anthropic-messages", greeting()),
      {
          R"({"type":"message_start","message":{"id":"msg_bdrk_A1b2C3","type":"message","role":"assistant","model":"claude-sonnet-4-20250514",
          "content":[],"stop_reason":null,"stop_sequence":null,
          "usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}}})",
          R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
          R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}})",
          R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" there"}})",
          R"({"type":"content_block_stop","index":0})",
          R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},
          "usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":5}})",
          R"({"type":"message_stop"})"}));
}

TEST(AnthropicStream, ThoughtsAreSignedAndToolInputsComeInPieces) {
  std::vector<std::string> chunks =
      streamed("anthropic-messages", {BlockDelta{0, ReasoningDelta{.text = "Hmm"}}, BlockDelta{0, ReasoningDelta{.signature = "c2ln"}},
                                      BlockStop{0}, BlockStart{1, {"toolu_1", "f"}}, BlockDelta{1, ToolInputDelta{R"({"a":)"}},
                                      BlockDelta{1, ToolInputDelta{"1}"}}, BlockStop{1}});
  chunks.erase(chunks.begin());
  EXPECT_TRUE(same_json(
      chunks, {R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}})",
               R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hmm"}})",
               R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}})",
               R"({"type":"content_block_stop","index":0})",
               R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}})",
               R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}})",
               R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"1}"}})",
               R"({"type":"content_block_stop","index":1})"}));
}

TEST(AnthropicStream, WhatIsRedactedStartsWhole) {
  std::vector<std::string> chunks =
      streamed("anthropic-messages", {BlockDelta{0, ReasoningDelta{.redacted = std::string("\0\1", 2)}},
                                      BlockDelta{0, ReasoningDelta{.redacted = std::string("\2", 1)}}, BlockStop{0}});
  chunks.erase(chunks.begin());
  EXPECT_TRUE(same_json(chunks, {R"({"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"AAEC"}})",
                                 R"({"type":"content_block_stop","index":0})"}));
}

TEST(AnthropicStream, CitationsAreDeltas) {
  const Citation citation{.source = "https://a.example",
                          .quotes = {"found"},
                          .location = Citation::Location{.kind = Citation::Location::Kind::search_result, .end = 1}};
  std::vector<std::string> chunks =
      streamed("anthropic-messages", {BlockDelta{0, TextDelta{"So"}}, BlockDelta{0, CitationDelta{citation}}, BlockStop{0}});
  ASSERT_EQ(chunks.size(), 5);
  EXPECT_TRUE(same_json(chunks[3], R"({"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":
    {"type":"search_result_location","cited_text":"found","search_result_index":0,"source":"https://a.example","title":null,
     "start_block_index":0,"end_block_index":1}}})"));
}

TEST(AnthropicStream, ABlockOfNothingIsEmptyText) {
  std::vector<std::string> chunks = streamed("anthropic-messages", {BlockStop{0}});
  chunks.erase(chunks.begin());
  EXPECT_TRUE(same_json(chunks, {R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
                                 R"({"type":"content_block_stop","index":0})"}));
}

TEST(AnthropicStream, AnAnswerOfNothingIsStillAMessage) {
  EXPECT_EQ(streamed("anthropic-messages", {AnswerEnd{}, AnswerUsage{}}).size(), 3);
}

}  // namespace outcrop::inference
