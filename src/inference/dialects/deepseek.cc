// DeepSeek-R1 (Bedrock user guide, "DeepSeek models"): a prompt with the model's chat template applied. Its answer is one text,
// thoughts first, as the model says them after the template's <think>.
#include "inference/dialects/families.h"
#include "inference/dialects/member_rules.h"
#include "inference/dialects/prompt_template.h"
#include "inference/dialects/turns.h"

namespace outcrop::inference::deepseek {

namespace {

constexpr TemplateToken tokens[] = {
    {"<｜begin▁of▁sentence｜>", TemplateToken::Kind::nothing},
    {"<｜User｜>", TemplateToken::Kind::user},
    {"<｜Assistant｜>", TemplateToken::Kind::assistant},
    {"<｜end▁of▁sentence｜>", TemplateToken::Kind::end_of_turn},
};

constexpr MemberRule rules[] = {
    {.name = "prompt", .required = true},
    {.name = "max_tokens", .meaning = Meaning::max_tokens, .range = {1, 32'768}},
    {.name = "stop", .meaning = Meaning::stops, .range = {0, 10}},
    {.name = "temperature", .meaning = Meaning::temperature, .range = {0, 1}},
    {.name = "top_p", .meaning = Meaning::top_p, .range = {0, 1}},
};

constexpr std::string_view end_of_thought = "\n</think>\n\n";

// The documented template ends in "<think>\n", which asks for thoughts and says nothing.
std::string_view without_think(std::string_view prompt) {
  const size_t end = prompt.find_last_not_of(" \r\n");
  const std::string_view said = prompt.substr(0, end + 1);
  return said.ends_with("<｜Assistant｜><think>") ? said.substr(0, said.size() - 7) : prompt;
}

void read_request(const Field& body, Conversation& out) {
  json::Object kept;
  if (!read_members(body, rules, out.parameters, kept)) return;
  if (auto prompt = body["prompt"].text({.min = 1})) read_prompt({tokens}, without_think(*prompt), {}, out);
}

std::string write_choice(std::string_view text, std::optional<StopReason> reason) { return write_completion("choices", text, reason); }

class DeepSeekStream final : public DialectStream {
 public:
  void take(AnswerEvent event, std::vector<std::string>& chunks) override {
    if (const std::string_view thought = reasoning_of(event); !thought.empty()) {
      thinking_ = true;
      chunks.push_back(write_choice(thought, std::nullopt));
    } else if (const std::string_view text = text_of(event); !text.empty()) {
      if (std::exchange(thinking_, false)) chunks.push_back(write_choice(end_of_thought, std::nullopt));
      chunks.push_back(write_choice(text, std::nullopt));
    } else if (auto* end = std::get_if<AnswerEnd>(&event)) {
      reason_ = end->reason;
    } else if (std::holds_alternative<AnswerUsage>(event)) {
      chunks.push_back(write_choice("", reason_));
    }
  }

 private:
  bool thinking_ = false;
  StopReason reason_ = StopReason::end_turn;
};

class DeepSeek final : public Dialect {
 public:
  Result<Conversation> read(std::string_view body) const override { return read_body(body, Wording::json_schema, read_request); }
  Fault too_many_tokens(int asked, int allowed, std::string_view) const override { return above_maximum("/max_tokens", asked, allowed); }
  std::string write(CollectedAnswer answer, const AnswerFacts&) const override {
    std::string thoughts = answer_reasoning(answer), text = answer_text(answer);
    if (!thoughts.empty() && !text.empty()) thoughts += end_of_thought;
    return write_choice(thoughts + text, answer.end.reason);
  }
  std::unique_ptr<DialectStream> stream(const AnswerFacts&) const override { return std::make_unique<DeepSeekStream>(); }
};

}  // namespace
}  // namespace outcrop::inference::deepseek

namespace outcrop::inference {

const Dialect& deepseek_dialect() {
  static const deepseek::DeepSeek dialect;
  return dialect;
}

}  // namespace outcrop::inference
