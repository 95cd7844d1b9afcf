// Destinations: where what became of an asynchronous invocation is sent: to whoever has an ARN.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/directory.h"
#include "services/lambda/function/keys.h"

namespace outcrop::lambda {

struct DestinationMessage {
  struct Attribute {
    std::string name, type, value;  // "ErrorCode", "Number", "200"
  };
  std::string body;
  std::vector<Attribute> attributes = {};  // of messages to dead-letter queues
  std::string trace_header = {};
};

class Destinations {
 public:
  virtual ~Destinations() = default;
  // On behalf of a function of `from`. Faults as the destination's service does; UnsupportedDestination 400 when there is no such kind.
  virtual Task<Result<void>> send(const Place& from, std::string_view arn, const DestinationMessage& message) = 0;
};

// Those of this server: SQS queues and functions.
class DirectoryDestinations final : public Destinations {
 public:
  DirectoryDestinations(World& world, Directory& directory) : world_(world), directory_(directory) {}
  Task<Result<void>> send(const Place& from, std::string_view arn, const DestinationMessage& message) override;

 private:
  World& world_;
  Directory& directory_;
};

}  // namespace outcrop::lambda
