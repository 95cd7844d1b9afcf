// A conversation that came as its model's own body: begun as every invocation is, answered in the same language.
#pragma once
#include <string>

#include "inference/dialects/dialect.h"
#include "services/bedrock-runtime/native/native_input.h"

namespace outcrop::bedrock_runtime {

struct NativeAnswer {
  Begun begun;
  const inference::Dialect& dialect;
  std::string answer_id;
  int64_t created_s = 0;  // since the epoch

  // Views into this.
  inference::AnswerFacts facts() const;
};

// Fault: ValidationException 400 for a model whose bodies are of a language that is not built, or that nobody has established.
Result<const inference::Dialect*> dialect_of(const inference::CatalogModel& model);

// Faults: those of the dialect and of begin_answer, ValidationException 400 in the family's words for longer answers than the model
// gives.
Task<Result<NativeAnswer>> begin_native(BedrockRuntime& bedrock, Call& call, const ModelTarget& target, const NativeInput& input);

}  // namespace outcrop::bedrock_runtime
