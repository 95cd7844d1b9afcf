// Mistral AI's text completion (Bedrock user guide, "Mistral AI text completion"): a prompt with [INST] around what the user says.
#include "inference/dialects/families.h"
#include "inference/dialects/member_rules.h"
#include "inference/dialects/prompt_template.h"
#include "inference/dialects/text_stream.h"

namespace outcrop::inference::mistral_text {

namespace {

constexpr TemplateToken tokens[] = {
    {"<s>", TemplateToken::Kind::nothing},
    {"[INST]", TemplateToken::Kind::user},
    {"[/INST]", TemplateToken::Kind::assistant},
    {"</s>", TemplateToken::Kind::end_of_turn},
};

constexpr MemberRule rules[] = {
    {.name = "prompt", .required = true},
    {.name = "max_tokens", .meaning = Meaning::max_tokens, .range = {1, 8192}},
    {.name = "stop", .meaning = Meaning::stops, .range = {0, 10}},
    {.name = "temperature", .meaning = Meaning::temperature, .range = {0, 1}},
    {.name = "top_k", .meaning = Meaning::kept_integer, .range = {0, 200}},
    {.name = "top_p", .meaning = Meaning::top_p, .range = {0, 1}},
};

void read_request(const Field& body, Conversation& out) {
  json::Object kept;
  if (!read_members(body, rules, out.parameters, kept)) return;
  if (auto prompt = body["prompt"].text({.min = 1})) read_prompt({tokens}, *prompt, {}, out);
  keep(out, std::move(kept));
}

std::string write_output(std::string_view text, std::optional<StopReason> reason) { return write_completion("outputs", text, reason); }

class MistralTextStream final : public TextStream {
  std::string write_text(std::string_view text) override { return write_output(text, std::nullopt); }
  std::string write_end(const AnswerEnd& end, const Usage&) override { return write_output("", end.reason); }
};

class MistralText final : public Dialect {
 public:
  Result<Conversation> read(std::string_view body) const override { return read_body(body, Wording::json_schema, read_request); }
  Fault too_many_tokens(int asked, int allowed, std::string_view) const override { return above_maximum("/max_tokens", asked, allowed); }
  std::string write(CollectedAnswer answer, const AnswerFacts&) const override {
    return write_output(answer_text(answer), answer.end.reason);
  }
  std::unique_ptr<DialectStream> stream(const AnswerFacts&) const override { return std::make_unique<MistralTextStream>(); }
};

}  // namespace
}  // namespace outcrop::inference::mistral_text

namespace outcrop::inference {

const Dialect& mistral_text_dialect() {
  static const mistral_text::MistralText dialect;
  return dialect;
}

}  // namespace outcrop::inference
