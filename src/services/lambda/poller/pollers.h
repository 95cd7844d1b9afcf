// Pollers: keeps what polls in line with the event source mappings that are stored: each that is enabled has a poller, with its settings.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/task_group.h"
#include "core/directory.h"
#include "core/shard.h"
#include "core/signal.h"
#include "services/lambda/invoke/invoker.h"
#include "services/lambda/mapping/mappings.h"
#include "services/lambda/poller/poller.h"

namespace outcrop::lambda {

struct PollersParts {
  World& world;
  Shards& shards;
  Directory& directory;
  Functions& functions;
  Invoker& invoker;
  Mappings& mappings;
};

// Thread-safe.
class Pollers {
 public:
  // All parts must outlive it.
  explicit Pollers(PollersParts parts) : parts_(parts) {}

  // Begins to poll for every mapping that is enabled. After the directory has SQS.
  Task<Result<void>> start();

  // Nothing more is received. What was received goes on to its end: stop() waits for it. Between the two whoever runs functions ends.
  void end_receiving();
  Task<void> stop();

  // A mapping was made, changed or erased: reads it and begins, replaces or ends its poller. What the former poller received is processed
  // by it, as it was configured.
  Task<Result<void>> follow(const Place& place, std::string_view uuid);

  // Ends those of an account, or all: a reset takes their mappings away.
  void forget(const std::optional<std::string>& account);

  // What stands in the way of a mapping, as its LastProcessingResult says; none when nothing does.
  std::optional<std::string> problem_of(const Mapping& mapping) const;

 private:
  struct Running {
    Place place;
    std::shared_ptr<Poller> poller;
  };

  Task<Result<void>> follow_alone(const Place& place, std::string_view uuid);
  void begin(const Mapping& mapping, PollerSettings settings);
  void end(std::string_view uuid);

  const PollersParts parts_;
  TaskGroup running_;
  bool is_following_ = false;  // on the first executor's thread, as who follows
  Signal followed_;

  mutable std::mutex mutex_;
  bool is_over_ = false;
  std::map<std::string, Running, std::less<>> pollers_;  // by UUID
};

}  // namespace outcrop::lambda
