// Mistral's chat completion, Jamba and OpenAI's chat completions.
#include "inference/dialects/testing/dialects.h"

namespace outcrop::inference {

using namespace testing;

namespace {

constexpr std::string_view tool_talk = R"("messages":[{"role":"system","content":"Be brief."},
  {"role":"user","content":"What plays on WZPZ?"},
  {"role":"assistant","content":"","tool_calls":[{"id":"v6RMMiRlT","type":"function","function":{"name":"top_song","arguments":"{\"sign\": \"WZPZ\"}"}},
    {"id":"w7","function":{"name":"top_song","arguments":""}}]},
  {"role":"tool","tool_call_id":"v6RMMiRlT","content":"{\"song\": \"Elemental Hotel\"}"},
  {"role":"tool","tool_call_id":"w7","content":"none"}],
  "tools":[{"type":"function","function":{"name":"top_song","description":"Top song","parameters":{"type":"object"}}}])";

// The same talk in every family.
void expect_tool_talk(const Conversation& conversation) {
  EXPECT_EQ(system_text(conversation), "Be brief.");
  ASSERT_EQ(conversation.messages.size(), 3);
  EXPECT_EQ(text(conversation, 0), "What plays on WZPZ?");
  EXPECT_EQ(block<ToolUseBlock>(conversation, 1).id, "v6RMMiRlT");
  EXPECT_EQ(json::write(block<ToolUseBlock>(conversation, 1).input), R"({"sign":"WZPZ"})");
  EXPECT_EQ(json::write(block<ToolUseBlock>(conversation, 1, 1).input), "{}");
  EXPECT_EQ(block<ToolResultBlock>(conversation, 2, 0).id, "v6RMMiRlT");
  EXPECT_EQ(std::get<TextBlock>(block<ToolResultBlock>(conversation, 2, 1).content.at(0)).text, "none");
  EXPECT_EQ(tool(conversation).name, "top_song");
}

std::string body(std::string_view members) { return "{" + std::string(members) + "}"; }

std::vector<AnswerEvent> tool_use() {
  return {BlockDelta{0, TextDelta{"See:"}},
          BlockStop{0},
          BlockStart{1, {"v6", "f"}},
          BlockDelta{1, ToolInputDelta{R"({"a":)"}},
          BlockDelta{1, ToolInputDelta{"1}"}},
          BlockStop{1},
          AnswerEnd{.reason = StopReason::tool_use},
          AnswerUsage{{12, 5}}};
}

}  // namespace

TEST(MistralChat, ATalkWithToolsIsRead) {
  const Conversation conversation =
      read("mistral-chat", body(std::string(tool_talk) + R"(,"tool_choice":"any","max_tokens":400,"temperature":0.7,"top_p":0.7)"));
  expect_tool_talk(conversation);
  EXPECT_EQ(conversation.tool_choice->kind, ToolChoice::Kind::any);
  EXPECT_EQ(conversation.parameters.max_tokens, 400);
}

TEST(MistralChat, ImagesAreDataUrls) {
  const Conversation conversation = read("mistral-chat", R"({"messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},
    {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]})");
  EXPECT_EQ(block<ImageBlock>(conversation, 0, 1).format, "png");
  EXPECT_EQ(std::get<std::string>(block<ImageBlock>(conversation, 0, 1).source), png_bytes);
  EXPECT_EQ(
      refusal("mistral-chat", R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":"https://a.example/a.png"}]}]})"),
      malformed("#/messages/0/content/0/image_url: images are taken as data URLs in base64 only"));
}

TEST(MistralChat, ProblemsAreTold) {
  EXPECT_EQ(refusal("mistral-chat", R"({"prompt":"Hi"})"),
            malformed("#: required key [messages] not found#: extraneous key [prompt] is not permitted"));
  EXPECT_EQ(refusal("mistral-chat", R"({"messages":[{"role":"user"}]})"), malformed("#/messages/0: required key [content] not found"));
  EXPECT_EQ(refusal("mistral-chat", R"({"messages":[{"role":"user","content":"Hi"}],"tool_choice":"required"})"),
            malformed("#/tool_choice: required is not a valid enum value"));
  EXPECT_EQ(
      refusal("mistral-chat", R"({"messages":[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{"}}]}]})"),
      malformed("#/messages/0/tool_calls/0/function/arguments: is not the text of a JSON object"));
}

