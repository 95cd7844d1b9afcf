#include "inference/dialects/testing/dialects.h"

namespace outcrop::inference {

using namespace testing;

TEST(LlamaRequest, TheTemplateOfLlama3BecomesTurns) {
  const Conversation conversation = read(
      "llama",
      R"({"prompt":"<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>\n<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nHello!<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWho are you?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n","max_gen_len":512,"temperature":0.5,"top_p":0.9})");
  EXPECT_EQ(system_text(conversation), "Be brief.");
  ASSERT_EQ(conversation.messages.size(), 3);
  EXPECT_EQ(text(conversation, 0), "Hi");
  EXPECT_EQ(conversation.messages[1].role, Role::assistant);
  EXPECT_EQ(text(conversation, 1), "Hello!");
  EXPECT_EQ(text(conversation, 2), "Who are you?");
  EXPECT_EQ(conversation.parameters.max_tokens, 512);
  EXPECT_EQ(conversation.parameters.temperature, 0.5);
  EXPECT_EQ(conversation.parameters.top_p, 0.9);
}

TEST(LlamaRequest, TheTemplateOfLlama4BecomesTurns) {
  const Conversation conversation = read(
      "llama", R"({"prompt":"<|begin_of_text|><|header_start|>user<|header_end|>\n\nHi<|eot|><|header_start|>assistant<|header_end|>"})");
  ASSERT_EQ(conversation.messages.size(), 1);
  EXPECT_EQ(text(conversation, 0), "Hi");
}

TEST(LlamaRequest, WhatFollowsTheLastHeaderBeginsTheAnswer) {
  const Conversation conversation = read(
      "llama",
      R"({"prompt":"<|start_header_id|>user<|end_header_id|>\n\nJSON<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n{\"a\": "})");
  EXPECT_EQ(conversation.messages.at(1).role, Role::assistant);
  EXPECT_EQ(text(conversation, 1), "{\"a\": ");
}

TEST(LlamaRequest, APromptWithoutATemplateIsTheUsers) {
  const Conversation conversation = read("llama", R"({"prompt":"Once upon a time [INST]"})");
  EXPECT_EQ(text(conversation, 0), "Once upon a time [INST]");
  EXPECT_EQ(text(read("llama", R"({"prompt":"<|begin_of_text|>Once"})"), 0), "Once");
  EXPECT_EQ(text(read("llama", R"({"prompt":"<|begin_of_text|>"})"), 0), "<|begin_of_text|>");
}

TEST(LlamaRequest, ImagesStandWhereTheirTokensAre) {
  const Conversation conversation = read(
      "llama",
      R"({"prompt":"<|start_header_id|>user<|end_header_id|>\n\nThis: <|image|> and that?<|eot_id|><|start_header_id|>assistant<|end_header_id|>","images":["iVBORw0KGgo=","/9j/"]})");
  ASSERT_EQ(conversation.messages.at(0).content.size(), 4);
  EXPECT_EQ(block<ImageBlock>(conversation, 0, 0).format, "jpeg");
  EXPECT_EQ(text(conversation, 0, 1), "This:");
  EXPECT_EQ(block<ImageBlock>(conversation, 0, 2).format, "png");
}

TEST(LlamaRequest, EveryProblemIsTold) {
  EXPECT_EQ(refusal("llama", R"({"prompt":"Hi","max_gen_len":9000})"), malformed("#/max_gen_len: 9000 is not less or equal to 8192"));
  EXPECT_EQ(refusal("llama", R"({"prompt":"","temperature":-0.1})"),
            malformed("#/temperature: -0.1 is not greater or equal to 0#/prompt: expected minLength: 1, actual: 0"));
  EXPECT_EQ(
      refusal("llama", R"({"messages":[],"top_p":"x"})"),
      malformed(
          "#: required key [prompt] not found#: extraneous key [messages] is not permitted#/top_p: expected type: Number, found: String"));
}

TEST(LlamaAnswer, IsAGeneration) {
  EXPECT_TRUE(same_json(written("llama", {ReasoningBlock{.text = "Hmm"}, TextBlock{"Hello"}}, {.reason = StopReason::max_tokens}),
                        R"({"generation":"Hello","prompt_token_count":12,"generation_token_count":5,"stop_reason":"length"})"));
}

TEST(LlamaStream, SaysThePromptsLengthOnceAndTheCountAtTheEnd) {
  EXPECT_TRUE(same_json(streamed("llama", greeting()),
                        {R"({"generation":"Hello","prompt_token_count":12,"generation_token_count":1,"stop_reason":null})",
                         R"({"generation":" there","prompt_token_count":null,"generation_token_count":2,"stop_reason":null})",
                         R"({"generation":"","prompt_token_count":null,"generation_token_count":5,"stop_reason":"stop"})"}));
}

TEST(LlamaStream, AnEmptyAnswerIsOneChunk) {
  EXPECT_TRUE(same_json(streamed("llama", {AnswerEnd{}, AnswerUsage{{12, 0}}}),
                        {R"({"generation":"","prompt_token_count":12,"generation_token_count":0,"stop_reason":"stop"})"}));
}

}  // namespace outcrop::inference
