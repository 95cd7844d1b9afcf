#include "gateway/event/integration_result.h"

namespace outcrop::gateway {

namespace {

constexpr const char* internal_server_error = "Internal server error";

}  // namespace

Fault integration_timed_out() { return {"INTEGRATION_TIMEOUT", 504, "Endpoint request timed out"}; }
Fault integration_failed() { return {"INTEGRATION_FAILURE", 502, internal_server_error}; }
Fault integration_cannot_be_asked() { return {"API_CONFIGURATION_ERROR", 500, internal_server_error}; }
Fault no_route() { return {"FORBIDDEN", 403, "Forbidden"}; }
Fault too_many_events() { return {"THROTTLED", 429, "Too Many Requests"}; }
Fault bad_request_body() { return {"BAD_REQUEST_BODY", 400, "Invalid request body"}; }
Fault unsupported_media_type() { return {"UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported Media Type"}; }

}  // namespace outcrop::gateway
