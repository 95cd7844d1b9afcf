#include "services/apigatewayv2/api/parts.h"

namespace outcrop::apigatewayv2 {

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
