#include "services/dynamodb/expression/binding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "services/dynamodb/expression/reserved_words.h"

namespace outcrop::dynamodb {

namespace {

// The kinds of what can be wrong, in the order in which DynamoDB looks for them.
enum class Wrong : uint8_t {
  parentheses,
  reserved,
  function_name,
  misused,
  section,
  name,
  value,
  overlap,
  conflict,
  operand,
  distinct,
  type
};

// The first of each kind.
class Complaints {
 public:
  void add(Wrong kind, std::string message) {
    auto& first = first_[size_t(kind)];
    if (!first) first = std::move(message);
  }
  // Of several the first in `order`.
  std::optional<std::string> first_of(std::initializer_list<Wrong> order) const {
    for (const Wrong kind : order) {
      if (first_[size_t(kind)]) return first_[size_t(kind)];
    }
    return std::nullopt;
  }

 private:
  std::array<std::optional<std::string>, 12> first_;
};

Fault expression_invalid(std::string message) { return {"ValidationException", 400, std::move(message)}; }

struct KnownFunction {
  std::string_view name;
  Function function;
  size_t operands;
  bool in_updates;
};
constexpr std::array<KnownFunction, 8> known_functions = {{{"attribute_exists", Function::attribute_exists, 1, false},
                                                           {"attribute_not_exists", Function::attribute_not_exists, 1, false},
                                                           {"attribute_type", Function::attribute_type, 2, false},
                                                           {"begins_with", Function::begins_with, 2, false},
                                                           {"contains", Function::contains, 2, false},
                                                           {"size", Function::size, 1, false},
                                                           {"if_not_exists", Function::if_not_exists, 2, true},
                                                           {"list_append", Function::list_append, 2, true}}};

// "{S:a}", as messages show a value.
std::string value_text(const Value& value) {
  std::string text = "?";
  if (const auto* string = value.as<std::string>()) text = *string;
  if (const auto* number = value.as<Decimal>()) text = number->text();
  if (const auto* binary = value.as<Binary>()) text = base64(binary->bytes);
  return fmt::format("AttributeValue: {{{}:{}}}", type_name(value.type()), text);
}

class Binder {
 public:
  Binder(Placeholders& placeholders, bool in_update) : placeholders_(placeholders), in_update_(in_update) {}

  Complaints& complaints() { return complaints_; }

  Path path(const PathSyntax& syntax) {
    Path path;
    path.reserve(syntax.size());
    for (const PathStep& step : syntax) {
      if (const size_t* place = step.place())
        path.push_back({.name = {}, .place = *place});
      else
        path.push_back({.name = step.is_placeholder ? resolved(*step.name()) : spelt(*step.name())});
    }
    return path;
  }

  Operand operand(const OperandSyntax& syntax) {
    Operand operand{.kind = syntax.kind};
    if (syntax.kind == OperandSyntax::Kind::path) operand.path = path(syntax.path);
    if (syntax.kind == OperandSyntax::Kind::value) operand.value = value(syntax.name);
    for (const OperandSyntax& argument : syntax.arguments) operand.arguments.push_back(this->operand(argument));
    if (syntax.kind == OperandSyntax::Kind::function) check_function(syntax, operand);
    if (syntax.kind == OperandSyntax::Kind::plus) check_types("+", operand.arguments, {Type::number});
    if (syntax.kind == OperandSyntax::Kind::minus) check_types("-", operand.arguments, {Type::number});
    return operand;
  }

  void check_distinct(std::string_view name, const std::vector<Operand>& operands) {
    if (operands.size() != 2 || operands[0].path.empty() || operands[0].path != operands[1].path) return;
    complaints_.add(
        Wrong::distinct,
        fmt::format("The first operand must be distinct from the remaining operands for this operator or function; operator: {}, "
                    "first operand: {}",
                    name, path_text(operands[0].path)));
  }

  // Of values that stand in the expression; what attributes hold is seen later.
  void check_types(std::string_view name, const std::vector<Operand>& operands, std::initializer_list<Type> allowed,
                   std::string_view word = "operator or function") {
    for (const Operand& operand : operands) {
      if (!operand.value || std::ranges::find(allowed, operand.value->type()) != allowed.end()) continue;
      complaints_.add(Wrong::type, fmt::format("Incorrect operand type for operator or function; {}: {}, operand type: {}", word, name,
                                               type_name(operand.value->type())));
    }
  }

