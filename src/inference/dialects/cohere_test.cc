#include "inference/dialects/testing/dialects.h"

namespace outcrop::inference {

using namespace testing;

namespace {
constexpr std::string_view command_r = "cohere-command-r";
}

TEST(CommandR, AMessageFollowsAHistory) {
  const Conversation conversation = read(command_r, R"({"message":"What year was he born?","preamble":"Be exact.",
    "chat_history":[{"role":"USER","message":"Who discovered gravity?"},{"role":"CHATBOT","message":"Isaac Newton"}],
    "max_tokens":100,"temperature":0.3,"p":0.75,"k":10,"seed":3,"stop_sequences":["END"],"return_prompt":false})");
  EXPECT_EQ(system_text(conversation), "Be exact.");
  ASSERT_EQ(conversation.messages.size(), 3);
  EXPECT_EQ(text(conversation, 1), "Isaac Newton");
  EXPECT_EQ(conversation.messages[1].role, Role::assistant);
  EXPECT_EQ(text(conversation, 2), "What year was he born?");
  EXPECT_EQ(conversation.parameters.top_p, 0.75);
  EXPECT_TRUE(same_json(kept(conversation), R"({"k":10,"seed":3,"return_prompt":false})"));
}

TEST(CommandR, DocumentsCanBeCited) {
  const Conversation conversation = read(command_r, R"({"message":"Where do emperor penguins live?","documents":[
    {"title":"Tall penguins","snippet":"Emperor penguins are the tallest."},{"id":"habitats","text":"Antarctica.","url":"a.example"}]})");
  const SearchResultBlock& first = block<SearchResultBlock>(conversation, 0, 0);
  EXPECT_EQ(first.source, "doc_0");
  EXPECT_EQ(first.title, "Tall penguins");
  EXPECT_EQ(first.texts, (std::vector<std::string>{"Emperor penguins are the tallest."}));
  EXPECT_TRUE(first.citations);
  EXPECT_EQ(block<SearchResultBlock>(conversation, 0, 1).source, "habitats");
  EXPECT_EQ(text(conversation, 0, 2), "Where do emperor penguins live?");
}

TEST(CommandR, ToolsAreDescribedByTheirParameters) {
  const Conversation conversation =
      read(command_r, R"({"message":"?","tools":[{"name":"top_song","description":"Top song","parameter_definitions":{
    "sign":{"description":"Call sign","type":"str","required":true},"years":{"type":"List[int]"}}}]})");
  EXPECT_EQ(tool(conversation).name, "top_song");
  EXPECT_TRUE(same_json(json::write(tool(conversation).input_schema), R"({"type":"object","properties":{
    "sign":{"type":"string","description":"Call sign"},"years":{"type":"array","items":{"type":"integer"}}},"required":["sign"]})"));
}

TEST(CommandR, ToolResultsAreTheTurnsAfterTheMessage) {
  const Conversation conversation = read(command_r, R"({"message":"What plays on WZPZ?","tool_results":[
    {"call":{"name":"top_song","parameters":{"sign":"WZPZ"}},"outputs":[{"song":"Elemental Hotel"}]}]})");
  ASSERT_EQ(conversation.messages.size(), 3);
  EXPECT_EQ(text(conversation, 0), "What plays on WZPZ?");
  EXPECT_EQ(block<ToolUseBlock>(conversation, 1).name, "top_song");
  const ToolResultBlock& result = block<ToolResultBlock>(conversation, 2);
  EXPECT_EQ(result.id, block<ToolUseBlock>(conversation, 1).id);
  EXPECT_EQ(json::write(std::get<json::Value>(result.content.at(0))), R"({"song":"Elemental Hotel"})");
}

TEST(CommandR, ProblemsAreTold) {
  EXPECT_EQ(refusal(command_r, R"({"prompt":"Hi"})"),
            malformed("#: required key [message] not found#: extraneous key [prompt] is not permitted"));
  EXPECT_EQ(refusal(command_r, R"({"message":"Hi","p":1,"chat_history":[{"role":"BOT","message":"Hi"}]})"),
            malformed("#/p: 1 is not less or equal to 0.99#/chat_history/0/role: BOT is not a valid enum value"));
}

TEST(CommandR, AnswersWithCitationsAndCalls) {
  const Citation citation{.source = "habitats",
                          .location = Citation::Location{.kind = Citation::Location::Kind::search_result, .index = 1}};
  EXPECT_TRUE(same_json(written(command_r, {TextBlock{"Sí, in "}, CitationsBlock{{"Antarctica"}, {citation}},
                                            ToolUseBlock{"t", "f", *json::parse(R"({"a":1})")}}),
                        R"({"response_id":"A1b2C3","text":"Sí, in Antarctica","generation_id":"A1b2C3-1",
          "citations":[{"start":7,"end":17,"text":"Antarctica","document_ids":["habitats"]}],"finish_reason":"COMPLETE",
          "tool_calls":[{"name":"f","parameters":{"a":1}}],
          "meta":{"api_version":{"version":"1"},"billed_units":{"input_tokens":12,"output_tokens":5}}})"));
}

TEST(CommandR, StreamsTextAndEndsWithTheResponse) {
  EXPECT_TRUE(same_json(
      streamed(command_r, greeting({.reason = StopReason::max_tokens})),
      {R"({"is_finished":false,"event_type":"text-generation","text":"Hello"})",
       R"({"is_finished":false,"event_type":"text-generation","text":" there"})",
       R"({"is_finished":true,"event_type":"stream-end","finish_reason":"MAX_TOKENS","response":{"response_id":"A1b2C3","text":"Hello there",
        "generation_id":"A1b2C3-1","finish_reason":"MAX_TOKENS",
        "meta":{"api_version":{"version":"1"},"billed_units":{"input_tokens":12,"output_tokens":5}}}})"}));
}

TEST(CommandR, StreamsCallsWhenTheyAreWhole) {
  const std::vector<std::string> chunks = streamed(command_r, {BlockStart{0, {"t", "f"}}, BlockDelta{0, ToolInputDelta{"{}"}}, BlockStop{0},
                                                               AnswerEnd{.reason = StopReason::tool_use}, AnswerUsage{}});
  ASSERT_EQ(chunks.size(), 2);
  EXPECT_TRUE(
      same_json(chunks[0], R"({"is_finished":false,"event_type":"tool-calls-generation","tool_calls":[{"name":"f","parameters":{}}]})"));
}

}  // namespace outcrop::inference
