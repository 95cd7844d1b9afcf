// The embedded model's reading of texts: sentences are ordered ranges of the text, quotes are verbatim, pieces add up, and a
// schema is filled without a crash. The first line is the message, the second a JSON Schema, the rest a document.
#include "base/check.h"
#include "inference/embedded/answer.h"
#include "inference/embedded/embedding.h"
#include "inference/embedded/schema_fill.h"
#include "inference/embedded/token_count.h"
#include "request_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  using namespace outcrop::embedded;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string_view message = take_until(text, '\n');
  std::string_view schema_text = take_until(text, '\n');

  uint32_t before = 0;
  for (const Sentence& sentence : outline(text).sentences) {
    check(sentence.begin >= before && sentence.begin < sentence.end && sentence.end <= text.size(), "a sentence out of place");
    before = sentence.begin;
  }
  for (const Entity& entity : entities(text)) check(entity.begin < entity.end && entity.end <= text.size(), "an entity out of place");

  Result<Answer> found = answer({{"text", text}}, message);
  check(found.has_value(), "a short text was refused");
  for (const AnswerPart& part : found->parts)
    if (part.quote && part.quote->source == 0)
      check(part.text == text.substr(part.quote->begin, part.quote->end - part.quote->begin), "a quote is not verbatim");
  std::string joined;
  for (const std::string& piece : pieces(found->text())) joined += piece;
  check(joined == found->text(), "pieces do not add up");

  estimate_tokens(text);
  check(embed(text, 16).has_value(), "a text has no vector");
  if (auto schema = json::parse(schema_text, {.depth = 64, .values = 1000})) fill_schema(*schema, text);
  return 0;
}
