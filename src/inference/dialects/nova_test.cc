#include "inference/dialects/testing/dialects.h"

namespace outcrop::inference {

using namespace testing;

TEST(NovaRequest, EveryMemberHasItsPlace) {
  const Conversation conversation = read("nova", R"({
    "schemaVersion": "messages-v1",
    "system": [{"text": "Write stories."}, {"cachePoint": {"type": "default"}}],
    "messages": [{"role": "user", "content": [{"text": "A camping trip"}]}],
    "inferenceConfig": {"maxTokens": 500, "topP": 0.9, "topK": 20, "temperature": 0.7, "stopSequences": ["END"]}})");
  EXPECT_EQ(system_text(conversation), "Write stories.");
  EXPECT_TRUE(std::holds_alternative<CachePointBlock>(conversation.system.at(1)));
  EXPECT_EQ(text(conversation, 0), "A camping trip");
  EXPECT_EQ(conversation.parameters.max_tokens, 500);
  EXPECT_EQ(conversation.parameters.top_p, 0.9);
  EXPECT_EQ(conversation.parameters.temperature, 0.7);
  EXPECT_EQ(conversation.parameters.stop_sequences, (std::vector<std::string>{"END"}));
  EXPECT_EQ(kept(conversation), R"({"inferenceConfig":{"topK":20}})");
}

TEST(NovaRequest, EarlyBodiesCallTheMaximumMaxNewTokens) {
  const Conversation conversation =
      read("nova", R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}],"inferenceConfig":{"max_new_tokens":300}})");
  EXPECT_EQ(conversation.parameters.max_tokens, 300);
}

TEST(NovaRequest, ReasoningIsKept) {
  const Conversation conversation =
      read("nova",
           R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}],"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}})");
  EXPECT_EQ(kept(conversation), R"({"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}})");
}

TEST(NovaRequest, MediaAreBase64OrInS3) {
  const Conversation conversation = read("nova", R"({"messages":[{"role":"user","content":[
    {"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}},
    {"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://videos/a.mp4","bucketOwner":"111122223333"}}}},
    {"document":{"format":"pdf","name":"Report","source":{"bytes":"JVBERi0="}}}, {"text":"What are these?"}]}]})");
  EXPECT_EQ(std::get<std::string>(block<ImageBlock>(conversation, 0).source), png_bytes);
  EXPECT_EQ(std::get<S3Location>(block<VideoBlock>(conversation, 0, 1).source).uri, "s3://videos/a.mp4");
  EXPECT_EQ(std::get<S3Location>(block<VideoBlock>(conversation, 0, 1).source).bucket_owner, "111122223333");
  EXPECT_EQ(std::get<std::string>(block<DocumentBlock>(conversation, 0, 2).source), "%PDF-");
  EXPECT_EQ(text(conversation, 0, 3), "What are these?");
}

TEST(NovaRequest, AToolIsUsedAndAnswered) {
  const Conversation conversation = read("nova", R"({"messages":[{"role":"user","content":[{"text":"What plays on WZPZ?"}]},
    {"role":"assistant","content":[{"toolUse":{"toolUseId":"tooluse_1","name":"top_song","input":{"sign":"WZPZ"}}}]},
    {"role":"user","content":[{"toolResult":{"toolUseId":"tooluse_1","content":[{"json":{"song":"Elemental Hotel"}}],"status":"error"}}]}],
    "toolConfig":{"tools":[{"toolSpec":{"name":"top_song","description":"Top song","inputSchema":{"json":{"type":"object"}}}},
                           {"systemTool":{"name":"nova_grounding"}}],"toolChoice":{"tool":{"name":"top_song"}}}})");
  EXPECT_EQ(tool(conversation).name, "top_song");
  EXPECT_EQ(json::write(tool(conversation).input_schema), R"({"type":"object"})");
  EXPECT_EQ(std::get<SystemTool>(conversation.tools.at(1)).name, "nova_grounding");
  EXPECT_EQ(conversation.tool_choice->name, "top_song");
  EXPECT_EQ(json::write(block<ToolUseBlock>(conversation, 1).input), R"({"sign":"WZPZ"})");
  const ToolResultBlock& result = block<ToolResultBlock>(conversation, 2);
  EXPECT_TRUE(result.is_error);
  EXPECT_EQ(json::write(std::get<json::Value>(result.content.at(0))), R"({"song":"Elemental Hotel"})");
}

