// The body of the OpenAI-compatible routes: what it says beside the conversation, and what is refused by name.
#include "inference/dialects/openai_chat.h"

#include "inference/dialects/testing/dialects.h"

namespace outcrop::inference {

using namespace testing;

namespace {

constexpr std::string_view said_hi = R"("messages":[{"role":"user","content":"Hi"}])";
constexpr std::string_view weather_tool = R"("tools":[{"type":"function","function":{"name":"get_weather"}}])";

std::string asked_of_a_model(std::string_view more = "") {
  return R"({"model":"openai.gpt-oss-20b-1:0",)" + std::string(said_hi) + (more.empty() ? "" : ",") + std::string(more) + "}";
}

ChatCompletionRequest read_call(std::string_view more) {
  Result<ChatCompletionRequest> read = read_chat_completion(asked_of_a_model(more));
  EXPECT_TRUE(read) << read.error().message;
  return read ? std::move(*read) : ChatCompletionRequest();
}

std::string refusal_of_body(std::string_view body) {
  Result<ChatCompletionRequest> read = read_chat_completion(body);
  if (read) return "was read";
  EXPECT_EQ(read.error().code, "ValidationException");
  constexpr std::string_view prefix = "Failed to deserialize the JSON body into the target type: ";
  return read.error().message.starts_with(prefix) ? read.error().message.substr(prefix.size()) : read.error().message;
}

std::string refusal_of_call(std::string_view more) { return refusal_of_body(asked_of_a_model(more)); }

TEST(OpenAiCall, SaysTheModelAndHowToAnswer) {
  const ChatCompletionRequest call = read_call(R"("stream":true,"stream_options":{"include_usage":true},"service_tier":"flex")");
  EXPECT_EQ(call.model, "openai.gpt-oss-20b-1:0");
  EXPECT_TRUE(call.streamed);
  EXPECT_TRUE(call.include_usage);
  EXPECT_EQ(call.service_tier, "flex");
  EXPECT_EQ(text(call.conversation, 0), "Hi");
}

TEST(OpenAiCall, IsWholeAndOfAnyTierUnlessItSaysSo) {
  const ChatCompletionRequest call = read_call(R"("stream":false,"stream_options":null,"service_tier":"auto")");
  EXPECT_FALSE(call.streamed);
  EXPECT_FALSE(call.include_usage);
  EXPECT_EQ(call.service_tier, "");
}

TEST(OpenAiCall, KeepsForTheModelWhatIsTheModels) {
  const ChatCompletionRequest call =
      read_call(R"("service_tier":"default","seed":7,"user":"u1","reasoning_effort":"high","logit_bias":{"50256":-100},"store":false)");
  EXPECT_TRUE(
      same_json(kept(call.conversation), R"({"seed":7,"user":"u1","reasoning_effort":"high","logit_bias":{"50256":-100},"store":false})"));
}

TEST(OpenAiCall, NamesItsModel) {
  EXPECT_EQ(refusal_of_body("{" + std::string(said_hi) + "}"), "missing field `model`");
  EXPECT_EQ(refusal_of_body(R"({"model":1,)" + std::string(said_hi) + "}"), "model: invalid type: integer `1`, expected a string");
}

TEST(OpenAiCall, RefusesByNameWhatCannotBeAnswered) {
  EXPECT_EQ(refusal_of_call(R"("n":2)"), "n: 2 is not less or equal to 1");
  EXPECT_EQ(refusal_of_call(R"("logprobs":true)"), "logprobs: is not supported");
  EXPECT_EQ(refusal_of_call(R"("top_logprobs":3)"), "top_logprobs: is not supported");
  EXPECT_EQ(refusal_of_call(R"("store":true)"), "store: is not supported");
  EXPECT_EQ(refusal_of_call(R"("audio":{"voice":"ash"})"), "unknown field `audio`");
  EXPECT_EQ(refusal_of_call(R"("stream":true,"stream_options":{"include_obfuscation":true})"),
            "stream_options.include_obfuscation: is not supported");
}

TEST(OpenAiCall, RefusesWhatContradictsItself) {
  EXPECT_EQ(refusal_of_call(R"("stream_options":{"include_usage":true})"), "stream_options: is only allowed when stream is true");
  EXPECT_EQ(refusal_of_call(R"("max_tokens":5,"max_completion_tokens":6)"),
            "max_tokens: cannot be given together with max_completion_tokens");
  EXPECT_EQ(refusal_of_call(R"("tool_choice":"required")"), "tool_choice: is only allowed when tools are given");
  EXPECT_EQ(refusal_of_call(R"("parallel_tool_calls":false)"), "parallel_tool_calls: is only allowed when tools are given");
  EXPECT_EQ(refusal_of_call(std::string(weather_tool) + R"(,"tool_choice":{"type":"function","function":{"name":"fly"}})"),
            "tool_choice: there is no tool fly");
}

TEST(OpenAiCall, RefusesToolMessagesThatAnswerNoCallAndCallsThatNoneAnswers) {
  auto refusal_of_messages = [](std::string_view messages) {
    return refusal_of_body(R"({"model":"m","messages":[{"role":"user","content":"Hi"},)" + std::string(messages) + "]}");
  };
  constexpr std::string_view call =
      R"({"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]})";
  EXPECT_EQ(refusal_of_messages(R"({"role":"tool","tool_call_id":"c1","content":"sunny"})"),
            "messages: there is no tool call c1 before the message that answers it");
  EXPECT_EQ(refusal_of_messages(call), "messages: no tool message answers the tool call c1");
  EXPECT_EQ(refusal_of_messages(std::string(call) + R"(,{"role":"tool","tool_call_id":"c1","content":"sunny"})"), "was read");
}

TEST(OpenAiCall, RefusesPartsThatNobodyReads) {
  auto refusal_of_part = [](std::string_view part) {
    return refusal_of_body(R"({"model":"m","messages":[{"role":"user","content":[)" + std::string(part) + "]}]}");
  };
  EXPECT_EQ(refusal_of_part(R"({"type":"image_url","image_url":{"url":"https://a.example/a.png"}})"),
            "messages[0].content[0].image_url.url: images are taken as data URLs in base64 only");
  EXPECT_EQ(refusal_of_part(R"({"type":"input_audio","input_audio":{"data":"","format":"wav"}})"),
            "messages[0].content[0].type: unknown variant `input_audio`, expected one of `image_url`, `text`");
}

// As the clients' libraries hold it, with members that it had not.
TEST(OpenAiCall, TakesAnAnswerBackAsItIsHeld) {
  Result<ChatCompletionRequest> call = read_chat_completion(R"({"model":"m","messages":[{"role":"user","content":"Hi"},
    {"role":"assistant","content":null,"refusal":null,"annotations":[],"audio":null,"function_call":null,"reasoning":"Hmm",
     "tool_calls":[{"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"c1","content":"sunny"}],)" +
                                                            std::string(weather_tool) + "}");
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_EQ(block<ReasoningBlock>(call->conversation, 1, 0).text, "Hmm");
  EXPECT_EQ(block<ToolUseBlock>(call->conversation, 1, 1).id, "c1");
  EXPECT_EQ(refusal_of_body(R"({"model":"m","messages":[{"role":"assistant","audio":{"id":"a"}}]})"),
            "messages[0].audio: is not supported");
}

}  // namespace
}  // namespace outcrop::inference
