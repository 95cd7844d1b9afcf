// A server that rests gives back what a burst left in memory.
#pragma once
#include <stop_token>

#include "base/task.h"
#include "store/store.h"

namespace outcrop::server {

// Until `stop`, trims the store whenever next to nothing was written to it for `quiet`. A start has less of the log to read then, too.
Task<void> trim_when_quiet(store::Store& store, const Clock& clock, Milliseconds quiet, std::stop_token stop);

}  // namespace outcrop::server
