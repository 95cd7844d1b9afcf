#include "inference/dialects/testing/dialects.h"

namespace outcrop::inference {

using namespace testing;

namespace {

Conversation read_messages(std::string_view messages) {
  return read("anthropic-messages",
              R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":64,"messages":)" + std::string(messages) + "}");
}

std::string refusal_of(std::string_view members) {
  return refusal("anthropic-messages", R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":64,)" + std::string(members) + "}");
}

std::string refusal_of_messages(std::string_view messages) { return refusal_of(R"("messages":)" + std::string(messages)); }

constexpr std::string_view hello = R"([{"role":"user","content":"Hello"}])";

}  // namespace

TEST(AnthropicRequest, PlainTextIsATurn) {
  const Conversation conversation = read_messages(hello);
  ASSERT_EQ(conversation.messages.size(), 1);
  EXPECT_EQ(conversation.messages[0].role, Role::user);
  EXPECT_EQ(text(conversation, 0), "Hello");
  EXPECT_EQ(conversation.parameters.max_tokens, 64);
  EXPECT_TRUE(conversation.additional_fields.is_null());
}

TEST(AnthropicRequest, EveryParameterHasItsPlace) {
  const Conversation conversation = read("anthropic-messages", R"({
    "anthropic_version": "bedrock-2023-05-31", "anthropic_beta": ["context-1m-2025-08-07"], "max_tokens": 4096,
    "system": "Be brief.", "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
    "temperature": 0.5, "top_p": 0.9, "top_k": 40, "stop_sequences": ["\n\nHuman:", "END"], "metadata": {"user_id": "u1"}})");
  EXPECT_EQ(system_text(conversation), "Be brief.");
  EXPECT_EQ(conversation.parameters.temperature, 0.5);
  EXPECT_EQ(conversation.parameters.top_p, 0.9);
  EXPECT_EQ(conversation.parameters.stop_sequences, (std::vector<std::string>{"\n\nHuman:", "END"}));
  EXPECT_TRUE(same_json(kept(conversation), R"({"anthropic_beta":["context-1m-2025-08-07"],"metadata":{"user_id":"u1"},"top_k":40})"));
}

TEST(AnthropicRequest, SystemTextsMayEndInACachePoint) {
  const Conversation conversation =
      read("anthropic-messages", R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":1,"messages":[{"role":"user",
    "content":"Hi"}],"system":[{"type":"text","text":"Long"},{"type":"text","text":"Longer","cache_control":{"type":"ephemeral","ttl":"1h"}}]})");
  ASSERT_EQ(conversation.system.size(), 3);
  EXPECT_EQ(std::get<CachePointBlock>(conversation.system[2]).time_to_live, CachePointBlock::TimeToLive::one_hour);
}

TEST(AnthropicRequest, ImagesAreDecoded) {
  const Conversation conversation = read_messages(
      R"([{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}},
          {"type":"text","text":"What is it?"}]}])");
  const ImageBlock& image = block<ImageBlock>(conversation, 0);
  EXPECT_EQ(image.format, "png");
  EXPECT_EQ(std::get<std::string>(image.source), png_bytes);
  EXPECT_EQ(text(conversation, 0, 1), "What is it?");
}

TEST(AnthropicRequest, DocumentsAreBytesTextOrChunks) {
  const Conversation conversation = read_messages(R"([{"role":"user","content":[
    {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="},"title":"Report","context":"2024",
     "citations":{"enabled":true}},
    {"type":"document","source":{"type":"text","media_type":"text/plain","data":"As it is"}},
    {"type":"document","source":{"type":"content","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}},
    {"type":"search_result","source":"https://a.example","title":"A","content":[{"type":"text","text":"found"}]}]}])");
  const DocumentBlock& report = block<DocumentBlock>(conversation, 0, 0);
  EXPECT_EQ(report.format, "pdf");
  EXPECT_EQ(report.name, "Report");
  EXPECT_EQ(report.context, "2024");
  EXPECT_TRUE(report.citations);
  EXPECT_EQ(std::get<std::string>(report.source), "%PDF-");
  EXPECT_EQ(std::get<DocumentBlock::Text>(block<DocumentBlock>(conversation, 0, 1).source).text, "As it is");
  EXPECT_EQ(std::get<DocumentBlock::Chunks>(block<DocumentBlock>(conversation, 0, 2).source).texts,
            (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(block<SearchResultBlock>(conversation, 0, 3).texts, (std::vector<std::string>{"found"}));
}

TEST(AnthropicRequest, AToolIsUsedAndAnswered) {
  const Conversation conversation = read("anthropic-messages", R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":64,
    "tools":[{"name":"get_weather","description":"Weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}}},
              "cache_control":{"type":"ephemeral"}},
             {"type":"bash_20250124","name":"bash"}],
    "tool_choice":{"type":"tool","name":"get_weather","disable_parallel_tool_use":true},
    "messages":[{"role":"user","content":"Rome?"},
      {"role":"assistant","content":[{"type":"text","text":"Let me see."},{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{"city":"Rome"}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"21 degrees","is_error":false}]}]})");
  EXPECT_EQ(tool(conversation).name, "get_weather");
  EXPECT_EQ(tool(conversation).description, "Weather");
  EXPECT_TRUE(std::holds_alternative<CachePointBlock>(conversation.tools.at(1)));
  EXPECT_EQ(conversation.tool_choice->kind, ToolChoice::Kind::tool);
  EXPECT_EQ(conversation.tool_choice->name, "get_weather");
  EXPECT_EQ(block<ToolUseBlock>(conversation, 1, 1).id, "toolu_1");
  EXPECT_EQ(json::write(block<ToolUseBlock>(conversation, 1, 1).input), R"({"city":"Rome"})");
  const ToolResultBlock& result = block<ToolResultBlock>(conversation, 2);
  EXPECT_EQ(std::get<TextBlock>(result.content.at(0)).text, "21 degrees");
  EXPECT_FALSE(result.is_error);
  EXPECT_TRUE(same_json(kept(conversation), R"({"tools":[{"type":"bash_20250124","name":"bash"}],
    "tool_choice":{"type":"tool","name":"get_weather","disable_parallel_tool_use":true}})"));
}

