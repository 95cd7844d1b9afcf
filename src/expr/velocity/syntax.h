// A mapping template as it is rendered: pieces one after another, with expressions in them.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace outcrop::expr::velocity {

struct Place {
  uint32_t line = 1, column = 1;
};

struct Expression;
struct Piece;
using Block = std::vector<Piece>;

// One step from a value to another: ".name", ".name(arguments)", "[index]".
struct Step {
  enum class Kind : uint8_t { property, method, index } kind;
  std::string name;
  std::vector<Expression> arguments;  // of a method; the one of an index
};

// "$!{name.steps|alternative}".
struct Reference {
  Place place;
  std::string name;
  std::vector<Step> steps;
  std::shared_ptr<const Expression> alternative;
  std::string escapes;  // backslashes before it, and what it was written as, for "\$name"
  std::string written;
};

enum class Operator : uint8_t {
  either,
  both,
  negation,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  add,
  subtract,
  multiply,
  divide,
  remainder
};

struct Literal {
  std::variant<bool, int64_t, double, std::string> value;
};
// A text in double quotes with references or directives in it.
struct Interpolation {
  std::shared_ptr<const Block> block;
};
struct ListLiteral {
  std::vector<Expression> elements;
};
struct RangeLiteral {
  std::vector<Expression> ends;  // two, both included
};
struct MapLiteral {
  std::vector<Expression> keys, values;
};
struct Operation {
  Operator symbol;
  std::vector<Expression> operands;  // two, one of a negation
};

struct Expression {
  Place place;
  std::variant<Literal, Interpolation, Reference, ListLiteral, RangeLiteral, MapLiteral, Operation> form;
};

struct Text {
  std::string text;
};
struct SetDirective {
  Reference target;
  Expression value;
};
struct IfDirective {
  struct Branch {
    std::optional<Expression> condition;  // none of #else
    Block block;
  };
  std::vector<Branch> branches;
};
struct ForeachDirective {
  std::string variable;
  Expression list;
  Block block;
};
struct DefineDirective {
  std::string name;
  std::shared_ptr<const Block> block;
};
struct MacroCall {
  std::string name;
  std::vector<Expression> arguments;
  std::shared_ptr<const Block> body;  // of "#@name(…) … #end"; else null
};
struct BreakDirective {};
struct StopDirective {};

struct Piece {
  Place place;
  std::variant<Text, Reference, SetDirective, IfDirective, ForeachDirective, DefineDirective, MacroCall, BreakDirective, StopDirective>
      form;
};

struct Macro {
  std::vector<std::string> parameters;
  Block block;
};

}  // namespace outcrop::expr::velocity

namespace outcrop::expr {

struct CompiledTemplate {
  velocity::Block block;
  std::map<std::string, velocity::Macro, std::less<>> macros;
};

}  // namespace outcrop::expr
