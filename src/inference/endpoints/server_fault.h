// How a model server's failures are told in Bedrock's words.
//
// A server that answers 429 or 503 or says nothing in time has too much to do.
//
// | what happened                                              | told as                          | another server may be asked |
// |------------------------------------------------------------|----------------------------------|-----------------------------|
// | no connection, or it ended before an answer                | ServiceUnavailableException 503  | yes                         |
// | nothing came for too long                                  | ModelTimeoutException 408        | no: time is up              |
// | 429                                                        | ThrottlingException 429          | yes                         |
// | 400, 413, 422                                              | ValidationException 400          | no                          |
// | 401, 403: it refused the configured key, which is not the caller's | ModelErrorException 424  | no                          |
// | 5xx, an answer that breaks off or makes no sense           | ModelErrorException 424          | yes                         |
// | any other status                                           | ModelErrorException 424          | no                          |
// | the same once a part of the answer was passed on           | ModelStreamErrorException 424    | no                          |
// | the caller has gone                                        | ConnectionClosed 499             | no                          |
#pragma once
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"

namespace outcrop::inference {

// What such faults hold beside their words.
struct ServerFault final : FaultDetails::Held {
  enum class Next {
    give_up,      // the request itself is at fault, or its caller has gone
    blame,        // the server is
    try_another,  // it is, and another one may do better
  };
  Next next = Next::give_up;
  int status = 0;               // the server's answer's, or 0
  bool has_too_much = false;    // to do: it should get less
  Milliseconds retry_after{0};  // that it asked for

  ServerFault(Next next, int status, bool has_too_much = false) : next(next), status(status), has_too_much(has_too_much) {}
  std::unique_ptr<const Held> copy() const override { return std::make_unique<ServerFault>(*this); }
};

// Null for faults of others.
const ServerFault* server_fault_in(const Fault& fault);

// Of a fault of the HTTP client's (net/client_fault.h).
Fault fault_of_connection(const Fault& fault);
// Of an answer with another status than 200. `now`: of the machine's wall clock, for a Retry-After that is a date.
Fault fault_of_status(const net::ResponseHead& head, std::string_view body, Instant now);
// Of an answer that makes no sense or tells of an error midway: `message` is the sentence about it.
Fault fault_of_answer(std::string message);
// The same fault once a part of the answer was passed on.
Fault once_begun(Fault fault);

}  // namespace outcrop::inference
