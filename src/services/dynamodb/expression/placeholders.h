// Placeholders: ExpressionAttributeNames and ExpressionAttributeValues of a request, and which of them its expressions use.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gen/dynamodb/types.h"
#include "services/dynamodb/value/value.h"

namespace outcrop::dynamodb {

class Placeholders {
 public:
  using Names = std::optional<wire::Map<std::string>>;
  using Values = std::optional<wire::Map<AttributeValue>>;

  // Faults, each a ValidationException 400: an empty map, a key that is none, a value that is none.
  static Result<Placeholders> read(Names names, Values values);

  // What "#n" and ":v" stand for, or null; it counts as used.
  const std::string* name(std::string_view placeholder);
  const Value* value(std::string_view placeholder);

  // Faults when some are used nowhere.
  Result<void> check_all_used() const;

 private:
  wire::Map<std::string> names_;
  Attributes values_;
  std::vector<bool> names_used_, values_used_;
};

}  // namespace outcrop::dynamodb
