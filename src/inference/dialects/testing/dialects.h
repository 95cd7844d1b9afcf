// What the tests of the dialects share: a body read, an answer written, an answer streamed.
#pragma once
#include <gtest/gtest.h>

#include "inference/dialects/dialect.h"

namespace outcrop::inference::testing {

inline const AnswerFacts facts = {
    .model_id = "anthropic.claude-sonnet-4-20250514-v1:0", .answer_id = "A1b2C3", .input_tokens = 12, .created_s = 1754000000};

inline const Dialect& dialect(std::string_view name) {
  const Dialect* found = find_dialect(name);
  check(found != nullptr, "no dialect of that name");
  return *found;
}

// The conversation of a body that is right.
inline Conversation read(std::string_view name, std::string_view body) {
  Result<Conversation> read = dialect(name).read(body);
  EXPECT_TRUE(read) << read.error().message;
  return read ? std::move(*read) : Conversation();
}

// The words for what is wrong with a body.
inline std::string refusal(std::string_view name, std::string_view body) {
  Result<Conversation> read = dialect(name).read(body);
  if (read) return "was read";
  EXPECT_EQ(read.error().code, "ValidationException");
  EXPECT_EQ(read.error().status, 400);
  return read.error().message;
}

inline std::string malformed(std::string_view problems) {
  return "Malformed input request: " + std::string(problems) + ", please reformat your input and try again.";
}

inline ::testing::AssertionResult same_json(std::string_view a, std::string_view b) {
  auto left = json::parse(a), right = json::parse(b);
  if (!left || !right) return ::testing::AssertionFailure() << "no JSON: " << (left ? b : a);
  if (*left == *right) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << a << "\n  is not\n" << b;
}

inline ::testing::AssertionResult same_json(const std::vector<std::string>& chunks, std::initializer_list<std::string_view> expected) {
  if (chunks.size() != expected.size()) {
    auto failure = ::testing::AssertionFailure() << chunks.size() << " chunks:";
    for (const std::string& chunk : chunks) failure << "\n" << chunk;
    return failure;
  }
  for (size_t i = 0; i < chunks.size(); ++i) {
    if (auto same = same_json(chunks[i], expected.begin()[i]); !same) return same;
  }
  return ::testing::AssertionSuccess();
}

inline std::string written(std::string_view name, std::vector<ContentBlock> content, AnswerEnd end = {}, Usage usage = {12, 5}) {
  return dialect(name).write({std::move(content), std::move(end), usage}, facts);
}

inline std::vector<std::string> streamed(std::string_view name, std::vector<AnswerEvent> events) {
  std::vector<std::string> chunks;
  std::unique_ptr<DialectStream> stream = dialect(name).stream(facts);
  for (AnswerEvent& event : events) stream->take(std::move(event), chunks);
  return chunks;
}

// "Hello", " there", and the end.
inline std::vector<AnswerEvent> greeting(AnswerEnd end = {}) {
  return {BlockDelta{0, TextDelta{"Hello"}}, BlockDelta{0, TextDelta{" there"}}, BlockStop{0}, std::move(end), AnswerUsage{{12, 5}}};
}

template <class Block>
const Block& block(const Conversation& conversation, size_t message, size_t index = 0) {
  check(message < conversation.messages.size() && index < conversation.messages[message].content.size(), "no such block");
  const Block* found = std::get_if<Block>(&conversation.messages[message].content[index]);
  check(found != nullptr, "a block of another kind");
  return *found;
}

inline std::string text(const Conversation& conversation, size_t message, size_t index = 0) {
  return block<TextBlock>(conversation, message, index).text;
}

inline std::string system_text(const Conversation& conversation, size_t index = 0) {
  return std::get<TextBlock>(conversation.system.at(index)).text;
}

inline const ToolSpecification& tool(const Conversation& conversation, size_t index = 0) {
  return std::get<ToolSpecification>(conversation.tools.at(index));
}

inline std::string kept(const Conversation& conversation) { return json::write(conversation.additional_fields); }

// The smallest of images: eight bytes that say PNG.
inline constexpr std::string_view png_base64 = "iVBORw0KGgo=";
inline constexpr std::string_view png_bytes = "\x89PNG\r\n\x1a\n";

}  // namespace outcrop::inference::testing