TEST(NovaRequest, EveryProblemIsTold) {
  EXPECT_EQ(refusal("nova", R"({"prompt":"Hi"})"),
            malformed("#: required key [messages] not found#: extraneous key [prompt] is not permitted"));
  EXPECT_EQ(refusal("nova", R"({"messages":[{"role":"user","content":"Hi"}]})"),
            malformed("#/messages/0/content: expected type: JSONArray, found: String"));
  EXPECT_EQ(
      refusal("nova",
              R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}],"inferenceConfig":{"temperature":2,"maxTokens":"1","top_k":3}})"),
      malformed("#/inferenceConfig: extraneous key [top_k] is not permitted#/inferenceConfig/maxTokens: expected type: Integer, found: "
                "String#/inferenceConfig/temperature: 2 is not less or equal to 1"));
  EXPECT_EQ(refusal("nova", R"({"messages":[{"role":"system","content":[{"text":"Hi"}]}]})"),
            malformed("#/messages/0/role: system is not a valid enum value"));
  EXPECT_EQ(refusal("nova", R"({"messages":[]})"), malformed("#/messages: expected minimum item count: 1, found: 0"));
}

TEST(NovaAnswer, IsAnOutputMessage) {
  const std::string body =
      written("nova", {ReasoningBlock{.text = "Hmm"}, TextBlock{"Hello"}, ToolUseBlock{"t1", "f", *json::parse(R"({"a":1})")}},
              {.reason = StopReason::tool_use}, {.input = 12, .output = 5, .cache_read = 3});
  EXPECT_TRUE(same_json(body, R"({"output":{"message":{"content":[{"reasoningContent":{"reasoningText":{"text":"Hmm"}}},{"text":"Hello"},
    {"toolUse":{"toolUseId":"t1","name":"f","input":{"a":1}}}],"role":"assistant"}},"stopReason":"tool_use",
    "usage":{"inputTokens":12,"outputTokens":5,"totalTokens":20,"cacheReadInputTokenCount":3,"cacheWriteInputTokenCount":0}})"));
}

TEST(NovaStream, IsConversesEvents) {
  EXPECT_TRUE(same_json(
      streamed("nova", greeting({.reason = StopReason::max_tokens})),
      {R"({"messageStart":{"role":"assistant"}})", R"({"contentBlockDelta":{"delta":{"text":"Hello"},"contentBlockIndex":0}})",
       R"({"contentBlockDelta":{"delta":{"text":" there"},"contentBlockIndex":0}})", R"({"contentBlockStop":{"contentBlockIndex":0}})",
       R"({"messageStop":{"stopReason":"max_tokens"}})",
       R"({"metadata":{"usage":{"inputTokens":12,"outputTokens":5,"cacheReadInputTokenCount":0,"cacheWriteInputTokenCount":0},"metrics":{},"trace":{}}})"}));
}

TEST(NovaStream, ToolInputsComeInPieces) {
  EXPECT_TRUE(same_json(streamed("nova", {BlockStart{0, {"tooluse_1", "f"}}, BlockDelta{0, ToolInputDelta{R"({"a":1})"}}, BlockStop{0}}),
                        {R"({"messageStart":{"role":"assistant"}})",
                         R"({"contentBlockStart":{"start":{"toolUse":{"toolUseId":"tooluse_1","name":"f"}},"contentBlockIndex":0}})",
                         R"({"contentBlockDelta":{"delta":{"toolUse":{"input":"{\"a\":1}"}},"contentBlockIndex":0}})",
                         R"({"contentBlockStop":{"contentBlockIndex":0}})"}));
}

}  // namespace outcrop::inference
