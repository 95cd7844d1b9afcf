// Dialect: the native body of one family of models, as InvokeModel takes and gives it. Every dialect is read into a
// conversation and written from an answer, so that any provider can stand behind any model.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inference/collect.h"

namespace outcrop::inference {

// What an answer is told from beside its events.
struct AnswerFacts {
  std::string_view model_id;
  std::string_view answer_id;  // made for this answer: unique, letters and digits
  int64_t input_tokens = 0;    // as counted before the answer began, without those of the cache
  int64_t created_s = 0;       // seconds since the epoch
  int64_t cache_read_tokens = 0, cache_write_tokens = 0;
};

// A streamed answer: each chunk is the JSON text of one object.
class DialectStream {
 public:
  virtual ~DialectStream() = default;
  // Appends what an event makes, which may be nothing. AnswerUsage, the last event, always ends with a chunk; Bedrock adds its
  // metrics to that one.
  virtual void take(AnswerEvent event, std::vector<std::string>& chunks) = 0;
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  // Faults with ValidationException 400 in the family's words.
  virtual Result<Conversation> read(std::string_view body) const = 0;
  // In the family's words, that a body asks for longer answers than its model gives: what only the caller knows.
  virtual Fault too_many_tokens(int asked, int allowed, std::string_view model_id) const = 0;
  virtual std::string write(CollectedAnswer answer, const AnswerFacts& facts) const = 0;
  virtual std::unique_ptr<DialectStream> stream(const AnswerFacts& facts) const = 0;
};

// By the catalogue's name of it ("anthropic-messages"); null when it is not built.
const Dialect* find_dialect(std::string_view name);

}  // namespace outcrop::inference
