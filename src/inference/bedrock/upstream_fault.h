// How another Bedrock's errors are told: by their own names, which are the ones our callers know.
//
// | what it says                                                         | told as                                | another region may be
// asked |
// |----------------------------------------------------------------------|----------------------------------------|-----------------------------|
// | ThrottlingException, ModelNotReadyException, ModelErrorException,    | the same                               | yes | |
// ModelStreamErrorException, ServiceUnavailableException,              |                                        | | |
// InternalServerException, ServiceQuotaExceededException               |                                        | | | ModelTimeoutException
// | the same                               | no: time is up              | | ValidationException, ResourceNotFoundException | the same | no
// | | 401, 403: it refused our credentials, which are not the caller's     | ModelErrorException 424                | no | | another 429,
// 503 or 5xx without a name of these                      | Throttling…, ServiceUnavailable…, Model… | yes                       | |
// anything else                                                        | ModelErrorException 424                | no |
//
// Failures of the connection are told as those of model servers are (openai/server_fault.h). Numbers of accounts are blotted out of its
// words: they are the upstream's affair. What it says about our credentials goes to the log alone.
#pragma once
#include <string_view>

#include "inference/openai/server_fault.h"
#include "net/http.h"
#include "wire/event_stream.h"

namespace outcrop::inference {

// Of an answer with another status than 200.
Fault fault_of_response(const net::ResponseHead& head, std::string_view body);
// Of a message that ends a stream: an exception or an error.
Fault fault_of_message(const wire::Message& message);
// There are no credentials to ask with.
Fault fault_of_credentials(const Fault& fault);

}  // namespace outcrop::inference
