// Expressions with what their placeholders stand for: ready to be evaluated against items. They view into their syntax, names and values,
// which must outlive them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/dynamodb/expression/syntax.h"
#include "services/dynamodb/value/value.h"

namespace outcrop::dynamodb {

// An attribute's name, or the place of an element in a list.
struct Step {
  std::string_view name;  // when place is none
  std::optional<size_t> place = {};

  bool operator==(const Step&) const = default;
};
using Path = std::vector<Step>;

// "[a, [0], b]", as messages have it.
std::string path_text(const Path& path);

enum class Function : uint8_t {
  attribute_exists,
  attribute_not_exists,
  attribute_type,
  begins_with,
  contains,
  size,
  if_not_exists,
  list_append
};

struct Operand {
  OperandSyntax::Kind kind = OperandSyntax::Kind::path;
  Path path = {};
  const Value* value = nullptr;
  Function function = Function::size;
  std::vector<Operand> arguments = {};  // of functions and sums
};

struct BoundCondition {
  ConditionSyntax::Kind kind;
  Comparator comparator = Comparator::eq;
  std::vector<Operand> operands = {};
  std::vector<BoundCondition> conditions = {};
};

struct BoundUpdate {
  struct Action {
    UpdateAction::Kind kind;
    Path path;
    Operand value = {};
  };
  std::vector<Action> actions;
};

using BoundProjection = std::vector<Path>;

}  // namespace outcrop::dynamodb
