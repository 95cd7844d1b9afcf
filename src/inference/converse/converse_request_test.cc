// Conversations in Converse's words.
#include "inference/converse/converse_request.h"

#include <gtest/gtest.h>

namespace outcrop::inference {
namespace {

std::string block_json(const ContentBlock& block, Media media = Media::bytes) {
  std::string text;
  json::Writer out(text);
  write_content_block(out, block, media);
  return text;
}

TEST(ConverseRequest, EveryContentBlockHasItsOwnWords) {
  EXPECT_EQ(block_json(TextBlock{"a"}), R"({"text":"a"})");
  EXPECT_EQ(block_json(ImageBlock{"png", std::string("\x01\x02")}), R"({"image":{"format":"png","source":{"bytes":"AQI="}}})");
  EXPECT_EQ(block_json(VideoBlock{"mp4", S3Location{"s3://b/k", "123456789012"}}),
            R"({"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/k","bucketOwner":"123456789012"}}}})");
  EXPECT_EQ(block_json(AudioBlock{"wav", std::string("\x01\x02")}), R"({"audio":{"format":"wav","source":{"bytes":"AQI="}}})");
  EXPECT_EQ(block_json(DocumentBlock{"txt", "n", "c", std::string("\x01\x02"), true}),
            R"({"document":{"format":"txt","name":"n","source":{"bytes":"AQI="},"context":"c","citations":{"enabled":true}}})");
  EXPECT_EQ(block_json(DocumentBlock{"", "n", "", DocumentBlock::Chunks{{"a", "b"}}, false}),
            R"({"document":{"name":"n","source":{"content":[{"text":"a"},{"text":"b"}]}}})");
  EXPECT_EQ(block_json(DocumentBlock{"", "n", "", DocumentBlock::Text{"a"}, false}), R"({"document":{"name":"n","source":{"text":"a"}}})");
  EXPECT_EQ(block_json(SearchResultBlock{"s", "t", {"a"}, true}),
            R"({"searchResult":{"source":"s","title":"t","content":[{"text":"a"}],"citations":{"enabled":true}}})");
  EXPECT_EQ(block_json(ToolUseBlock{"u", "n", json::Object{{"k", 1}}}), R"({"toolUse":{"toolUseId":"u","name":"n","input":{"k":1}}})");
  EXPECT_EQ(block_json(ToolResultBlock{"u", {TextBlock{"a"}, json::Value(json::Object{{"k", 1}})}, true}),
            R"({"toolResult":{"toolUseId":"u","content":[{"text":"a"},{"json":{"k":1}}],"status":"error"}})");
  EXPECT_EQ(block_json(ReasoningBlock{"hm", "s", ""}), R"({"reasoningContent":{"reasoningText":{"text":"hm","signature":"s"}}})");
  EXPECT_EQ(block_json(ReasoningBlock{"", "", "\x01\x02"}), R"({"reasoningContent":{"redactedContent":"AQI="}})");
  EXPECT_EQ(block_json(CachePointBlock{CachePointBlock::TimeToLive::one_hour}), R"({"cachePoint":{"type":"default","ttl":"1h"}})");
  EXPECT_EQ(block_json(GuardBlock{TextBlock{"a"}, {"query"}}), R"({"guardContent":{"text":{"text":"a","qualifiers":["query"]}}})");
  EXPECT_EQ(block_json(GuardBlock{ImageBlock{"png", std::string("\x01\x02")}, {}}),
            R"({"guardContent":{"image":{"format":"png","source":{"bytes":"AQI="}}}})");
  using Location = Citation::Location;
  EXPECT_EQ(block_json(CitationsBlock{{"a"}, {{"t", "s", {"q"}, Location{Location::Kind::search_result, 1, 2, 3, "", ""}}}}),
            R"({"citationsContent":{"content":[{"text":"a"}],"citations":[{"title":"t","source":"s","sourceContent":[{"text":"q"}],)"
            R"("location":{"searchResultLocation":{"searchResultIndex":1,"start":2,"end":3}}}]}})");
}

TEST(ConverseRequest, DigestsStandForBytesWherePeopleRead) {
  EXPECT_EQ(block_json(ImageBlock{"png", std::string("abc")}, Media::digest),
            R"({"image":{"format":"png","source":{"bytes":{"sha256":)"
            R"("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","size":3}}}})");
  EXPECT_EQ(block_json(DocumentBlock{"txt", "n", "", std::string("abc"), false}, Media::digest),
            R"({"document":{"format":"txt","name":"n","source":{"bytes":{"text":"abc"}}}})");
}

TEST(ConverseRequest, ARequestHoldsAllThatWasAsked) {
  ModelRequest request{.model_id = "m", .conversation = {}};
  Conversation& conversation = request.conversation;
  conversation.system = {TextBlock{"Be kind."}, CachePointBlock{}};
  conversation.messages = {{Role::user, {TextBlock{"Hello"}}}, {Role::assistant, {TextBlock{"Well,"}}}};
  conversation.tools = {ToolSpecification{"t", "d", json::Object{{"type", "object"}}, true}, CachePointBlock{}};
  conversation.tool_choice = ToolChoice{ToolChoice::Kind::tool, "t"};
  conversation.parameters = {.max_tokens = 9, .temperature = 0.2f, .top_p = 0.9f, .stop_sequences = {"x"}};
  conversation.json_output = JsonOutput{"n", "d", json::Object{{"type", "object"}}};
  conversation.additional_fields = json::Object{{"top_k", 5}};
  conversation.additional_response_fields = {"/stop_sequence"};
  request.latency = Latency::optimized;
  request.tier = ServiceTier::flex;
  request.metadata = {{"a", "b"}};
  EXPECT_EQ(converse_request(request),
            R"({"messages":[{"role":"user","content":[{"text":"Hello"}]},{"role":"assistant","content":[{"text":"Well,"}]}],)"
            R"("system":[{"text":"Be kind."},{"cachePoint":{"type":"default"}}],)"
            R"("toolConfig":{"tools":[{"toolSpec":{"name":"t","description":"d","inputSchema":{"json":{"type":"object"}},"strict":true}},)"
            R"({"cachePoint":{"type":"default"}}],"toolChoice":{"tool":{"name":"t"}}},"additionalModelRequestFields":{"top_k":5},)"
            R"("inferenceConfig":{"maxTokens":9,"temperature":0.2,"topP":0.9,"stopSequences":["x"]},)"
            R"("outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"type\":\"object\"}","name":"n",)"
            R"("description":"d"}}}},"additionalModelResponseFieldPaths":["/stop_sequence"],"performanceConfig":{"latency":"optimized"},)"
            R"("serviceTier":{"type":"flex"},"requestMetadata":{"a":"b"}})");
}

}  // namespace
}  // namespace outcrop::inference
