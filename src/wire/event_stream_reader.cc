// From the body of an event stream to its events.
#include "wire/event_stream_reader.h"

namespace outcrop::wire {
namespace {

std::unexpected<Fault> cut_off() { return fail("SerializationException", 400, "Event stream: it ends within a message"); }

class DecodedEvents final : public StreamSource {
 public:
  DecodedEvents(MessageReader messages, const Shape& events, const PayloadFormat& format, EventStream::MakeEvent make_event)
      : messages_(std::move(messages)), events_(events), format_(format), make_event_(make_event) {}

  Task<Result<void*>> pull() override {
    while (true) {
      std::optional<Message> message = co_await messages_.next();
      if (!message) co_return nullptr;
      event_ = make_event_();
      const bool is_known = co_await read_event(events_, *message, format_, event_.get());
      if (is_known) co_return event_.get();
    }
  }

 private:
  MessageReader messages_;
  const Shape& events_;
  const PayloadFormat& format_;
  const EventStream::MakeEvent make_event_;
  Erased event_;
};

}  // namespace

Task<Result<std::optional<Message>>> MessageReader::next() {
  std::optional<Message> frame = co_await next_frame();
  if (!frame || !is_signed_) co_return frame;
  co_return open(std::move(*frame));
}

Task<Result<std::optional<Message>>> MessageReader::next_frame() {
  while (true) {
    std::optional<Message> message = co_await decoder_.next();
    if (message) co_return message;
    std::optional<std::string> part = co_await body_.next();
    if (!part) {
      if (!decoder_.at_boundary()) co_return cut_off();
      co_return std::nullopt;
    }
    decoder_.add(*part);
  }
}

// The payload of the frame is a whole message.
Result<std::optional<Message>> MessageReader::open(Message frame) {
  const HeaderValue* date = frame.find(":date");
  const HeaderValue* signature = frame.find(":chunk-signature");
  if (!date || !signature || !std::holds_alternative<Instant>(*date) || !std::holds_alternative<HeaderBytes>(*signature))
    return fail("SerializationException", 400, "Event stream: a message is not signed");
  if (accept_ && !accept_(std::get<Instant>(*date), frame.payload, std::get<HeaderBytes>(*signature).bytes))
    return fail("InvalidSignatureException", 403, "The signature of an event does not match the signature we calculated.");
  if (frame.payload.empty()) return std::nullopt;
  MessageDecoder inner;
  inner.add(frame.payload);
  Result<std::optional<Message>> message = inner.next();
  if (message && (!*message || !inner.at_boundary())) return cut_off();
  return message;
}

std::unique_ptr<StreamSource> read_events(MessageReader messages, const Shape& events, const PayloadFormat& format,
                                          EventStream::MakeEvent make_event) {
  return std::make_unique<DecodedEvents>(std::move(messages), events, format, make_event);
}

}  // namespace outcrop::wire
