// How another Bedrock's errors are told: by their own names, which are the ones our callers know.
//
// What throttles, is not ready, is unavailable or did not answer in time has too much to do.
//
// | what it says                                        | told as                 | another Region may be asked |
// |-----------------------------------------------------|-------------------------|-----------------------------|
// | ThrottlingException, ModelNotReadyException,        | the same                | yes                         |
// | ModelErrorException, ModelStreamErrorException,     |                         |                             |
// | ServiceUnavailableException,                        |                         |                             |
// | InternalServerException,                            |                         |                             |
// | ServiceQuotaExceededException                       |                         |                             |
// | ModelTimeoutException                               | the same                | no: time is up              |
// | ValidationException, ResourceNotFoundException      | the same                | no                          |
// | 401, 403: it refused our credentials, which are not | ModelErrorException 424 | no                          |
// | the caller's                                        |                         |                             |
// | 429, 503 or another 5xx without a name of these     | Throttling…,            | yes                         |
// |                                                     | ServiceUnavailable…,    |                             |
// |                                                     | ModelErrorException     |                             |
// | anything else                                       | ModelErrorException 424 | no                          |
//
// Failures of the connection are told as those of model servers are (endpoints/server_fault.h). Numbers of accounts are blotted out of its
// words: they are the upstream's affair. What it says about our credentials goes to the log alone.
#pragma once
#include <string_view>

#include "inference/endpoints/server_fault.h"
#include "net/http.h"
#include "wire/event_stream.h"

namespace outcrop::inference {

// Of an answer with another status than 200. `now`: of the machine's wall clock, for a Retry-After that is a date.
Fault fault_of_response(const net::ResponseHead& head, std::string_view body, Instant now);
// Of a message that ends a stream: an exception or an error.
Fault fault_of_message(const wire::Message& message);
// There are no credentials to ask with.
Fault fault_of_credentials(const Fault& fault);

}  // namespace outcrop::inference