TEST(AnthropicRequest, ThoughtsComeBackUnchanged) {
  const Conversation conversation = read("anthropic-messages", R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":4000,
    "thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"Why?"},
    {"role":"assistant","content":[{"type":"thinking","thinking":"Hmm","signature":"c2ln"},{"type":"redacted_thinking","data":"AAEC"},
     {"type":"text","text":"Because.","citations":null}]},{"role":"user","content":"So?"}]})");
  EXPECT_EQ(block<ReasoningBlock>(conversation, 1, 0).text, "Hmm");
  EXPECT_EQ(block<ReasoningBlock>(conversation, 1, 0).signature, "c2ln");
  EXPECT_EQ(block<ReasoningBlock>(conversation, 1, 1).redacted, std::string("\0\1\2", 3));
  EXPECT_EQ(text(conversation, 1, 2), "Because.");
  EXPECT_TRUE(same_json(kept(conversation), R"({"thinking":{"type":"enabled","budget_tokens":2000}})"));
}

TEST(AnthropicRequest, CitationsOfAnEarlierAnswerAreRead) {
  const Conversation conversation = read_messages(R"([{"role":"user","content":"?"},{"role":"assistant","content":[{"type":"text",
    "text":"Green.","citations":[{"type":"char_location","cited_text":"Grass is green.","document_index":0,"document_title":"Facts",
    "start_char_index":0,"end_char_index":15}]}]},{"role":"user","content":"Sure?"}])");
  const CitationsBlock& cited = block<CitationsBlock>(conversation, 1);
  EXPECT_EQ(cited.texts, (std::vector<std::string>{"Green."}));
  EXPECT_EQ(cited.citations.at(0).title, "Facts");
  EXPECT_EQ(cited.citations[0].quotes, (std::vector<std::string>{"Grass is green."}));
  EXPECT_EQ(cited.citations[0].location->end, 15);
}

TEST(AnthropicRequest, AnOutputFormatIsJsonOutput) {
  const Conversation conversation =
      read("anthropic-messages", R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user",
    "content":"Hi"}],"output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}}})");
  EXPECT_EQ(json::write(conversation.json_output->schema), R"({"type":"object"})");
  EXPECT_EQ(kept(conversation), R"({"output_config":{"effort":"low"}})");
}

