// Mistral's text completion, Titan Text and DeepSeek-R1: a prompt in, a text out.
#include "inference/dialects/testing/dialects.h"

namespace outcrop::inference {

using namespace testing;

TEST(MistralText, InstructionsBecomeTurns) {
  const Conversation conversation = read(
      "mistral-text",
      R"({"prompt":"<s>[INST] What is your favourite condiment? [/INST] Lemon juice!</s> [INST] Do you have recipes? [/INST]","max_tokens":200,"temperature":0.5,"top_p":0.9,"top_k":50,"stop":["END"]})");
  ASSERT_EQ(conversation.messages.size(), 3);
  EXPECT_EQ(text(conversation, 0), "What is your favourite condiment?");
  EXPECT_EQ(text(conversation, 1), "Lemon juice!");
  EXPECT_EQ(conversation.messages[1].role, Role::assistant);
  EXPECT_EQ(text(conversation, 2), "Do you have recipes?");
  EXPECT_EQ(conversation.parameters.max_tokens, 200);
  EXPECT_EQ(conversation.parameters.stop_sequences, (std::vector<std::string>{"END"}));
  EXPECT_EQ(kept(conversation), R"({"top_k":50})");
}

TEST(MistralText, APlainPromptIsTheUsers) { EXPECT_EQ(text(read("mistral-text", R"({"prompt":"Hello"})"), 0), "Hello"); }

TEST(MistralText, ProblemsAreTold) {
  EXPECT_EQ(refusal("mistral-text", R"({"prompt":"Hi","max_tokens":9000,"stop":"x"})"),
            malformed("#/max_tokens: 9000 is not less or equal to 8192#/stop: expected type: JSONArray, found: String"));
}

TEST(MistralText, AnswersWithOutputs) {
  EXPECT_TRUE(same_json(written("mistral-text", {TextBlock{"Hello"}}, {.reason = StopReason::max_tokens}),
                        R"({"outputs":[{"text":"Hello","stop_reason":"length"}]})"));
  EXPECT_TRUE(same_json(streamed("mistral-text", greeting()),
                        {R"({"outputs":[{"text":"Hello","stop_reason":null}]})", R"({"outputs":[{"text":" there","stop_reason":null}]})",
                         R"({"outputs":[{"text":"","stop_reason":"stop"}]})"}));
}

TEST(TitanText, ATalkBecomesTurns) {
  const Conversation conversation =
      read("titan-text", R"({"inputText":"Answer shortly.\nUser: Hi there\nsecond line\nBot: Hello\nUser: And you?\nBot:",
    "textGenerationConfig":{"maxTokenCount":512,"temperature":0,"topP":1,"stopSequences":["User:"]}})");
  EXPECT_EQ(system_text(conversation), "Answer shortly.");
  ASSERT_EQ(conversation.messages.size(), 3);
  EXPECT_EQ(text(conversation, 0), "Hi there\nsecond line");
  EXPECT_EQ(text(conversation, 2), "And you?");
  EXPECT_EQ(conversation.parameters.max_tokens, 512);
  EXPECT_EQ(conversation.parameters.temperature, 0);
  EXPECT_EQ(conversation.parameters.stop_sequences, (std::vector<std::string>{"User:"}));
}

TEST(TitanText, WordsWithinALineAreText) {
  const Conversation conversation = read("titan-text", R"({"inputText":"User: Is it User: or Bot: that begins?\nBot:"})");
  ASSERT_EQ(conversation.messages.size(), 1);
  EXPECT_EQ(text(conversation, 0), "Is it User: or Bot: that begins?");
}

TEST(TitanText, WordsThatCallForNoAnswerAreText) {
  const std::string_view body = R"({"inputText":"Sum up this talk:\nUser: Hi\nBot: Hello\nUser: Bye"})";
  EXPECT_EQ(text(read("titan-text", body), 0), "Sum up this talk:\nUser: Hi\nBot: Hello\nUser: Bye");
}

TEST(TitanText, ProblemsAreTold) {
  EXPECT_EQ(refusal("titan-text", R"({"inputText":"Hi","textGenerationConfig":{"stopSequences":"x","max":1}})"),
            malformed("#/textGenerationConfig: extraneous key [max] is not permitted#/textGenerationConfig/stopSequences: expected type: "
                      "JSONArray, found: String"));
}

TEST(TitanText, AnswersWithResults) {
  EXPECT_TRUE(same_json(written("titan-text", {TextBlock{"Hello"}}),
                        R"({"inputTextTokenCount":12,"results":[{"tokenCount":5,"outputText":"Hello","completionReason":"FINISH"}]})"));
  EXPECT_TRUE(
      same_json(streamed("titan-text", greeting({.reason = StopReason::max_tokens})),
                {R"({"outputText":"Hello","index":0,"totalOutputTextTokenCount":null,"completionReason":null,"inputTextTokenCount":12})",
                 R"({"outputText":" there","index":0,"totalOutputTextTokenCount":null,"completionReason":null,"inputTextTokenCount":12})",
                 R"({"outputText":"","index":0,"totalOutputTextTokenCount":5,"completionReason":"LENGTH","inputTextTokenCount":12})"}));
}

TEST(DeepSeek, TheTemplateBecomesTurns) {
  const Conversation conversation =
      read("deepseek",
           "{\"prompt\":\"<｜begin▁of▁sentence｜>Be brief.<｜User｜>Hi<｜Assistant｜>Hello<｜end▁of▁sentence｜>"
           "<｜User｜>Why?<｜Assistant｜><think>\\n\",\"max_tokens\":512,\"stop\":[\"x\"]}");
  EXPECT_EQ(system_text(conversation), "Be brief.");
  ASSERT_EQ(conversation.messages.size(), 3);
  EXPECT_EQ(text(conversation, 1), "Hello");
  EXPECT_EQ(text(conversation, 2), "Why?");
  EXPECT_EQ(conversation.parameters.max_tokens, 512);
}

TEST(DeepSeek, ProblemsAreTold) {
  EXPECT_EQ(refusal("deepseek", R"({"prompt":"Hi","max_tokens":40000})"), malformed("#/max_tokens: 40000 is not less or equal to 32768"));
}

TEST(DeepSeek, AnswersWithThoughtsFirst) {
  EXPECT_TRUE(same_json(written("deepseek", {ReasoningBlock{.text = "Hmm"}, TextBlock{"Hello"}}),
                        R"({"choices":[{"text":"Hmm\n</think>\n\nHello","stop_reason":"stop"}]})"));
  EXPECT_TRUE(
      same_json(streamed("deepseek", {BlockDelta{0, ReasoningDelta{.text = "Hmm"}}, BlockStop{0}, BlockDelta{1, TextDelta{"Hello"}},
                                      BlockStop{1}, AnswerEnd{.reason = StopReason::max_tokens}, AnswerUsage{}}),
                {R"({"choices":[{"text":"Hmm","stop_reason":null}]})", R"({"choices":[{"text":"\n</think>\n\n","stop_reason":null}]})",
                 R"({"choices":[{"text":"Hello","stop_reason":null}]})", R"({"choices":[{"text":"","stop_reason":"length"}]})"}));
}

}  // namespace outcrop::inference
