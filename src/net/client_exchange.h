// One exchange with another server as every layer above sees it, the mirror of Exchange: a request that is written,
// a response that is read as it is wanted.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.h"
#include "net/client_fault.h"
#include "net/http.h"

namespace outcrop::net {

class ClientExchange {
 public:
  // Nothing of it may be awaited any more. Before the end of the response it closes the connection; after, the
  // connection serves others already.
  virtual ~ClientExchange() = default;

  // For requests that were started without their body. One task may write while another one reads.

  // Returns when the connection can take more: the peer's pace is the writer's pace. After a fault receive() tells
  // what the server had to say about it. Faults: AnsweredEarly 502 when the answer is an error or ends the
  // connection, so that the rest of the body is not wanted; NoResponse 502; WriteTimeout 504; Cancelled 499;
  // InvalidRequest 400 when more or less is written than the declared length.
  virtual Task<Result<void>> write(std::string_view bytes) = 0;
  virtual Task<Result<void>> finish(Headers trailers = {}) = 0;  // trailers: of chunked bodies
  // Waits for the head of the response. Interim ones (1xx) are passed over.
  virtual Task<Result<void>> receive() = 0;

  // Once the head was received.

  virtual const ResponseHead& head() const = 0;
  // The declared length of the body that follows, when there is one.
  virtual std::optional<uint64_t> content_length() const = 0;
  // The next part of the body as it comes, at most 64 KiB; empty optional at its end. The peer is held back while
  // nobody reads. Faults: IncompleteResponse 502, MalformedResponse 502, ReadTimeout 504, Cancelled 499.
  virtual Task<Result<std::optional<std::string>>> read_some() = 0;
  // The whole rest of the body. ResponseTooLarge 502 above `limit` bytes, before more than that is kept.
  virtual Task<Result<std::string>> read_whole(size_t limit) = 0;
  // What followed a chunked body; complete once the body was read to its end.
  virtual const Headers& trailers() const = 0;
};

}  // namespace outcrop::net
