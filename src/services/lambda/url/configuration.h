// The configuration of a function URL, as callers write it and as they are shown it.
#pragma once
#include <string>

#include "gen/lambda/types.h"
#include "services/lambda/url/function_urls.h"

namespace outcrop::lambda {

// The function or the alias that a URL is of. Faults as read_function_name(), and ValidationException 400 for a version or $LATEST, which
// have no URLs.
Result<FunctionName> read_url_owner(const Call& call, std::string_view text, const std::optional<std::string>& qualifier = {});

CorsRecord stored_cors(Cors cors);
Cors shown_cors(const CorsRecord& cors);

inline constexpr std::string_view buffered = "BUFFERED", response_stream = "RESPONSE_STREAM", aws_iam = "AWS_IAM", no_auth = "NONE";

// Where the URL is reached at the endpoint that the caller used: under a name of its own where the endpoint is a name below "localhost",
// which resolves for this client then, and under a path otherwise.
std::string shown_url(const Call& call, const FunctionUrl& url);

// "2026-11-26T18:32:22.123Z"
std::string shown_time(Instant at);

FunctionUrlConfig shown_config(const Call& call, const FunctionUrl& url);

}  // namespace outcrop::lambda
