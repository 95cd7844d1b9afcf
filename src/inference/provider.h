// Provider: whoever answers conversations: the embedded model, a model server, another Bedrock, a recording. Providers
// stream; a whole answer is a stream that was collected.
#pragma once
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/task.h"
#include "base/time.h"
#include "inference/conversation.h"

namespace outcrop::inference {

enum class Latency { standard, optimized };
enum class ServiceTier { standard, priority, flex, reserved };

// As Converse says them: "optimized", "default"; and back, none for other words.
std::string_view word_of(Latency latency);
std::string_view word_of(ServiceTier tier);
std::optional<Latency> latency_called(std::string_view word);
std::optional<ServiceTier> tier_called(std::string_view word);

struct ModelRequest {
  std::string model_id;       // of the foundation model: "anthropic.claude-…"
  std::string asked_id = {};  // by which it was asked for, where that is an inference profile: "us.anthropic.claude-…"; else empty
  Conversation conversation;
  bool streamed = true;  // the caller passes events on as they come; otherwise a provider may make its answer in one piece
  Latency latency = Latency::standard;
  ServiceTier tier = ServiceTier::standard;
  std::optional<int64_t> input_tokens;                        // as estimate_input gave them, so that no provider counts again
  std::vector<std::pair<std::string, std::string>> metadata;  // the caller's own words about it, which no model sees
  SteadyTime deadline = SteadyTime::max();
  std::stop_token stop;
};

// An answer that is being made. On the thread that asked for it.
class Answer {
 public:
  virtual ~Answer() = default;
  // The next event; none after AnswerUsage, the last. A fault ends it: ModelStreamErrorException 424, ThrottlingException 429,
  // ModelTimeoutException 408, ServiceUnavailableException 503, InternalServerException 500.
  virtual Task<Result<std::optional<AnswerEvent>>> next() = 0;
  // To be awaited before an answer goes that was not read to its end: what makes it is told to stop.
  virtual Task<void> close() { co_return; }

  Latency latency = Latency::standard;       // as served
  ServiceTier tier = ServiceTier::standard;  // as served
  std::string served_by;                     // the model's id, where a fall-back answers instead of the one that was asked
};

struct EmbeddingRequest {
  std::string model_id;
  std::string asked_id = {};  // as of a ModelRequest
  std::vector<std::string> texts;
  int dimensions = 0;          // 0: unsaid
  int default_dimensions = 0;  // the model's own, for a provider that makes any number of them
  bool normalize = true;
  std::string input_type, truncate;  // in the family's words, where it asks for them (dialects/embedding_dialect.h)
  SteadyTime deadline = SteadyTime::max();
  std::stop_token stop;
};

struct Embeddings {
  std::vector<std::vector<float>> vectors;  // one a text
  int64_t input_tokens = 0;
};

class Provider {
 public:
  virtual ~Provider() = default;

  // Sets going what it does by itself, on one of the executors; stop() is to be awaited then before it goes.
  virtual void begin() {}
  virtual Task<void> stop() { co_return; }

  // Returns with the first event at hand, so that what fails before is a plain fault and the call may be tried
  // elsewhere. Faults: those of Answer::next, ModelErrorException 424, ModelNotReadyException 429, ValidationException 400.
  virtual Task<Result<std::unique_ptr<Answer>>> answer(ModelRequest request) = 0;
  virtual Task<Result<Embeddings>> embed(EmbeddingRequest request) = 0;
  // The tokens of the input, by the best means it has.
  virtual Task<Result<int64_t>> count_tokens(const ModelRequest& request) = 0;
  // What is reserved before each answer, which then says what it took: as good as can be had without asking anybody.
  virtual Task<Result<int64_t>> estimate_input(const ModelRequest& request) { return count_tokens(request); }
};

}  // namespace outcrop::inference
