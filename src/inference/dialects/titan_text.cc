// Amazon Titan Text (Bedrock user guide, "Amazon Titan Text models"): an input text, which may be a talk of "User:" and "Bot:".
#include "inference/dialects/families.h"
#include "inference/dialects/member_rules.h"
#include "inference/dialects/prompt_template.h"
#include "inference/dialects/text_stream.h"
#include "json/writer.h"

namespace outcrop::inference::titan_text {

namespace {

constexpr TemplateToken tokens[] = {
    {"User:", TemplateToken::Kind::user},
    {"Bot:", TemplateToken::Kind::assistant},
};

constexpr MemberRule rules[] = {
    {.name = "inputText", .required = true},
    {.name = "textGenerationConfig"},
};

// The longest answer is 3,072 tokens of Premier, 4,096 of Lite and 8,192 of Express.
constexpr MemberRule generation_rules[] = {
    {.name = "maxTokenCount", .meaning = Meaning::max_tokens, .range = {0, 8192}},
    {.name = "stopSequences", .meaning = Meaning::stops},
    {.name = "temperature", .meaning = Meaning::temperature, .range = {0, 1}},
    {.name = "topP", .meaning = Meaning::top_p, .range = {0, 1}},
};

void read_request(const Field& body, Conversation& out) {
  json::Object kept;
  if (!read_members(body, rules, out.parameters, kept)) return;
  if (auto text = body["inputText"].text({.min = 1})) read_prompt({tokens, true}, *text, {}, out);
  read_members(body["textGenerationConfig"], generation_rules, out.parameters, kept);
}

std::string_view completion_reason(StopReason reason) {
  switch (reason) {
    case StopReason::max_tokens:
    case StopReason::model_context_window_exceeded:
      return "LENGTH";
    case StopReason::stop_sequence:
      return "STOP_CRITERIA_MET";
    case StopReason::content_filtered:
    case StopReason::guardrail_intervened:
      return "CONTENT_FILTERED";
    default:
      return "FINISH";
  }
}

class TitanStream final : public TextStream {
 public:
  explicit TitanStream(int64_t input_tokens) : input_tokens_(input_tokens) {}

 private:
  std::string write_text(std::string_view text) override { return write(text, std::nullopt, std::nullopt); }
  std::string write_end(const AnswerEnd& end, const Usage& usage) override { return write("", usage.output, end.reason); }

  std::string write(std::string_view text, std::optional<int64_t> output_tokens, std::optional<StopReason> reason) const {
    std::string chunk;
    json::Writer out(chunk);
    out.begin_object();
    out.name("outputText"), out.string(text);
    out.name("index"), out.number(0);
    out.name("totalOutputTextTokenCount");
    output_tokens ? out.number(*output_tokens) : out.null();
    out.name("completionReason");
    reason ? out.string(completion_reason(*reason)) : out.null();
    out.name("inputTextTokenCount"), out.number(input_tokens_);
    out.end_object();
    return chunk;
  }

  const int64_t input_tokens_;
};

class TitanText final : public Dialect {
 public:
  Result<Conversation> read(std::string_view body) const override { return read_body(body, Wording::json_schema, read_request); }
  Fault too_many_tokens(int asked, int allowed, std::string_view) const override {
    return above_maximum("/textGenerationConfig/maxTokenCount", asked, allowed);
  }
  std::string write(CollectedAnswer answer, const AnswerFacts&) const override {
    std::string body;
    json::Writer out(body);
    out.begin_object();
    out.name("inputTextTokenCount"), out.number(prompt_tokens(answer.usage));
    out.name("results"), out.begin_array();
    out.begin_object();
    out.name("tokenCount"), out.number(answer.usage.output);
    out.name("outputText"), out.string(answer_text(answer));
    out.name("completionReason"), out.string(completion_reason(answer.end.reason));
    out.end_object();
    out.end_array();
    out.end_object();
    return body;
  }
  std::unique_ptr<DialectStream> stream(const AnswerFacts& facts) const override {
    return std::make_unique<TitanStream>(facts.input_tokens);
  }
};

}  // namespace
}  // namespace outcrop::inference::titan_text

namespace outcrop::inference {

const Dialect& titan_text_dialect() {
  static const titan_text::TitanText dialect;
  return dialect;
}

}  // namespace outcrop::inference
