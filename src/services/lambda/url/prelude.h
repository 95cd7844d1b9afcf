// Prelude: what a streamed response of a function begins with (HttpResponseStream.from): the metadata as JSON, eight NULs, the body.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"

namespace outcrop::lambda {

// The content type by which a function says that its answer begins so.
inline constexpr std::string_view integration_response_type = "application/vnd.awslambda.http-integration-response";
inline constexpr std::string_view end_of_metadata("\0\0\0\0\0\0\0\0", 8);

// Reads it as it comes.
class Prelude {
 public:
  // Whether it is complete now; nothing may be added to a complete one. Fault: InvalidResponse 502 when it is no JSON object, or
  // longer than limits::response_metadata_bytes_max.
  Result<bool> add(std::string_view bytes);

  // Of a complete one.
  const json::Value& metadata() const { return *metadata_; }
  std::string take_body() { return std::move(buffer_); }  // what came behind it

 private:
  std::string buffer_;
  std::optional<json::Value> metadata_;
};

}  // namespace outcrop::lambda
