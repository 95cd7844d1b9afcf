// A cassette: one exchange with a provider as it was recorded, in a file that people can read, change and keep beside their code.
//
//   {
//     "cassette": 1,                        the version of this format
//     "kind": "answer",                     or "embeddings", "token_count"
//     "modelId": "amazon.nova-lite-v1:0",
//     "recorded": "2026-11-26T16:00:00Z",
//     "sequence": 1,                        among recordings of the same request
//     "request": {…},                       the body of Converse, digests in the place of images and other bytes; or {"texts": […], …}
//     "events": [                           of ConverseStream, each with its time since the request
//       {"atMs": 12, "contentBlockDelta": {…}}, …
//     ],
//     "embeddings": ["0.1 0.25 …", …],      of the other kinds: a line of numbers for each text,
//     "inputTokens": 12,                    and the tokens that were counted
//     "fault": {"atMs": 20, "code": "ThrottlingException", "status": 429, "message": "…"}    what ended it
//   }
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/provider.h"
#include "json/json.h"

namespace outcrop::inference {

enum class ExchangeKind { answer, embeddings, token_count };
std::string_view word_of(ExchangeKind kind);

struct RecordedEvent {
  Milliseconds at{0};  // since the request
  AnswerEvent event;
};

struct RecordedFault {
  Milliseconds at{0};
  std::string code;
  int status = 500;
  std::string message;
  int original_status = 0;  // of a model server's answer, or 0
};

struct Cassette {
  ExchangeKind kind = ExchangeKind::answer;
  std::string model_id;
  Instant recorded;
  int sequence = 1;
  json::Value request;

  std::vector<RecordedEvent> events;
  Latency latency = Latency::standard;       // as served
  ServiceTier tier = ServiceTier::standard;  // as served
  Embeddings embeddings;                     // or, of a count, its input_tokens alone
  std::optional<RecordedFault> fault;
};

std::string write_cassette(const Cassette& cassette);
// Fault: InvalidCassette 400, saying what is wrong.
Result<Cassette> read_cassette(std::string_view text);

}  // namespace outcrop::inference
