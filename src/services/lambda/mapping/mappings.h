// Mappings: the event source mappings of this server, in the store. Shared regime: store transactions alone.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/world.h"
#include "gen/records/lambda.h"
#include "services/lambda/function/function_name.h"
#include "services/lambda/function/keys.h"

namespace outcrop::lambda {

struct Mapping {
  Place place;
  std::string uuid;
  MappingRecord record;

  FunctionName function() const { return {place, record.function_name, record.qualifier}; }
  std::string arn() const { return "arn:aws:lambda:" + place.region + ":" + place.account + ":event-source-mapping:" + uuid; }
};

// Thread-safe.
class Mappings {
 public:
  explicit Mappings(World& world) : world_(world) {}

  // Gives it a UUID. ResourceConflictException 409 when one of the same function and source is there.
  Task<Result<Mapping>> create(const Place& place, MappingRecord record);

  // ResourceNotFoundException 404.
  Task<Result<Mapping>> get(const Place& place, std::string_view uuid);
  // None when it is not there.
  Task<Result<std::optional<Mapping>>> find(const Place& place, std::string_view uuid);

  // ResourceNotFoundException 404, ResourceConflictException 409, and what `change` faults with.
  using Change = std::function<Result<void>(MappingRecord&)>;
  Task<Result<Mapping>> change(const Place& place, std::string_view uuid, const Change& change);

  // Gives what was erased. ResourceNotFoundException 404.
  Task<Result<Mapping>> erase(const Place& place, std::string_view uuid);

  // Those that are `wanted`, at most `count` of them, by UUID, behind `after`; an empty one: from the first.
  using Wanted = std::function<bool(const Mapping&)>;
  Task<Result<std::vector<Mapping>>> list(const Place& place, std::string_view after, size_t count, const Wanted& wanted);

  // All there are, of every account and Region.
  Task<Result<std::vector<Mapping>>> all();

 private:
  static Task<Result<void>> check_unique(store::Transaction& transaction, const Mapping& mapping);

  World& world_;
};

}  // namespace outcrop::lambda
