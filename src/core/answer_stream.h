// AnswerStream: the answer of an operation whose output is made while it is sent. Status and headers go when the first item
// is there, so that what fails before it is an ordinary error; each item is one write, and the next one is made when
// the connection can take more.
#pragma once
#include <string>

#include "net/http.h"
#include "wire/event_stream_shapes.h"
#include "wire/operation.h"
#include "wire/stream.h"

namespace outcrop {

class AnswerStream {
 public:
  // `output` is a struct of the operation's output, `member` its stream; `format` is needed for events.
  AnswerStream(wire::Erased output, const wire::Shape& shape, const wire::Member& member, const wire::PayloadFormat* format);

  // Waits for the first item or the end; gives the fault that comes instead.
  Task<Result<void>> begin();
  // Sends everything, from the head to the end. A fault on the way ends an event stream with its frame; a body is broken off, because
  // nothing else tells the client. Gives that fault; that the client has gone is ConnectionClosed 499.
  Task<Result<void>> send(net::Exchange& exchange, net::ResponseHead head);

 private:
  Task<Result<void>> send_head(net::Exchange& exchange, net::ResponseHead head);
  Result<std::string> encoded_item() const;
  Task<Result<void>> next();

  wire::Erased output_;
  const wire::Shape& shape_;
  const wire::Shape* events_;  // null: a body
  const wire::PayloadFormat* format_;
  wire::Stream& stream_;
  void* item_ = nullptr;
};

}  // namespace outcrop