  // Functions whose answer is a truth stand alone, never within another or beside an operator.
  void check_used_as_value(const std::vector<OperandSyntax>& operands) {
    for (const OperandSyntax& operand : operands) {
      if (operand.kind != OperandSyntax::Kind::function || in_update_ || operand.name == "size") continue;
      misused(operand.name);
    }
  }
  void misused(std::string_view function) {
    complaints_.add(Wrong::misused,
                    fmt::format("The function is not allowed to be used this way in an expression; function: {}", function));
  }

 private:
  std::string_view spelt(const std::string& name) {
    if (is_reserved_word(name)) complaints_.add(Wrong::reserved, "Attribute name is a reserved keyword; reserved keyword: " + name);
    return name;
  }
  std::string_view resolved(const std::string& placeholder) {
    const std::string* name = placeholders_.name(placeholder);
    if (!name)
      complaints_.add(Wrong::name, "An expression attribute name used in the document path is not defined; attribute name: " + placeholder);
    return name ? std::string_view(*name) : std::string_view();
  }
  const Value* value(const std::string& placeholder) {
    const Value* value = placeholders_.value(placeholder);
    if (!value)
      complaints_.add(Wrong::value, "An expression attribute value used in expression is not defined; attribute value: " + placeholder);
    return value;
  }

  void check_function(const OperandSyntax& syntax, Operand& operand) {
    check_used_as_value(syntax.arguments);
    const auto known = std::ranges::find_if(
        known_functions, [&](const KnownFunction& one) { return one.name == syntax.name && one.in_updates == in_update_; });
    if (known == known_functions.end()) {
      complaints_.add(Wrong::function_name, "Invalid function name; function: " + syntax.name);
      return;
    }
    operand.function = known->function;
    if (known->operands != operand.arguments.size()) {
      complaints_.add(in_update_ ? Wrong::type : Wrong::operand,
                      fmt::format("Incorrect number of operands for operator or function; operator or function: {}, number of operands: {}",
                                  syntax.name, operand.arguments.size()));
      return;
    }
    if (!in_update_) check_distinct(syntax.name, operand.arguments);
    check_arguments(syntax.name, operand);
  }

  void check_arguments(std::string_view name, const Operand& operand) {
    switch (operand.function) {
      case Function::attribute_exists:
      case Function::attribute_not_exists:
      case Function::if_not_exists:
        if (operand.arguments[0].kind == OperandSyntax::Kind::path) return;
        return complaints_.add(Wrong::type, fmt::format("Operator or function requires a document path; operator or function: {}", name));
      case Function::begins_with:
        return check_types(name, operand.arguments, {Type::string, Type::binary});
      case Function::list_append:
        return check_types(name, operand.arguments, {Type::list});
      case Function::size:
        return check_types(name, operand.arguments,
                           {Type::string, Type::binary, Type::map, Type::list, Type::string_set, Type::number_set, Type::binary_set});
      case Function::attribute_type:
        return check_type_name(name, operand.arguments[1]);
      case Function::contains:
        return;
    }
  }

  void check_type_name(std::string_view name, const Operand& operand) {
    const std::string* type = operand.value ? operand.value->as<std::string>() : nullptr;
    if (!type && (operand.value || operand.kind != OperandSyntax::Kind::value)) {
      const std::string_view given = operand.value ? type_name(operand.value->type()) : "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}";
      complaints_.add(
          Wrong::type,
          fmt::format("Incorrect operand type for operator or function; operator or function: {}, operand type: {}", name, given));
    } else if (type && !type_named(*type)) {
      complaints_.add(Wrong::type,
                      fmt::format("Invalid attribute type name found; type: {}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}", *type));
    }
  }

