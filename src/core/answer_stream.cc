#include "core/answer_stream.h"

#include "base/check.h"
#include "base/encoding.h"
#include "base/log.h"

namespace outcrop {

AnswerStream::AnswerStream(wire::Erased output, const wire::Shape& shape, const wire::Member& member, const wire::PayloadFormat* format)
    : output_(std::move(output)),
      shape_(shape),
      events_(member.shape->element),
      format_(format),
      stream_(*static_cast<wire::Stream*>(member.emplace(output_.get()))) {
  check(!events_ || format_, "a protocol without event streams answers with one");
}

Task<Result<void>> AnswerStream::begin() { return next(); }

// What the producer throws is a bug: it is logged here, as what an operation throws is in the directory.
Task<Result<void>> AnswerStream::next() {
  try {
    Result<void*> item = co_await keep(stream_.pull());
    if (!item) co_return fail(std::move(item.error()));
    item_ = *item;
    co_return {};
  } catch (const std::exception& problem) {
    log::error("a stream threw", {{"output", shape_.name}, {"problem", problem.what()}});
  }
  co_return fail("InternalFailure", 500, "The request processing has failed because of an unknown error, exception or failure.");
}

Task<Result<void>> AnswerStream::send_head(net::Exchange& exchange, net::ResponseHead head) {
  if (!events_) {
    if (!head.headers.find("content-type")) head.headers.add("content-type", "application/octet-stream");
    head.headers.erase("content-length");  // the connection writes it
    co_return co_await keep(exchange.start(std::move(head), static_cast<wire::BodySource&>(stream_).length()));
  }
  head.headers.set("content-type", std::string(wire::event_stream_type));
  co_await exchange.start(std::move(head));
  if (!format_->has_initial_message) co_return {};
  std::string frame;
  co_await wire::append_message(wire::write_initial(wire::initial_response, shape_, output_.get(), *format_), frame);
  co_return co_await keep(exchange.write(frame));
}

Result<std::string> AnswerStream::encoded_item() const {
  if (!events_) return std::move(*static_cast<std::string*>(item_));
  std::string frame;
  Result<void> written = wire::append_message(wire::write_event(*events_, item_, *format_), frame);
  if (!written) return fail(std::move(written.error()));
  return frame;
}

Task<Result<void>> AnswerStream::send(net::Exchange& exchange, net::ResponseHead head) {
  Result<void> sent = co_await keep(send_head(exchange, std::move(head)));
  Result<void> made;
  while (sent && made && item_) {
    Result<std::string> bytes = encoded_item();
    if (!bytes) {
      made = fail(std::move(bytes.error()));
      break;
    }
    sent = co_await keep(exchange.write(*bytes));
    if (sent) made = co_await keep(next());
  }
  co_await stream_.close();
  if (!sent) co_return sent;
  if (made) co_return co_await keep(exchange.finish());
  if (!events_) {
    exchange.abort();
    co_return made;
  }
  std::string frame;
  if (wire::append_message(wire::write_stream_fault(*events_, made.error(), *format_), frame)) {
    sent = co_await keep(exchange.write(frame));
    if (sent) sent = co_await keep(exchange.finish());
  } else {
    exchange.abort();
  }
  co_return made;
}

}  // namespace outcrop