TEST(MistralChat, AnswersWithAChoice) {
  EXPECT_TRUE(same_json(
      written("mistral-chat", {TextBlock{"See:"}, ToolUseBlock{"v6", "f", *json::parse(R"({"a":1})")}}, {.reason = StopReason::tool_use}),
      R"({"choices":[{"index":0,"message":{"role":"assistant","content":"See:",
                            "tool_calls":[{"id":"v6","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"stop_reason":"tool_calls"}]})"));
}

TEST(MistralChat, StreamsACallAsAWhole) {
  EXPECT_TRUE(same_json(
      streamed("mistral-chat", tool_use()),
      {R"({"choices":[{"index":0,"message":{"role":"assistant","content":"See:"},"stop_reason":null}]})",
       R"({"choices":[{"index":0,"message":{"role":"assistant","content":"","tool_calls":[{"id":"v6","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"stop_reason":null}]})",
       R"({"choices":[{"index":0,"message":{"role":"assistant","content":""},"stop_reason":"tool_calls"}]})"}));
}

TEST(Jamba, ATalkWithToolsIsRead) {
  const Conversation conversation =
      read("jamba",
           body(std::string(tool_talk) + R"(,"n":1,"max_tokens":4096,"temperature":1.5,"top_p":0.5,"stop":"END","frequency_penalty":0.1)"));
  expect_tool_talk(conversation);
  EXPECT_EQ(conversation.parameters.stop_sequences, (std::vector<std::string>{"END"}));
  EXPECT_EQ(conversation.parameters.temperature, 1.5);
  EXPECT_EQ(kept(conversation), R"({"frequency_penalty":0.1})");
}

TEST(Jamba, DocumentsStandBeforeTheQuestion) {
  const Conversation conversation = read("jamba", R"({"messages":[{"role":"user","content":"Where?"}],
    "documents":[{"id":"a","content":"Rome","metadata":[{"key":"year","value":"2024"}]},{"content":"Paris"}]})");
  EXPECT_EQ(block<DocumentBlock>(conversation, 0, 0).name, "a");
  EXPECT_EQ(block<DocumentBlock>(conversation, 0, 0).context, "year: 2024\n");
  EXPECT_EQ(std::get<DocumentBlock::Text>(block<DocumentBlock>(conversation, 0, 1).source).text, "Paris");
  EXPECT_EQ(text(conversation, 0, 2), "Where?");
}

TEST(Jamba, ProblemsAreTold) {
  EXPECT_EQ(refusal("jamba", R"({"messages":[{"role":"user","content":"Hi"}],"n":3,"max_tokens":9999})"),
            malformed("#/max_tokens: 9999 is not less or equal to 4096#/n: 3 is not less or equal to 1"));
}

TEST(Jamba, AnswersWithACompletion) {
  EXPECT_TRUE(same_json(written("jamba", {TextBlock{"Hello"}}), R"({"id":"chatcmpl-A1b2C3","choices":[{"index":0,
    "message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}})"));
}

TEST(Jamba, StreamsDeltas) {
  EXPECT_TRUE(same_json(
      streamed("jamba", greeting({.reason = StopReason::max_tokens})),
      {R"({"id":"chatcmpl-A1b2C3","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})",
       R"({"id":"chatcmpl-A1b2C3","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]})",
       R"({"id":"chatcmpl-A1b2C3","choices":[{"index":0,"delta":{"content":" there"},"finish_reason":null}]})",
       R"({"id":"chatcmpl-A1b2C3","choices":[{"index":0,"delta":{},"finish_reason":"length"}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}})"}));
}

TEST(OpenAiChat, ATalkWithToolsIsRead) {
  const Conversation conversation = read("openai-chat", body(std::string(tool_talk) + R"(,"model":"openai.gpt-oss-20b-1:0","stream":false,
    "max_completion_tokens":150,"temperature":0.7,"top_p":0.9,"stop":["a","b"],"reasoning_effort":"low","seed":7,
    "tool_choice":{"type":"function","function":{"name":"top_song"}},"parallel_tool_calls":false)"));
  expect_tool_talk(conversation);
  EXPECT_EQ(conversation.parameters.max_tokens, 150);
  EXPECT_EQ(conversation.tool_choice->name, "top_song");
  EXPECT_TRUE(same_json(kept(conversation), R"({"reasoning_effort":"low","seed":7,"parallel_tool_calls":false})"));
}

TEST(OpenAiChat, DevelopersSpeakAsTheSystemAndNullIsAbsent) {
  const Conversation conversation = read("openai-chat", R"({"messages":[{"role":"developer","content":"Be brief."},{"role":"user",
    "content":[{"type":"text","text":"Hi"}]}],"temperature":null,"tools":null,"stop":null})");
  EXPECT_EQ(system_text(conversation), "Be brief.");
  EXPECT_EQ(text(conversation, 0), "Hi");
  EXPECT_FALSE(conversation.parameters.temperature);
}

