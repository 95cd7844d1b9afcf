// Cross-origin resource sharing of function URLs (Fetch Standard, "CORS protocol"): what a URL's rules let web pages of other origins do.
#pragma once
#include "gen/records/lambda.h"
#include "net/http.h"

namespace outcrop::lambda {

// Whether a browser asks what it may do, before it does it.
bool is_preflight(const net::RequestHead& head);

// The answer to that, which the function does not hear of.
net::ResponseHead preflight_answer(const CorsRecord& cors, const net::RequestHead& head);

// Adds what the rules say of an answer to a request. What a function adds by itself stands beside it, as on AWS.
void add_cors_headers(const CorsRecord& cors, const net::RequestHead& head, net::Headers& headers);

}  // namespace outcrop::lambda
