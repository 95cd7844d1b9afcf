// additionalModelResponseFields: what the caller asked for of the body that the model itself would have answered with.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "inference/dialects/dialect.h"
#include "inference/provider.h"
#include "services/bedrock-runtime/cache/prompt_cache.h"

namespace outcrop::bedrock_runtime {

struct AskedFields {
  std::vector<std::string> paths;     // JSON Pointers; none: nothing is asked for
  const inference::Dialect* dialect;  // the language of the model's bodies; null where it is not known
  std::string model_id, answer_id;
  int64_t input_tokens = 0, created_s = 0;
  bool streamed = false;
};

// `answer` with those fields at its end, where it is known what it took. A provider that gives fields of its own is taken at its word. In a
// stream a path is looked for in the model's last chunks ("/delta/stop_sequence") and, as in a whole answer, in its whole body.
std::unique_ptr<inference::Answer> with_asked_fields(std::unique_ptr<inference::Answer> answer, AskedFields asked, const CacheUse& cache);

}  // namespace outcrop::bedrock_runtime
