// A metric math expression as a tree, and its parser. Operators bind, loosest first: OR ||, AND &&, comparisons, + -, * /, unary -, ^.
//
//   expression = operand {operator operand}    operand = number | id | "text" | WORD | FUNCTION(expression, …) | [expression, …] |
//   (expression)
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace outcrop::cloudwatch {

struct Expression {
  enum class Kind {
    number,
    id,        // of another query: begins with a lower-case letter
    text,      // in quotes
    word,      // an argument by name: REPEAT, LINEAR, ASC, DESC, AVG, MIN, MAX, SUM
    call,      // name: the function
    list,      // [a, b]
    negation,  // name: "-"
    operation  // name: the operator, AND and OR as words
  };
  Kind kind = Kind::number;
  double number = 0;
  std::string name;
  std::vector<Expression> operands = {};
};

// Faults with ValidationException, whose message says what is wrong where, without naming the query. Functions that are not built are
// refused by name here.
Result<Expression> parse_expression(std::string_view text);

// The ids an expression refers to, each once. METRICS() refers to all of the request.
std::vector<std::string> ids_in(const Expression& expression);
bool uses_metrics_function(const Expression& expression);

}  // namespace outcrop::cloudwatch
