#include "services/sqs/queue/queue_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/arn.h"
#include "services/sqs/limits.h"

namespace outcrop::sqs {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

std::string QueueName::arn() const { return fmt::format("arn:aws:sqs:{}:{}:{}", region, account, name); }
std::string QueueName::url(std::string_view endpoint) const { return fmt::format("{}/{}/{}", endpoint, account, name); }

bool is_account_id(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_queue_name(std::string_view name, bool fifo) {
  if (name.size() > limits::queue_name_length_max) return false;
  if (fifo) {
    if (!name.ends_with(".fifo")) return false;
    name.remove_suffix(5);
  }
  return !name.empty() && std::ranges::all_of(name, is_name_character);
}

std::optional<QueueName> parse_queue_arn(std::string_view text, std::string_view own_account) {
  const std::optional<Arn> arn = parse_arn(text);
  if (!arn || arn->service != "sqs" || arn->region.empty() || arn->account.empty()) return std::nullopt;
  if (!is_queue_name(arn->resource, arn->resource.ends_with(".fifo"))) return std::nullopt;
  return QueueName{std::string(is_account_id(arn->account) ? arn->account : own_account), std::string(arn->region),
                   std::string(arn->resource)};
}

std::optional<QueueName> parse_queue_url(std::string_view url, std::string_view own_account, std::string_view region) {
  url = url.substr(0, url.find('?'));
  while (url.ends_with('/')) url.remove_suffix(1);
  if (size_t scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  size_t slash = url.rfind('/');
  std::string_view name = slash == std::string_view::npos ? url : url.substr(slash + 1), account = own_account;
  if (slash != std::string_view::npos) {
    account = url.substr(0, slash);
    account = account.substr(account.rfind('/') + 1);
    if (!is_account_id(account)) return std::nullopt;
  }
  if (!is_queue_name(name, name.ends_with(".fifo"))) return std::nullopt;
  return QueueName{std::string(account), std::string(region), std::string(name)};
}

}  // namespace outcrop::sqs