  Placeholders& placeholders_;
  const bool in_update_;
  Complaints complaints_;
};

// What is wrong within one comparison or function: the first comparison that has something wrong is told.
constexpr std::initializer_list<Wrong> wrong_in_comparison = {Wrong::name, Wrong::value, Wrong::operand, Wrong::distinct, Wrong::type};

class ConditionBinder {
 public:
  explicit ConditionBinder(Placeholders& placeholders) : placeholders_(placeholders) {}

  BoundCondition condition(const ConditionSyntax& syntax) {
    BoundCondition bound{.kind = syntax.kind, .comparator = syntax.comparator};
    for (const ConditionSyntax& part : syntax.conditions) {
      bound.conditions.push_back(condition(part));
      if (stands_for_truth_wrongly(part)) whole_.add(Wrong::misused, misused_size);
    }
    if (!syntax.operands.empty()) bind_comparison(syntax, bound);
    return bound;
  }

  Result<void> outcome(const ConditionExpression& syntax) const {
    if (syntax.has_redundant_parentheses) return fail(expression_invalid("The expression has redundant parentheses;"));
    Complaints whole = whole_;
    if (stands_for_truth_wrongly(syntax.condition)) whole.add(Wrong::misused, misused_size);
    if (auto wrong = whole.first_of({Wrong::function_name, Wrong::misused, Wrong::reserved})) return fail(expression_invalid(*wrong));
    if (first_comparison_) return fail(expression_invalid(*first_comparison_));
    return {};
  }

 private:
  static constexpr const char* misused_size = "The function is not allowed to be used this way in an expression; function: size";

  // "size(a)" is no condition.
  static bool stands_for_truth_wrongly(const ConditionSyntax& syntax) {
    return syntax.kind == ConditionSyntax::Kind::function && syntax.operands[0].name == "size";
  }

  void bind_comparison(const ConditionSyntax& syntax, BoundCondition& bound) {
    Binder binder(placeholders_, false);
    for (const OperandSyntax& operand : syntax.operands) bound.operands.push_back(binder.operand(operand));
    if (syntax.kind != ConditionSyntax::Kind::function) binder.check_used_as_value(syntax.operands);
    if (syntax.kind == ConditionSyntax::Kind::compare) check_comparison(binder, bound);
    if (syntax.kind == ConditionSyntax::Kind::between) check_between(binder, bound);
    const Complaints& found = binder.complaints();
    for (const Wrong kind : {Wrong::function_name, Wrong::misused, Wrong::reserved}) {
      if (auto wrong = found.first_of({kind})) whole_.add(kind, *wrong);
    }
    if (!first_comparison_) first_comparison_ = found.first_of(wrong_in_comparison);
  }

  static void check_comparison(Binder& binder, const BoundCondition& bound) {
    const std::string_view symbol = symbol_of(bound.comparator);
    binder.check_distinct(symbol, bound.operands);
    if (bound.comparator != Comparator::eq && bound.comparator != Comparator::ne)
      binder.check_types(symbol, bound.operands, {Type::string, Type::number, Type::binary}, "operator");
  }

  static void check_between(Binder& binder, const BoundCondition& bound) {
    binder.check_types("BETWEEN", bound.operands, {Type::string, Type::number, Type::binary}, "operator");
    const Value *lower = bound.operands[1].value, *upper = bound.operands[2].value;
    if (!lower || !upper) return;
    std::string_view wanted;
    if (lower->type() != upper->type())
      wanted = "same data type for lower and upper bounds";
    else if (std::is_gt(compare(*lower, *upper).value_or(std::strong_ordering::equal)))
      wanted = "upper bound to be greater than or equal to lower bound";
    if (wanted.empty()) return;
    binder.complaints().add(Wrong::type, fmt::format("The BETWEEN operator requires {}; lower bound operand: {}, upper bound operand: {}",
                                                     wanted, value_text(*lower), value_text(*upper)));
  }

