// Chat completions as the families write them that follow OpenAI's: Mistral AI, AI21 and OpenAI itself. Their messages and
// tools read, their answers written.
#pragma once
#include <string>
#include <string_view>

#include "inference/dialects/dialect.h"
#include "inference/dialects/field.h"
#include "json/writer.h"

namespace outcrop::inference::chat {

void read_messages(const Field& messages, Conversation& out);
void read_tools(const Field& tools, Conversation& out);
// `any` is the family's word for "some tool": "any" or "required".
void read_tool_choice(const Field& choice, std::string_view any, Conversation& out);
// What is no schema goes to `kept`.
void read_response_format(const Field& format, Conversation& out, json::Object& kept);

// "stop", "length", "tool_calls" or "content_filter".
std::string_view finish_reason(StopReason reason);
// Nothing when no tool is used.
void write_tool_calls(json::Writer& out, const CollectedAnswer& answer);
void write_usage(json::Writer& out, const Usage& usage);
// The same, and how much of the prompt came from the cache.
void write_usage_with_cache(json::Writer& out, const Usage& usage);
// Into an open choice: its index and its message of this text and the answer's tool calls.
void write_message(json::Writer& out, std::string_view text, const CollectedAnswer& answer);
// The one choice of a whole answer, and its usage.
void write_choices(json::Writer& out, std::string_view text, const CollectedAnswer& answer);
// Into an open object: what stands before the choices of "chat.completion" and "chat.completion.chunk" objects.
void write_completion_head(json::Writer& out, std::string_view object, const AnswerFacts& facts);

// What differs in how chunks tell of an answer.
struct DeltaStyle {
  // Not at all, in <reasoning> tags before the text, or as a member `reasoning` of deltas.
  enum class Thoughts { hidden, tagged, apart };
  // With the reason why the answer ended, in a chunk of its own behind that, or not at all.
  enum class UsageChunk { last, own, none };
  Thoughts thoughts = Thoughts::hidden;
  UsageChunk usage = UsageChunk::last;
};

// Chunks of "chat.completion.chunk" objects.
class DeltaStream : public DialectStream {
 public:
  void take(AnswerEvent event, std::vector<std::string>& chunks) final;

 protected:
  explicit DeltaStream(DeltaStyle style) : style_(style) {}

 private:
  // The members of a chunk that stand before its choices.
  virtual void write_head(json::Writer& out) const = 0;

  template <class F>
  void chunk(std::vector<std::string>& chunks, F write_delta, std::string_view finish = {}, const Usage* usage = nullptr) const;
  void add_text(std::vector<std::string>& chunks, std::string_view member, std::string_view text) const;
  void add_thought(std::vector<std::string>& chunks, const std::string& thought);
  void end_reasoning(std::vector<std::string>& chunks);
  void finish(std::vector<std::string>& chunks, const Usage& usage) const;
  void take_delta(const BlockDelta& delta, std::vector<std::string>& chunks);

  const DeltaStyle style_;
  bool started_ = false, reasoning_ = false;
  int tool_call_ = -1;  // index of the last
  AnswerEnd end_;
};

}  // namespace outcrop::inference::chat
