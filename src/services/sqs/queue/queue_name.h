// Which queue: account, region and name, and the forms in which callers write it: URL, ARN, bare name.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace outcrop::sqs {

struct QueueName {
  std::string account;  // 12 digits
  std::string region;
  std::string name;

  bool is_fifo() const { return name.ends_with(".fifo"); }
  std::string arn() const;                           // "arn:aws:sqs:us-east-1:000000000000:name"
  std::string url(std::string_view endpoint) const;  // "http://localhost:4566/000000000000/name"
  friend auto operator<=>(const QueueName&, const QueueName&) = default;
};

// The queue an ARN names; none when it is no ARN of a queue. Dead-letter targets and move tasks stay within one
// account and region, so an account field that is no account id is read as `own_account`.
std::optional<QueueName> parse_queue_arn(std::string_view arn, std::string_view own_account);

// The queue a QueueUrl names: the last two segments of its path, whatever the host (an address of this server, of
// a proxy, or of AWS), or a bare name, which AWS takes as the caller's own queue.
std::optional<QueueName> parse_queue_url(std::string_view url, std::string_view own_account, std::string_view region);

// 1 to 80 letters, digits, hyphens and underscores; a FIFO queue's ends in ".fifo", which counts.
bool is_queue_name(std::string_view name, bool fifo);
bool is_account_id(std::string_view text);

}  // namespace outcrop::sqs
