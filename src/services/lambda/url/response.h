// What a function answers through its URL, as HTTP (Guide, "Invoking Lambda function URLs": response payload format 2.0).
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"
#include "net/http.h"

namespace outcrop::lambda {

struct UrlResponse {
  net::ResponseHead head;
  std::string body;
};

// What a function answered is no response. Its caller sees 502.
Fault invalid_response(std::string_view why);

// Status, headers and cookies of a response, which `metadata` is, or of what precedes a streamed body. Fault: InvalidResponse 502.
Result<net::ResponseHead> response_head_of(const json::Value& metadata, std::string_view default_type);

// Of a whole answer. JSON with a statusCode says all; other JSON is the body. Faults as response_head_of().
Result<UrlResponse> response_of(std::string_view content_type, std::string payload);

// For what came without metadata.
net::ResponseHead plain_head(std::string_view content_type);

}  // namespace outcrop::lambda
