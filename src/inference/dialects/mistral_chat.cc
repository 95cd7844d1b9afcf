// Mistral AI's chat completion (Bedrock user guide, "Mistral AI chat completion"; Pixtral Large takes images in it).
#include "inference/dialects/chat_completion.h"
#include "inference/dialects/families.h"
#include "inference/dialects/member_rules.h"
#include "inference/dialects/turns.h"

namespace outcrop::inference::mistral_chat {

namespace {

constexpr MemberRule rules[] = {
    {.name = "messages", .required = true},
    {.name = "max_tokens", .meaning = Meaning::max_tokens, .range = {.min = 1}},
    {.name = "stop", .meaning = Meaning::stop_or_stops},
    {.name = "temperature", .meaning = Meaning::temperature, .range = {0, 1}},
    {.name = "tool_choice"},
    {.name = "tools"},
    {.name = "top_p", .meaning = Meaning::top_p, .range = {0, 1}},
};

void read_request(const Field& body, Conversation& out) {
  json::Object kept;
  if (!read_members(body, rules, out.parameters, kept)) return;
  chat::read_messages(body["messages"], out);
  chat::read_tools(body["tools"], out);
  chat::read_tool_choice(body["tool_choice"], "any", out);
}

// One choice with a message, whole or a piece of it.
std::string write_choice(const CollectedAnswer& answer, std::optional<StopReason> reason) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  out.name("choices"), out.begin_array();
  out.begin_object();
  chat::write_message(out, answer_text(answer), answer);
  out.name("stop_reason");
  reason ? out.string(chat::finish_reason(*reason)) : out.null();
  out.end_object();
  out.end_array();
  out.end_object();
  return body;
}

// A call of a tool is a piece as a whole.
class MistralChatStream final : public DialectStream {
 public:
  void take(AnswerEvent event, std::vector<std::string>& chunks) override {
    if (const std::string_view text = text_of(event); !text.empty()) {
      chunks.push_back(write_choice({.content = {TextBlock{std::string(text)}}}, std::nullopt));
    } else if (auto* end = std::get_if<AnswerEnd>(&event)) {
      reason_ = end->reason;
    } else if (std::holds_alternative<AnswerUsage>(event)) {
      chunks.push_back(write_choice({}, reason_));
    } else if (is_of_tool(event)) {
      tool_.take(std::move(event));
      in_tool_ = true;
    } else if (std::holds_alternative<BlockStop>(event) && std::exchange(in_tool_, false)) {
      tool_.take(std::move(event));
      chunks.push_back(write_choice(std::exchange(tool_, {}).finish(), std::nullopt));
    }
  }

 private:
  static bool is_of_tool(const AnswerEvent& event) {
    auto* delta = std::get_if<BlockDelta>(&event);
    return std::holds_alternative<BlockStart>(event) || (delta && std::holds_alternative<ToolInputDelta>(delta->delta));
  }

  Collector tool_;
  bool in_tool_ = false;
  StopReason reason_ = StopReason::end_turn;
};

class MistralChat final : public Dialect {
 public:
  Result<Conversation> read(std::string_view body) const override { return read_body(body, Wording::json_schema, read_request); }
  Fault too_many_tokens(int asked, int allowed, std::string_view) const override { return above_maximum("/max_tokens", asked, allowed); }
  std::string write(CollectedAnswer answer, const AnswerFacts&) const override { return write_choice(answer, answer.end.reason); }
  std::unique_ptr<DialectStream> stream(const AnswerFacts&) const override { return std::make_unique<MistralChatStream>(); }
};

}  // namespace
}  // namespace outcrop::inference::mistral_chat

namespace outcrop::inference {

const Dialect& mistral_chat_dialect() {
  static const mistral_chat::MistralChat dialect;
  return dialect;
}

}  // namespace outcrop::inference
