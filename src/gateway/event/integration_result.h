// What an integration answered, before it is a message, a handshake's answer or nothing at all.
#pragma once
#include <string>

#include "base/result.h"
#include "net/http.h"

namespace outcrop::gateway {

struct IntegrationResult {
  int status = 200;
  net::Headers headers;
  std::string body;
  bool is_binary = false;  // the body is to be sent as a binary message
};

// Why an event ends without a result. The codes are API Gateway's types of responses, the messages what clients are told; `status` is what
// a handshake is refused with.
Fault integration_timed_out();        // INTEGRATION_TIMEOUT 504
Fault integration_failed();           // INTEGRATION_FAILURE 502: it answered with an error, or with no answer that can be understood
Fault integration_cannot_be_asked();  // API_CONFIGURATION_ERROR 500: it does not exist, or does not let us
Fault no_route();                     // FORBIDDEN 403: the message belongs to no route
Fault too_many_events();              // THROTTLED 429
Fault bad_request_body();             // BAD_REQUEST_BODY 400
Fault unsupported_media_type();       // UNSUPPORTED_MEDIA_TYPE 415: no template fits the message

}  // namespace outcrop::gateway
