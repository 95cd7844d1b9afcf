// Receipt handles: which message, as of which receive, sealed with the installation's secret so that nobody can make
// one up. The text is opaque to callers.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace outcrop::sqs {

struct Receipt {
  std::string queue_id;  // 8 bytes
  uint64_t sequence = 0;
  int32_t receive_count = 0;  // a later receive makes a newer handle
};

// `secret`: 32 bytes.
std::string seal_receipt(const Receipt& receipt, std::string_view secret);
// None when the text is no handle that this installation gave out.
std::optional<Receipt> open_receipt(std::string_view handle, std::string_view secret);

}  // namespace outcrop::sqs
