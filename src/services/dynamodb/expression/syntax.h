// What expressions say, before it is known what their placeholders stand for: the part of them that can be kept and used again.
#pragma once
#include <string>
#include <variant>
#include <vector>

namespace outcrop::dynamodb {

// One step of a document path: an attribute's name, a placeholder for one ("#n"), or the place of an element in a list.
struct PathStep {
  std::variant<std::string, size_t> step;
  bool is_placeholder = false;

  const std::string* name() const { return std::get_if<std::string>(&step); }
  const size_t* place() const { return std::get_if<size_t>(&step); }
};
using PathSyntax = std::vector<PathStep>;

struct OperandSyntax {
  enum class Kind : uint8_t { path, value, function, plus, minus };

  Kind kind = Kind::path;
  PathSyntax path = {};
  std::string name = {};  // of a value ":v", or of a function
  std::vector<OperandSyntax> arguments = {};
};

enum class Comparator : uint8_t { eq, ne, lt, le, gt, ge };
std::string_view symbol_of(Comparator comparator);

struct ConditionSyntax {
  enum class Kind : uint8_t { compare, between, in, function, and_, or_, not_ };

  Kind kind;
  Comparator comparator = Comparator::eq;
  std::vector<OperandSyntax> operands = {};      // of what compares; of a function itself, as one
  std::vector<ConditionSyntax> conditions = {};  // of and_, or_, not_
};

struct ConditionExpression {
  ConditionSyntax condition;
  bool has_redundant_parentheses = false;
  size_t operators = 0;
};

struct UpdateAction {
  enum class Kind : uint8_t { set, remove, add, delete_ };

  Kind kind;
  PathSyntax path;
  OperandSyntax value = {};  // of all but remove
};

struct UpdateExpression {
  std::vector<UpdateAction> actions;
  std::string repeated_section;  // "SET" that came twice; or empty
  size_t operators = 0;
};

struct ProjectionExpression {
  std::vector<PathSyntax> paths;
};

}  // namespace outcrop::dynamodb
