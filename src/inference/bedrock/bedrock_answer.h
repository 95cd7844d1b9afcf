// The answer of an upstream that is Bedrock: a stream of events, or a whole answer where that was asked for.
#pragma once
#include <string>

#include "inference/converse/converse_events.h"
#include "inference/endpoints/server_answer.h"
#include "wire/event_stream.h"

namespace outcrop::inference {

class BedrockAnswer final : public ServerAnswer {
 public:
  // Of a request that gives the stop, latency and tier it asked for.
  BedrockAnswer(const ModelRequest& request, const Clock& clock);

 private:
  bool is_stream(const net::ResponseHead& head) const override;
  Task<Result<void>> receive() override;
  Task<Result<void>> receive_whole() override;
  bool is_whole() const override { return converse_.is_whole(); }

  Result<void> take(const wire::Message& message);
  void take_over();

  std::string only_stop_sequence_;  // Converse does not say which was met: where there is one, it was that

  wire::MessageDecoder stream_;
  ConverseEvents converse_;
};

}  // namespace outcrop::inference
