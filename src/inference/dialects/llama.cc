// Meta's Llama (Bedrock user guide, "Meta Llama models"): a prompt with the chat template of Llama 3 or 4 applied, and from
// Llama 3.2 on images in base64.
#include "inference/dialects/families.h"
#include "inference/dialects/member_rules.h"
#include "inference/dialects/prompt_template.h"
#include "inference/dialects/text_stream.h"
#include "json/writer.h"

namespace outcrop::inference::llama {

namespace {

using Token = TemplateToken::Kind;

constexpr TemplateToken tokens[] = {
    {"<|begin_of_text|>", Token::nothing},
    {"<|start_header_id|>system<|end_header_id|>", Token::system},
    {"<|start_header_id|>user<|end_header_id|>", Token::user},
    {"<|start_header_id|>assistant<|end_header_id|>", Token::assistant},
    {"<|start_header_id|>ipython<|end_header_id|>", Token::user},
    {"<|start_header_id|>tool<|end_header_id|>", Token::user},
    {"<|header_start|>system<|header_end|>", Token::system},
    {"<|header_start|>user<|header_end|>", Token::user},
    {"<|header_start|>assistant<|header_end|>", Token::assistant},
    {"<|header_start|>ipython<|header_end|>", Token::user},
    {"<|header_start|>tool<|header_end|>", Token::user},
    {"<|eot_id|>", Token::end_of_turn},
    {"<|eom_id|>", Token::end_of_turn},
    {"<|eot|>", Token::end_of_turn},
    {"<|image|>", Token::image},
};

// The longest answer is 2,048 tokens of Llama 3 and 8,192 of Llama 4: the model's own bound is for who knows the model.
constexpr MemberRule rules[] = {
    {.name = "prompt", .required = true},
    {.name = "images"},
    {.name = "max_gen_len", .meaning = Meaning::max_tokens, .range = {1, 8192}},
    {.name = "temperature", .meaning = Meaning::temperature, .range = {0, 1}},
    {.name = "top_p", .meaning = Meaning::top_p, .range = {0, 1}},
};

std::vector<ImageBlock> read_images(const Field& images) {
  std::vector<ImageBlock> read;
  for (const Field& image : images.elements()) {
    auto bytes = image.bytes();
    if (!bytes) continue;
    const auto format = image_format(*bytes);
    if (!format) {
      image.wrong("is no image in PNG, JPEG, GIF or WebP");
      continue;
    }
    read.push_back({std::string(*format), std::move(*bytes)});
  }
  return read;
}

void read_request(const Field& body, Conversation& out) {
  json::Object kept;
  if (!read_members(body, rules, out.parameters, kept)) return;
  std::vector<ImageBlock> images = read_images(body["images"]);
  if (auto prompt = body["prompt"].text({.min = 1})) read_prompt({tokens}, *prompt, std::move(images), out);
}

std::string_view stop_reason(StopReason reason) { return reason == StopReason::max_tokens ? "length" : "stop"; }

std::string write_generation(std::string_view text, std::optional<int64_t> prompt_tokens, int64_t tokens,
                             std::optional<StopReason> reason) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  out.name("generation"), out.string(text);
  out.name("prompt_token_count");
  prompt_tokens ? out.number(*prompt_tokens) : out.null();
  out.name("generation_token_count"), out.number(tokens);
  out.name("stop_reason");
  reason ? out.string(stop_reason(*reason)) : out.null();
  out.end_object();
  return body;
}

// The first chunk says how long the prompt was. How many tokens a piece of text is nobody says before the end: each counts
// as one.
class LlamaStream final : public TextStream {
 public:
  explicit LlamaStream(int64_t input_tokens) : input_tokens_(input_tokens) {}

 private:
  std::optional<int64_t> unsaid_input() { return std::exchange(input_tokens_, std::nullopt); }
  std::string write_text(std::string_view text) override { return write_generation(text, unsaid_input(), ++pieces_, std::nullopt); }
  std::string write_end(const AnswerEnd& end, const Usage& usage) override {
    return write_generation("", unsaid_input(), usage.output, end.reason);
  }

  std::optional<int64_t> input_tokens_;  // until it is said
  int64_t pieces_ = 0;
};

class Llama final : public Dialect {
 public:
  Result<Conversation> read(std::string_view body) const override { return read_body(body, Wording::json_schema, read_request); }
  Fault too_many_tokens(int asked, int allowed, std::string_view) const override { return above_maximum("/max_gen_len", asked, allowed); }
  std::string write(CollectedAnswer answer, const AnswerFacts&) const override {
    return write_generation(answer_text(answer), prompt_tokens(answer.usage), answer.usage.output, answer.end.reason);
  }
  std::unique_ptr<DialectStream> stream(const AnswerFacts& facts) const override {
    return std::make_unique<LlamaStream>(facts.input_tokens);
  }
};

}  // namespace
}  // namespace outcrop::inference::llama

namespace outcrop::inference {

const Dialect& llama_dialect() {
  static const llama::Llama dialect;
  return dialect;
}

}  // namespace outcrop::inference
