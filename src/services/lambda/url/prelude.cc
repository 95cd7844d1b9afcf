#include "services/lambda/url/prelude.h"

#include <algorithm>

#include "services/lambda/url/limits.h"
#include "services/lambda/url/response.h"

namespace outcrop::lambda {

Result<bool> Prelude::add(std::string_view bytes) {
  // What was looked through holds no whole end, but may hold the beginning of one.
  const size_t looked_through = buffer_.size() - std::min(buffer_.size(), end_of_metadata.size() - 1);
  buffer_ += bytes;
  const size_t end = buffer_.find(end_of_metadata, looked_through);
  const size_t prelude_bytes = end == std::string::npos ? buffer_.size() : end + end_of_metadata.size();
  if (prelude_bytes > limits::response_metadata_bytes_max) return fail(invalid_response("the metadata of the response are too long"));
  if (end == std::string::npos) return false;
  auto parsed = json::parse(std::string_view(buffer_).substr(0, end));
  if (!parsed || !parsed->is_object()) return fail(invalid_response("the metadata of the response are no JSON object"));
  metadata_ = std::move(*parsed);
  buffer_.erase(0, prelude_bytes);
  return true;
}

}  // namespace outcrop::lambda
