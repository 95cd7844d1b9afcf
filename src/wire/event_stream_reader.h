// Event streams as they come in: messages out of a body, taken out of the frames that sign them, and events out of
// messages.
#pragma once
#include <functional>
#include <memory>
#include <optional>

#include "wire/event_stream_shapes.h"
#include "wire/stream.h"

namespace outcrop::wire {

// Whether `signature` (32 raw bytes) is that of the next message, dated `date`.
using AcceptSignature = std::move_only_function<bool(Instant date, std::string_view payload, std::string_view signature)>;

class MessageReader {
 public:
  explicit MessageReader(BodySource body) : body_(std::move(body)) {}
  // The messages lie in signed ones, of which an empty one is the last. Without `accept` signatures are not looked at.
  MessageReader(BodySource body, AcceptSignature accept) : body_(std::move(body)), is_signed_(true), accept_(std::move(accept)) {}

  // None at the end. Faults: SerializationException 400 on a broken frame or a stream that ends within one;
  // InvalidSignatureException 403; those of the body.
  Task<Result<std::optional<Message>>> next();

 private:
  Task<Result<std::optional<Message>>> next_frame();
  Result<std::optional<Message>> open(Message frame);

  BodySource body_;
  MessageDecoder decoder_;
  bool is_signed_ = false;
  AcceptSignature accept_;
};

// What an EventReader of the union `events` reads from; see EventStream::read_from.
std::unique_ptr<StreamSource> read_events(MessageReader messages, const Shape& events, const PayloadFormat& format,
                                          EventStream::MakeEvent make_event);

}  // namespace outcrop::wire
