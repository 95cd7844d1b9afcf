// One long poll that waits on a queue: first come, first served.
#pragma once
#include <list>
#include <memory>
#include <vector>

#include "base/completion.h"
#include "services/sqs/queue/queue.h"

namespace outcrop::sqs {

struct Queue::Waiter {
  Waiter(ReceiveRequest request, Executor& home) : request(std::move(request)), ended(home) {}

  ReceiveRequest request;
  std::vector<Delivery> deliveries;  // empty when time was up
  bool is_listed = false;
  std::list<WaiterPointer>::iterator place;
  Timer timer;
  Completion<bool> ended;
};

}  // namespace outcrop::sqs