TEST(OpenAiChat, ThoughtsInTagsAreThoughts) {
  const Conversation conversation = read("openai-chat", R"({"messages":[{"role":"user","content":"Hi"},
    {"role":"assistant","content":"<reasoning>Hmm</reasoning>Hello"},{"role":"user","content":"Bye"}]})");
  EXPECT_EQ(block<ReasoningBlock>(conversation, 1, 0).text, "Hmm");
  EXPECT_EQ(text(conversation, 1, 1), "Hello");
}

TEST(OpenAiChat, AResponseFormatIsJsonOutput) {
  const Conversation conversation = read("openai-chat", R"({"messages":[{"role":"user","content":"Hi"}],
    "response_format":{"type":"json_schema","json_schema":{"name":"event","schema":{"type":"object"},"strict":true}}})");
  EXPECT_EQ(conversation.json_output->name, "event");
  EXPECT_EQ(json::write(conversation.json_output->schema), R"({"type":"object"})");
}

TEST(OpenAiChat, ProblemsAreTold) {
  const std::string prefix = "Failed to deserialize the JSON body into the target type: ";
  EXPECT_EQ(refusal("openai-chat", R"({})"), prefix + "missing field `messages`");
  EXPECT_EQ(refusal("openai-chat", R"({"messages":[{"role":"user","content":"Hi"}],"reasoning_effort":{}})"),
            prefix + "reasoning_effort: invalid type: map, expected a string");
  EXPECT_EQ(refusal("openai-chat", R"({"messages":[{"role":"bot","content":"Hi"}]})"),
            prefix + "messages[0].role: unknown variant `bot`, expected one of `system`, `developer`, `user`, `assistant`, `tool`");
}

TEST(OpenAiChat, AnswersWithACompletion) {
  EXPECT_TRUE(same_json(
      written("openai-chat", {ReasoningBlock{.text = "Hmm"}, TextBlock{"Hello"}}, {}, {.input = 10, .output = 5, .cache_read = 2}),
      R"({"id":"chatcmpl-A1b2C3","object":"chat.completion","created":1754000000,"model":"anthropic.claude-sonnet-4-20250514-v1:0",
    "choices":[{"index":0,"message":{"role":"assistant","content":"<reasoning>Hmm</reasoning>Hello"},"finish_reason":"stop"}],
    "usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}})"));
}

TEST(OpenAiChat, StreamsThoughtsInTagsAndCallsInPieces) {
  std::vector<AnswerEvent> events = {BlockDelta{0, ReasoningDelta{.text = "Hm"}},
                                     BlockDelta{0, ReasoningDelta{.text = "m"}},
                                     BlockStop{0},
                                     BlockDelta{1, TextDelta{"So:"}},
                                     BlockStop{1},
                                     BlockStart{2, {"c1", "f"}},
                                     BlockDelta{2, ToolInputDelta{"{}"}},
                                     BlockStop{2},
                                     AnswerEnd{.reason = StopReason::tool_use},
                                     AnswerUsage{{12, 5}}};
  std::vector<std::string> deltas;
  for (const std::string& chunk : streamed("openai-chat", std::move(events))) {
    const json::Value parsed = *json::parse(chunk);
    deltas.push_back(json::write(*parsed.find("choices")->as_array().at(0).find("delta")));
  }
  EXPECT_TRUE(same_json(deltas, {R"({"role":"assistant","content":""})", R"({"content":"<reasoning>Hm"})", R"({"content":"m"})",
                                 R"({"content":"</reasoning>"})", R"({"content":"So:"})",
                                 R"({"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}]})",
                                 R"({"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]})", "{}"}));
}

TEST(OpenAiChat, ThoughtsEndBeforeACall) {
  const std::vector<std::string> chunks =
      streamed("openai-chat", {BlockDelta{0, ReasoningDelta{.text = "Hm"}}, BlockStop{0}, BlockStart{1, {"c1", "f"}}});
  ASSERT_EQ(chunks.size(), 4);
  EXPECT_NE(chunks[2].find("</reasoning>"), std::string::npos);
}

TEST(OpenAiChat, TheLastChunkSaysWhyAndHowMuch) {
  EXPECT_TRUE(same_json(streamed("openai-chat", greeting()).back(),
                        R"({"id":"chatcmpl-A1b2C3","object":"chat.completion.chunk","created":1754000000,
    "model":"anthropic.claude-sonnet-4-20250514-v1:0","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],
    "usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}})"));
}

}  // namespace outcrop::inference
