// World: what the server takes from outside, as interfaces built in main and passed by reference, so that
// tests drive time, chance and storage.
#pragma once
#include <stop_token>
#include <vector>

#include "base/activity.h"
#include "base/executor.h"
#include "base/random.h"
#include "base/thread_pool.h"
#include "base/time.h"

namespace outcrop {

namespace store {
class Store;
class BlobStore;
}  // namespace store

class Processes;
class WallTimers;

struct World {
  Clock& clock;
  Random& random;
  store::Store& store;
  store::BlobStore& blobs;
  ThreadPool& pool;  // for work that blocks
  Activity& activity;
  WallTimers& timers;                // wake-ups in wall time, real or manual
  std::vector<Executor*> executors;  // one event loop a core
  Processes& processes;              // other programs
  std::stop_token draining = {};     // the server ends: long polls and other waits that may be short end now
};

}  // namespace outcrop