  Placeholders& placeholders_;
  Complaints whole_;
  std::optional<std::string> first_comparison_;
};

// Two paths of which one lies within the other, or that take the same attribute for a map and for a list.
void check_against(Complaints& complaints, const Path& one, const Path& two) {
  const size_t common = std::min(one.size(), two.size());
  for (size_t i = 0; i < common; ++i) {
    if (one[i] == two[i]) continue;
    if (one[i].place.has_value() != two[i].place.has_value())
      complaints.add(Wrong::conflict,
                     fmt::format("Two document paths conflict with each other; must remove or rewrite one of these paths; path "
                                 "one: {}, path two: {}",
                                 path_text(one), path_text(two)));
    return;
  }
  complaints.add(
      Wrong::overlap,
      fmt::format("Two document paths overlap with each other; must remove or rewrite one of these paths; path one: {}, path two: {}",
                  path_text(one), path_text(two)));
}

void check_paths(Complaints& complaints, const std::vector<const Path*>& paths) {
  for (size_t i = 0; i < paths.size(); ++i) {
    for (size_t j = 0; j < i; ++j) check_against(complaints, *paths[j], *paths[i]);
  }
}

// What ADD and DELETE take: numbers (ADD alone) and sets.
void check_added(Complaints& complaints, UpdateAction::Kind kind, const Value* value) {
  constexpr std::array<std::string_view, 7> names = {"STRING", "NUMBER", "BINARY", "BOOLEAN", "NULL", "MAP", "LIST"};
  if (!value || value->is_set()) return;
  const bool is_add = kind == UpdateAction::Kind::add;
  if (is_add && value->type() == Type::number) return;
  complaints.add(Wrong::operand, fmt::format("Incorrect operand type for operator or function; operator: {}, operand type: {}, typeSet: {}",
                                             is_add ? "ADD" : "DELETE", names[size_t(value->type())],
                                             is_add ? "ALLOWED_FOR_ADD_OPERAND" : "ALLOWED_FOR_DELETE_OPERAND"));
}

}  // namespace

std::string path_text(const Path& path) {
  std::string text = "[";
  for (const Step& step : path) {
    if (text.size() > 1) text += ", ";
    text += step.place ? fmt::format("[{}]", *step.place) : std::string(step.name);
  }
  return text + "]";
}

Result<BoundCondition> bind(const ConditionExpression& syntax, Placeholders& placeholders) {
  ConditionBinder binder(placeholders);
  BoundCondition condition = binder.condition(syntax.condition);
  if (auto outcome = binder.outcome(syntax); !outcome) return fail(std::move(outcome.error()));
  return condition;
}

Result<BoundUpdate> bind(const UpdateExpression& syntax, Placeholders& placeholders) {
  Binder binder(placeholders, true);
  if (!syntax.repeated_section.empty())
    binder.complaints().add(Wrong::section,
                            fmt::format("The \"{}\" section can only be used once in an update expression;", syntax.repeated_section));
  BoundUpdate update;
  update.actions.reserve(syntax.actions.size());
  std::vector<const Path*> paths;
  for (const UpdateAction& action : syntax.actions) {
    BoundUpdate::Action& bound = update.actions.emplace_back(action.kind, binder.path(action.path));
    paths.push_back(&bound.path);
    if (action.kind == UpdateAction::Kind::remove) continue;
    bound.value = binder.operand(action.value);
    if (action.kind != UpdateAction::Kind::set) check_added(binder.complaints(), action.kind, bound.value.value);
  }
  check_paths(binder.complaints(), paths);
  if (auto wrong = binder.complaints().first_of({Wrong::reserved, Wrong::function_name, Wrong::section, Wrong::name, Wrong::value,
                                                 Wrong::overlap, Wrong::conflict, Wrong::operand, Wrong::type}))
    return fail(expression_invalid(std::move(*wrong)));
  return update;
}

Result<BoundProjection> bind(const ProjectionExpression& syntax, Placeholders& placeholders) {
  Binder binder(placeholders, false);
  BoundProjection projection;
  for (const PathSyntax& path : syntax.paths) projection.push_back(binder.path(path));
  std::vector<const Path*> paths;
  for (const Path& path : projection) paths.push_back(&path);
  check_paths(binder.complaints(), paths);
  if (auto wrong = binder.complaints().first_of({Wrong::reserved, Wrong::name, Wrong::overlap, Wrong::conflict}))
    return fail(expression_invalid(std::move(*wrong)));
  return projection;
}

}  // namespace outcrop::dynamodb
