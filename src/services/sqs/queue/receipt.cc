#include "services/sqs/queue/receipt.h"

#include <cstring>

#include "base/digest.h"
#include "base/encoding.h"

namespace outcrop::sqs {
namespace {

constexpr std::string_view receipt_mark = "\1\1\1";  // the version; in base64 it reads AQEB
constexpr size_t receipt_tag_bytes = 16;
constexpr size_t receipt_payload_bytes = 3 + 8 + 8 + 4;

}  // namespace

std::string seal_receipt(const Receipt& receipt, std::string_view secret) {
  std::string bytes(receipt_mark);
  bytes += receipt.queue_id;
  bytes.append(reinterpret_cast<const char*>(&receipt.sequence), sizeof receipt.sequence);
  bytes.append(reinterpret_cast<const char*>(&receipt.receive_count), sizeof receipt.receive_count);
  bytes += std::string_view(hmac_sha256(secret, bytes)).substr(0, receipt_tag_bytes);
  return base64(bytes);
}

std::optional<Receipt> open_receipt(std::string_view handle, std::string_view secret) {
  auto bytes = unbase64(handle);
  if (!bytes || bytes->size() != receipt_payload_bytes + receipt_tag_bytes || !bytes->starts_with(receipt_mark)) return std::nullopt;
  std::string_view payload = std::string_view(*bytes).substr(0, receipt_payload_bytes);
  std::string tag = hmac_sha256(secret, payload).substr(0, receipt_tag_bytes);
  if (!equal_in_constant_time(tag, std::string_view(*bytes).substr(receipt_payload_bytes))) return std::nullopt;
  Receipt receipt{std::string(payload.substr(3, 8))};
  std::memcpy(&receipt.sequence, payload.data() + 11, sizeof receipt.sequence);
  std::memcpy(&receipt.receive_count, payload.data() + 19, sizeof receipt.receive_count);
  return receipt;
}

}  // namespace outcrop::sqs
