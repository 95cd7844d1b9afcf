// What event source mappings read from, as their parameters name it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::lambda {

enum class SourceKind { queue, kinesis, dynamodb, kafka, self_managed_kafka, mq, document_db };

// InvalidParameterValueException 400 when the ARN names nothing that can be an event source.
Result<SourceKind> source_kind(const std::optional<std::string>& arn, bool is_self_managed);

// Of an SQS queue, which may be another account's.
struct QueueArn {
  std::string region, account, name;

  static std::optional<QueueArn> parse(std::string_view arn);
  bool is_fifo() const { return name.ends_with(".fifo"); }
  std::string url() const { return "https://sqs." + region + ".amazonaws.com/" + account + "/" + name; }
};

}  // namespace outcrop::lambda
