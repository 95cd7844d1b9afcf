#include "services/apigatewayv2/api/parts.h"

#include <fmt/format.h>

#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/limits.h"

namespace outcrop::apigatewayv2 {

Result<void> check_record_size(size_t bytes) {
  if (bytes <= limits::record_bytes_max) return {};
  return fail(bad_request_exception(
      fmt::format("What the request describes has {} bytes; Outcrop keeps at most {} of it.", bytes, limits::record_bytes_max)));
}

Task<Result<std::vector<store::Entry>>> scan_all(store::Transaction& transaction, store::Range range) {
  std::vector<store::Entry> all;
  while (!range.empty()) {
    std::vector<store::Entry> entries = co_await transaction.scan(range);
    if (entries.empty()) break;
    range.begin = store::key_after(entries.back().key);
    for (store::Entry& entry : entries) all.push_back(std::move(entry));
  }
  co_return all;
}

}  // namespace outcrop::apigatewayv2
