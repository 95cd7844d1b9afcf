#pragma once
#include <stop_token>

#include "base/task.h"
#include "store/store.h"

namespace outcrop::server {

// Trims the store whenever next to nothing was written to it for `quiet`: what a burst left in memory goes back to the system, and a start
// has less of the log to read. Until `stop`.
Task<void> trim_when_quiet(store::Store& store, const Clock& clock, Milliseconds quiet, std::stop_token stop);

}  // namespace outcrop::server
