#include "inference/openai/chat_request.h"

#include <gtest/gtest.h>

namespace outcrop::inference {

namespace {

Conversation asking(std::string text) { return {.messages = {{Role::user, {TextBlock{std::move(text)}}}}}; }

std::string request(const Conversation& conversation, ChatRequestOptions options = {.served_model = "m"}) {
  Result<std::string> body = chat_request(conversation, options);
  EXPECT_TRUE(body) << body.error().message;
  return body.value_or("");
}

std::string refusal(const Conversation& conversation) {
  Result<std::string> body = chat_request(conversation, {.served_model = "m"});
  return body ? *body : body.error().message;
}

// The part of the body under that name.
std::string member(const std::string& body, std::string_view name) {
  const json::Value parsed = *json::parse(body);
  const json::Value* found = parsed.find(name);
  return found ? json::write(*found) : "absent";
}

}  // namespace

TEST(ChatRequest, IsTheModelAndTheMessages) {
  EXPECT_EQ(request(asking("Hi")), R"({"model":"m","messages":[{"role":"user","content":"Hi"}]})");
}

TEST(ChatRequest, AStreamedOneAsksForTheUsage) {
  const std::string body = request(asking("Hi"), {.served_model = "m", .streamed = true});
  EXPECT_EQ(member(body, "stream"), "true");
  EXPECT_EQ(member(body, "stream_options"), R"({"include_usage":true})");
}

TEST(ChatRequest, SystemTextsAreOneMessage) {
  Conversation conversation = asking("Hi");
  conversation.system = {TextBlock{"a"}, CachePointBlock{}, GuardBlock{TextBlock{"b"}, {}}};
  EXPECT_EQ(member(request(conversation), "messages"), R"([{"role":"system","content":"a\n\nb"},{"role":"user","content":"Hi"}])");
}

TEST(ChatRequest, EveryParameterHasItsName) {
  Conversation conversation = asking("Hi");
  conversation.parameters = {.max_tokens = 64, .temperature = 0.5, .top_p = 0.9, .stop_sequences = {"a", "b"}};
  conversation.additional_fields = *json::parse(R"({"top_k":40,"seed":7})");
  EXPECT_EQ(
      request(conversation),
      R"({"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":64,"temperature":0.5,"top_p":0.9,"stop":["a","b"],"top_k":40,"seed":7})");
  EXPECT_EQ(member(request(conversation, {.served_model = "m", .max_completion_tokens = true}), "max_completion_tokens"), "64");
}

TEST(ChatRequest, ToolsAreFunctions) {
  Conversation conversation = asking("Hi");
  conversation.tools = {ToolSpecification{"f", "does it", *json::parse(R"({"type":"object"})"), true}, CachePointBlock{}};
  conversation.tool_choice = ToolChoice{ToolChoice::Kind::tool, "f"};
  const std::string body = request(conversation);
  EXPECT_EQ(member(body, "tools"),
            R"([{"type":"function","function":{"name":"f","description":"does it","parameters":{"type":"object"},"strict":true}}])");
  EXPECT_EQ(member(body, "tool_choice"), R"({"type":"function","function":{"name":"f"}})");
  conversation.tool_choice->kind = ToolChoice::Kind::any;
  EXPECT_EQ(member(request(conversation), "tool_choice"), R"("required")");
}

TEST(ChatRequest, ToolUsesAndTheirResultsAreMessages) {
  Conversation conversation = asking("Hi");
  conversation.messages.push_back(
      {Role::assistant, {ReasoningBlock{.text = "Hm"}, TextBlock{"See:"}, ToolUseBlock{"t1", "f", *json::parse(R"({"a":1})")}}});
  conversation.messages.push_back({Role::user, {TextBlock{"And?"}, ToolResultBlock{"t1", {TextBlock{"one"}, *json::parse("[2]")}, false}}});
  EXPECT_EQ(
      member(request(conversation), "messages"),
      R"([{"role":"user","content":"Hi"},)"
      R"({"role":"assistant","content":"See:","reasoning_content":"Hm","tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},)"
      R"({"role":"tool","tool_call_id":"t1","content":"one\n[2]"},{"role":"user","content":"And?"}])");
}

TEST(ChatRequest, ImagesAreDataUrls) {
  Conversation conversation = asking("What?");
  conversation.messages[0].content.push_back(ImageBlock{"png", "abc"});
  EXPECT_EQ(
      member(request(conversation), "messages"),
      R"([{"role":"user","content":[{"type":"text","text":"What?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,YWJj"}}]}])");
}

TEST(ChatRequest, JsonOutputIsAResponseFormat) {
  Conversation conversation = asking("Hi");
  conversation.json_output = JsonOutput{.schema = *json::parse(R"({"type":"object"})")};
  EXPECT_EQ(member(request(conversation), "response_format"),
            R"({"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"},"strict":true}})");
}

TEST(ChatRequest, AnAdditionalFieldSaysNothingTwice) {
  Conversation conversation = asking("Hi");
  conversation.parameters.temperature = 0.5;
  conversation.additional_fields = *json::parse(R"({"temperature":1})");
  EXPECT_EQ(refusal(conversation), "The additional model request field temperature is set by the request itself.");
  conversation.parameters.temperature.reset();
  EXPECT_EQ(member(request(conversation), "temperature"), "1");
  conversation.additional_fields = *json::parse(R"({"messages":[]})");
  EXPECT_EQ(refusal(conversation), "The additional model request field messages is set by the request itself.");
  conversation.additional_fields = json::Value("x");
  EXPECT_EQ(refusal(conversation), "The additional model request fields must be a JSON object.");
}

TEST(ChatRequest, OneCallAtATimeIsSaidInThisDialect) {
  Conversation conversation = asking("Hi");
  conversation.tools = {ToolSpecification{"f", "", json::Value::object(), {}}};
  conversation.tool_choice = ToolChoice{};
  conversation.additional_fields = *json::parse(R"({"tool_choice":{"type":"auto","disable_parallel_tool_use":true}})");
  const std::string body = request(conversation);
  EXPECT_EQ(member(body, "tool_choice"), R"("auto")");
  EXPECT_EQ(member(body, "parallel_tool_calls"), "false");
}

TEST(ChatRequest, WhatTheDialectCannotSayIsRefused) {
  Conversation conversation = asking("Hi");
  conversation.tools = {SystemTool{"nova_grounding"}};
  EXPECT_EQ(refusal(conversation), "This model has no system tools.");
  conversation = asking("Hi");
  conversation.messages[0].content.push_back(VideoBlock{"mp4", "x"});
  EXPECT_EQ(refusal(conversation), "This model takes no videos.");
  conversation.messages[0].content = {ImageBlock{"png", S3Location{"s3://b/k", ""}}};
  EXPECT_EQ(refusal(conversation), "Media in S3 cannot be sent to this model.");
}

}  // namespace outcrop::inference
