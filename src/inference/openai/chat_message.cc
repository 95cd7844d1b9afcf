#include "inference/openai/chat_message.h"

#include <algorithm>
#include <limits>

#include "json/reader.h"

namespace outcrop::inference {

namespace {

using json::Token;

// Walks the text once. Every function is called with the first token of its value at hand and leaves with the last.
class Walk {
 public:
  explicit Walk(std::string_view text) : reader_(text) {}

  bool run(ChatMessage& out) {
    reader_.next();
    bool read = object([&](std::string_view name) { return top(name, out); });
    return read && reader_.next() == Token::end;
  }

 private:
  // Calls take_member(name) with each member's first token at hand. A value that is no object is passed over.
  template <class F>
  bool object(F take_member) {
    if (reader_.token() != Token::begin_object) return reader_.skip();
    while (reader_.next() == Token::name) {
      std::string name(reader_.text());
      reader_.next();
      if (!take_member(name)) return false;
    }
    return reader_.token() == Token::end_object;
  }

  // Likewise with each element.
  template <class F>
  bool array(F take_element) {
    if (reader_.token() != Token::begin_array) return reader_.skip();
    while (reader_.next() != Token::end_array) {
      if (reader_.token() == Token::error || !take_element()) return false;
    }
    return true;
  }

  bool text(std::string& out) {
    if (reader_.token() != Token::string) return reader_.skip();
    out += reader_.text();
    return true;
  }

  bool integer(int64_t& out) {
    json::Value value;
    if (!reader_.capture(value)) return false;
    out = value.as_int64().value_or(out);
    return true;
  }

  bool top(std::string_view name, ChatMessage& out) {
    if (name == "choices") {
      size_t count = 0;
      return array([&] { return count++ == 0 ? object([&](std::string_view member) { return choice(member, out); }) : reader_.skip(); });
    }
    if (name == "usage") return usage(out);
    if (name == "error") return error(out);
    return reader_.skip();
  }

  bool choice(std::string_view name, ChatMessage& out) {
    if (name == "delta" || name == "message") return object([&](std::string_view member) { return message(member, out); });
    if (name == "finish_reason") return text(out.finish_reason);
    if (name == "stop_reason" || name == "matched_stop") return text(out.met_stop);  // vLLM's word for it, and SGLang's
    return reader_.skip();
  }

  bool message(std::string_view name, ChatMessage& out) {
    if (name == "content") return content(out.content);
    // Servers that have renamed it send both, with the same text.
    if (name == "reasoning_content" || name == "reasoning") return out.reasoning.empty() ? text(out.reasoning) : reader_.skip();
    if (name == "refusal") return text(out.content);
    if (name != "tool_calls") return reader_.skip();
    return array([&] {
      ChatMessage::ToolCall& call = out.tool_calls.emplace_back();
      return object([&](std::string_view member) { return tool_call(member, call); });
    });
  }

  // Text, or parts of which some are text.
  bool content(std::string& out) {
    if (reader_.token() != Token::begin_array) return text(out);
    return array([&] { return object([&](std::string_view name) { return name == "text" ? text(out) : reader_.skip(); }); });
  }

  bool tool_call(std::string_view name, ChatMessage::ToolCall& call) {
    if (name == "index") {
      int64_t index = -1;
      bool read = integer(index);
      call.index = int(std::clamp<int64_t>(index, -1, std::numeric_limits<int>::max()));
      return read;
    }
    if (name == "id") return text(call.id);
    if (name != "function") return reader_.skip();
    return object([&](std::string_view member) {
      if (member == "name") return text(call.name);
      if (member == "arguments") return arguments(call);
      return reader_.skip();
    });
  }

  // Text by the dialect; some servers send the object itself.
  bool arguments(ChatMessage::ToolCall& call) {
    if (reader_.token() != Token::begin_object) return text(call.arguments);
    json::Value value;
    if (!reader_.capture(value)) return false;
    call.arguments = json::write(value);
    return true;
  }

  bool usage(ChatMessage& out) {
    if (reader_.token() != Token::begin_object) return reader_.skip();
    ChatUsage& usage = out.usage.emplace();
    return object([&](std::string_view name) {
      if (name == "prompt_tokens") return integer(usage.prompt);
      if (name == "completion_tokens") return integer(usage.completion);
      if (name != "prompt_tokens_details") return reader_.skip();
      return object([&](std::string_view member) { return member == "cached_tokens" ? cached(usage) : reader_.skip(); });
    });
  }

  bool cached(ChatUsage& usage) {
    if (reader_.token() != Token::number) return reader_.skip();
    return integer(usage.cached.emplace());
  }

  bool error(ChatMessage& out) {
    if (reader_.token() == Token::null) return true;
    std::string& message = out.error.emplace();
    if (reader_.token() == Token::string) return text(message);
    return object([&](std::string_view name) { return name == "message" ? text(message) : reader_.skip(); });
  }

  json::Reader reader_;
};

}  // namespace

Result<ChatMessage> read_chat_message(std::string_view text) {
  ChatMessage message;
  if (!Walk(text).run(message)) return fail("ModelErrorException", 424, "The model server's answer is not a chat completion.");
  return message;
}

}  // namespace outcrop::inference
