// Turns what a chat-completion server says into the events of an answer.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "inference/conversation.h"
#include "inference/openai/chat_message.h"

namespace outcrop::inference {

class ChatAnswer {
 public:
  // `make_tool_use_id` names the tool uses of servers that do not.
  explicit ChatAnswer(std::function<std::string()> make_tool_use_id) : make_tool_use_id_(std::move(make_tool_use_id)) {}

  // The events of one message, appended to `out`. Faults with ModelStreamErrorException 424 when the message is an error, and when
  // it goes on with a call that another has followed.
  Result<void> take(ChatMessage message, std::vector<AnswerEvent>& out);
  // At the end of all: closes what is open, and says why it ended. The usage is the caller's to add.
  void finish(std::vector<AnswerEvent>& out);

  // Whether the server has said why it ended.
  bool has_ended() const { return !finish_reason_.empty(); }
  // What the server counted, if it did; input tokens are without those from its cache.
  std::optional<Usage> usage() const;

 private:
  enum class Open { nothing, text, reasoning, tool };
  void open(Open kind, std::vector<AnswerEvent>& out);
  void close(std::vector<AnswerEvent>& out);
  Result<void> take_tool_call(ChatMessage::ToolCall call, std::vector<AnswerEvent>& out);
  bool continues(const ChatMessage::ToolCall& call) const;

  const std::function<std::string()> make_tool_use_id_;
  Open open_ = Open::nothing;
  int index_ = -1;  // of the block that is open, or was last
  // The open call, as the server names it.
  int tool_call_ = -1;
  std::string tool_call_id_;
  bool used_tools_ = false;
  std::string finish_reason_, met_stop_;
  std::optional<ChatUsage> usage_;
};

}  // namespace outcrop::inference