TEST(AnthropicRequest, AnAssistantTurnAtTheEndBeginsTheAnswer) {
  const Conversation conversation = read_messages(R"([{"role":"user","content":"JSON, please"},{"role":"assistant","content":"{"}])");
  EXPECT_EQ(conversation.messages.back().role, Role::assistant);
  EXPECT_EQ(text(conversation, 1), "{");
}

TEST(AnthropicRequest, WhatIsMissingIsNamed) {
  EXPECT_EQ(refusal("anthropic-messages", R"({"anthropic_version":"bedrock-2023-05-31","messages":[]})"), "max_tokens: Field required");
  EXPECT_EQ(refusal("anthropic-messages", R"({"max_tokens":1,"messages":[]})"), "anthropic_version: Field required");
  EXPECT_EQ(refusal_of_messages("[]"), "messages: at least one message is required");
  EXPECT_EQ(refusal_of_messages(R"([{"role":"user","content":null}])"), "messages.0.content: Field required");
  EXPECT_EQ(refusal_of_messages(R"([{"role":"user","content":[{"text":"Hi"}]}])"), "messages.0.content.0.type: Field required");
  EXPECT_EQ(refusal_of_messages(R"([{"role":"user","content":[{"type":"text"}]}])"), "messages.0.content.0.text.text: Field required");
}

TEST(AnthropicRequest, WhatIsUnknownIsRefused) {
  EXPECT_EQ(refusal_of(R"("messages":[{"role":"user","content":"Hi"}],"model":"claude")"), "model: Extra inputs are not permitted");
  EXPECT_EQ(refusal_of_messages(R"([{"role":"user","content":[{"type":"text","text":"Hi","id":"1"}]}])"),
            "messages.0.content.0.text.id: Extra inputs are not permitted");
  EXPECT_EQ(refusal_of_messages(R"([{"role":"user","content":[{"type":"tool_use"}]}])"),
            "messages.0.content.0: Input tag 'tool_use' found using 'type' does not match any of the expected tags: 'document', 'image', "
            "'search_result', 'text', 'tool_result'");
}

TEST(AnthropicRequest, WrongTypesAndRangesAreNamed) {
  EXPECT_EQ(refusal("anthropic-messages",
                    R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":0,"messages":[{"role":"user","content":"Hi"}]})"),
            "max_tokens: Input should be greater than or equal to 1");
  EXPECT_EQ(refusal("anthropic-messages",
                    R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":"9","messages":[{"role":"user","content":"Hi"}]})"),
            "max_tokens: Input should be a valid integer");
  EXPECT_EQ(refusal_of(R"("temperature":1.5,"messages":[{"role":"user","content":"Hi"}])"), "temperature: range: 0..1");
  EXPECT_EQ(refusal_of_messages(R"([{"role":"user","content":7}])"), "messages.0.content: Input should be a valid list");
  EXPECT_EQ(refusal_of_messages(R"([{"role":"bot","content":"Hi"}])"), "messages.0.role: Input should be 'user' or 'assistant'");
}

TEST(AnthropicRequest, RolesKeepToTheRules) {
  EXPECT_EQ(refusal_of_messages(R"([{"role":"assistant","content":"Hi"}])"), R"(messages: first message must use the "user" role)");
  EXPECT_EQ(
      refusal_of_messages(R"([{"role":"system","content":"Hi"}])"),
      R"(messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.)");
  EXPECT_EQ(refusal_of_messages(R"([{"role":"user","content":""}])"), "messages: text content blocks must be non-empty");
  EXPECT_EQ(refusal_of_messages(R"([{"role":"user","content":[]}])"),
            "messages.0: all messages must have non-empty content except for the optional final assistant message");
}

TEST(AnthropicRequest, EveryToolUseHasItsResult) {
  EXPECT_EQ(refusal_of_messages(
                R"([{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]},
                                    {"role":"user","content":"And?"}])"),
            "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1. Each `tool_use` block must have a "
            "corresponding `tool_result` block in the next message.");
  EXPECT_EQ(refusal_of_messages(R"([{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"tool_result","tool_use_id":"t1"}]}])"),
            "messages.0.content.1: unexpected `tool_use_id` found in `tool_result` blocks: t1. Each `tool_result` block must have a "
            "corresponding "
            "`tool_use` block in the previous message.");
}

TEST(AnthropicRequest, MessagesOfOneRoleInARowAreOneTurn) {
  const Conversation conversation = read_messages(R"([{"role":"user","content":"Hi"},
    {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]},
    {"role":"assistant","content":[{"type":"tool_use","id":"t2","name":"f","input":{}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"t2"}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"},{"type":"text","text":"Well?"}]}])");
  ASSERT_EQ(conversation.messages.size(), 3);
  EXPECT_EQ(block<ToolUseBlock>(conversation, 1, 1).id, "t2");
  EXPECT_EQ(text(conversation, 2, 2), "Well?");
}

TEST(AnthropicRequest, ABetasMembersAreForThoseWhoAskForIt) {
  const std::string members = R"("context_management":{"edits":[]},"messages":[{"role":"user","content":"Hi"}])";
  EXPECT_EQ(refusal_of(members), "context_management: Extra inputs are not permitted");
  const Conversation conversation = read(
      "anthropic-messages",
      R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":64,"anthropic_beta":["context-management-2025-06-27"],)" + members + "}");
  EXPECT_EQ(json::write(*conversation.additional_fields.find("context_management")), R"({"edits":[]})");
}

TEST(AnthropicRequest, AThinkingBudgetIsBelowTheTokens) {
  EXPECT_EQ(refusal_of(R"("thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"Hi"}])"),
            "`max_tokens` must be greater than `thinking.budget_tokens`.");
  EXPECT_EQ(refusal_of(R"("thinking":{"type":"enabled","budget_tokens":12},"messages":[{"role":"user","content":"Hi"}])"),
            "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
}

TEST(AnthropicRequest, NoJsonIsMalformed) {
  EXPECT_EQ(refusal("anthropic-messages", "{"), "Malformed input request, please reformat your input and try again.");
  EXPECT_EQ(refusal("anthropic-messages", "[]"), "Input should be a valid dictionary");
}

}  // namespace outcrop::inference
