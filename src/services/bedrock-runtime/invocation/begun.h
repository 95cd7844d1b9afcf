// An invocation of a model, whatever operation it came by: the terms it is served on, its answer under way, and what becomes of it
// in quotas and metrics.
#pragma once
#include <memory>
#include <optional>

#include "inference/collect.h"
#include "services/bedrock-runtime/bedrock_runtime.h"

namespace outcrop::bedrock_runtime {

// What is asked of the service beside the conversation.
struct Terms {
  std::string_view latency;       // "standard", "optimized"; empty: unsaid
  std::string_view tier;          // "default", "priority", "flex", "reserved"; empty: unsaid
  int64_t output_tokens_max = 0;  // reserved for the answer
  SteadyTime began;
};

// An answer under way, and what it will be charged against.
struct Begun {
  ModelTarget target;
  std::unique_ptr<inference::Answer> answer;
  Quotas::Reservation reservation;
  SteadyTime began;
  int64_t input_tokens = 0;                 // as counted before the answer
  int64_t pieces = 0;                       // of the answer that was streamed so far, each a token or more
  std::optional<Milliseconds> first_token;  // of streams
  bool streamed = false;
  bool is_complete = false;  // its usage was charged and told
  CacheUse cache;
  std::optional<inference::StopReason> stop_reason;  // once it is known
  ModelTelemetry::Invocation told;
};

// A request for the target's model in the caller's name, still without a conversation.
inference::ModelRequest request_for(const Call& call, const ModelTarget& target);

// What an answer may be at the most, and so what is reserved for it: what was asked for, or all that the model gives. None when more
// was asked for than the model gives.
std::optional<int64_t> output_tokens_max(const inference::CatalogModel& model, const std::optional<int>& asked);

// Fault: ValidationException 400 where the model does not offer it.
Result<inference::Latency> latency_of(const inference::CatalogModel& model, std::string_view asked);
Result<inference::ServiceTier> tier_of(const inference::CatalogModel& model, std::string_view asked);

// Faults: ValidationException 400 for terms that the model does not offer, ThrottlingException 429, and the provider's.
Task<Result<Begun>> begin_answer(BedrockRuntime& bedrock, Call& call, const ModelTarget& target, inference::ModelRequest request,
                                 Terms terms);

// The whole answer, where it is not streamed.
Task<Result<inference::CollectedAnswer>> collect(Begun& begun);

// The answer's next event for a stream; none at the end.
Task<Result<std::optional<inference::AnswerEvent>>> next_event(const Call& call, Begun& begun);

// What a task gives, its fault told to the metrics.
template <class T>
Task<Result<T>> counted(BedrockRuntime& bedrock, const Call& call, const ModelTarget& target, Task<Result<T>> task) {
  Result<T> result = co_await keep(std::move(task));
  if (!result) bedrock.metrics().failed(call, target, result.error());
  co_return result;
}

// Once, when the usage is known: it is charged and told to the metrics, and what is left of quotas to the client, where the answer's head
// has not gone yet. Gives the latency.
Milliseconds complete(BedrockRuntime& bedrock, Call& call, Begun& begun, const inference::Usage& usage);

// Once, when the answer ends before its usage is known, by a fault or because its reader went: its maker is told to stop, and what was
// streamed is charged.
Task<void> break_off(BedrockRuntime& bedrock, const Call& call, Begun& begun, const Fault& fault);

Milliseconds time_since(const Call& call, SteadyTime began);

}  // namespace outcrop::bedrock_runtime
