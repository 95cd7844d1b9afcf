// What is told of an asynchronous invocation that is over: the invocation record of destinations, and the message of dead-letter queues
// (Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations").
#pragma once
#include <optional>
#include <string>

#include "gen/records/lambda.h"
#include "services/lambda/async/destinations.h"
#include "services/lambda/function/function_name.h"
#include "services/lambda/invoke/invoker.h"

namespace outcrop::lambda {

// How an event ended, and what the last attempt brought.
struct Ending {
  enum class Condition { success, retries_exhausted, event_age_exceeded, zero_reserved_concurrency };
  Condition condition;
  std::optional<InvokedWhole> answer;  // of a function that ran
  std::optional<Fault> refusal;        // of one that could not

  bool is_success() const { return condition == Condition::success; }
};

// Of an event whose payload is whole.
DestinationMessage invocation_record(const FunctionName& name, const AsyncEventRecord& event, const Ending& ending, Instant now);
DestinationMessage dead_letter(const AsyncEventRecord& event, const Ending& ending);

}  // namespace outcrop::lambda
