// What a function's answer says of a batch when its mapping has ReportBatchItemFailures.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/lambda/poller/sqs_event.h"

namespace outcrop::lambda {

// Receipt handles of the records that succeeded. The rules are those of the Developer Guide ("Implementing partial batch
// responses", success and failure conditions): all did when nothing, null or an empty list is answered; none did when the answer is no
// JSON, or an identifier is empty, null, missing or that of no message of the batch.
std::vector<std::string> succeeded(std::span<const QueueRecord> records, std::string_view answer);

std::vector<std::string> all_receipt_handles(std::span<const QueueRecord> records);

}  // namespace outcrop::lambda
