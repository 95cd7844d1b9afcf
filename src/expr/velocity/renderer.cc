#include "expr/velocity/renderer.h"

#include <fmt/format.h>

#include <array>

namespace outcrop::expr {

std::string TemplateError::message() const { return fmt::format("line {}, column {}: {}", line, column, problem); }

}  // namespace outcrop::expr

namespace outcrop::expr::velocity {
namespace {

using Kind = TemplateError::Kind;

// Velocity 2's: null, false, zero, an empty text and empty containers. What an alternative stands for.
bool is_void(const Value& value) {
  if (auto* truth = value.as<bool>()) return !*truth;
  if (auto* text = value.text()) return text->empty();
  if (auto* list = value.as<List*>()) return (*list)->elements.empty();
  if (auto* map = value.as<Map*>()) return (*map)->members.empty();
  return value.is_null() || (value.is_number() && value.number() == 0);
}

}  // namespace

Renderer::Renderer(const CompiledTemplate& compiled, const TemplateInput& input)
    : compiled_(compiled), input_(input), input_tool_(*this, input) {
  const Value context = from_json(input.context);
  if (auto* map = context.as<Map*>()) {
    for (const char* name : {"requestOverride", "responseOverride"})
      if (!(*map)->find(name)) put(**map, name, make_map());
    for (const auto& [side, part] : std::to_array<std::pair<const char*, const char*>>({{"requestOverride", "header"},
                                                                                        {"requestOverride", "path"},
                                                                                        {"requestOverride", "querystring"},
                                                                                        {"responseOverride", "header"}})) {
      auto* overridden = (*map)->find(side)->as<Map*>();
      if (overridden && !(*overridden)->find(part)) put(**overridden, part, make_map());
    }
  }
  variables_ = {{"context", context}, {"stageVariables", from_json(input.stage_variables)}, {"input", Tool::input}, {"util", Tool::util}};
}

std::expected<RenderedTemplate, TemplateError> Renderer::whole() {
  RenderedTemplate result;
  out_ = &result.text;
  render(compiled_.block);
  result.request_override = override_of("requestOverride");
  result.response_override = override_of("responseOverride");
  if (error()) return std::unexpected(*error());
  return result;
}

json::Value Renderer::override_of(std::string_view name) {
  const Value overridden = property_of(*this, variable("context"), name);
  return overridden.as<Map*>() ? to_json(overridden) : json::Value::object();
}

void Renderer::write(std::string_view text) {
  if (out_->size() + text.size() > limits::template_output_max) return refuse(Kind::too_much, "the output is too long");
  out_->append(text);
}

Renderer::Flow Renderer::render(const Block& block) {
  for (const Piece& piece : block) {
    const Flow flow = pay() ? render(piece) : Flow::stop;
    if (stopped_ || is_over()) return Flow::stop;
    if (flow != Flow::on) return flow;
  }
  return Flow::on;
}

Renderer::Flow Renderer::render(const Piece& piece) {
  if (auto* text = std::get_if<Text>(&piece.form)) return write(text->text), Flow::on;
  place_ = piece.place;
  if (auto* reference = std::get_if<Reference>(&piece.form)) return render(*reference), Flow::on;
  if (auto* set = std::get_if<SetDirective>(&piece.form)) return assign(*set), Flow::on;
  if (auto* condition = std::get_if<IfDirective>(&piece.form)) return render(*condition);
  if (auto* foreach = std::get_if<ForeachDirective>(&piece.form)) return render(*foreach);
  if (auto* call = std::get_if<MacroCall>(&piece.form)) return render(*call);
  if (auto* define = std::get_if<DefineDirective>(&piece.form)) return set_variable(define->name, define->block.get()), Flow::on;
  stopped_ = std::holds_alternative<StopDirective>(piece.form);
  return stopped_ ? Flow::stop : Flow::leave;
}

// With backslashes before it: they are text where the reference is null, two are one where it is not, and an odd one makes it a text.
void Renderer::render(const Reference& reference) {
  Value value = resolve(reference, reference.steps.size());
  if (!reference.escapes.empty()) {
    if (value.is_null()) return write(reference.escapes), write(reference.written);
    write(reference.escapes.substr(0, reference.escapes.size() / 2));
    if (reference.escapes.size() % 2 == 1) return write(reference.written);
  }
  if (reference.alternative && is_void(value)) value = evaluate(*reference.alternative);
  if (auto* text = value.text()) return write(*text);
  if (!value.is_null()) write(text_of(value));
}

Renderer::Flow Renderer::render(const IfDirective& directive) {
  for (const IfDirective::Branch& branch : directive.branches) {
    if (branch.condition) {
      const Value value = evaluate(*branch.condition);
      if (value.is_null() || (value.as<bool>() && !*value.as<bool>())) continue;
    }
    return render(branch.block);
  }
  return Flow::on;
}

// Velocity ends a loop at its limit without a word (directive.foreach.maxloops).
Renderer::Flow Renderer::render(const ForeachDirective& directive) {
  List* list = elements_of(evaluate(directive.list));
  if (!list) return Flow::on;
  const std::array<std::string, 3> names = {directive.variable, "foreach", "velocityCount"};
  std::array<Value, 3> before;
  for (size_t i = 0; i < names.size(); ++i) before[i] = variable(names[i]);
  Loop loop{.parent = loop_};
  loop_ = &loop;
  Flow flow = Flow::on;
  for (; loop.index < std::min(list->elements.size(), limits::foreach_turns_max) && flow == Flow::on; ++loop.index) {
    loop.has_next = loop.index + 1 < list->elements.size();
    set_variable(directive.variable, list->elements[loop.index]);
    set_variable("foreach", &std::as_const(loop));
    set_variable("velocityCount", int64_t(loop.index) + 1);
    flow = render(directive.block);
  }
  loop_ = loop.parent;
  for (size_t i = 0; i < names.size(); ++i) set_variable(names[i], before[i]);
  return flow == Flow::stop ? flow : Flow::on;
}

Renderer::Flow Renderer::render(const MacroCall& call) {
  const auto found = compiled_.macros.find(call.name);
  if (found == compiled_.macros.end()) return Flow::on;  // its name stands behind "#macro(" in a text that is none
  if (frames_.size() + blocks_ >= limits::macro_depth_max)
    return refuse(Kind::too_much, fmt::format("macros call each other deeper than {}", limits::macro_depth_max)), Flow::stop;
  const Macro& macro = found->second;
  Variables arguments;
  for (size_t i = 0; i < macro.parameters.size(); ++i)
    arguments[macro.parameters[i]] = i < call.arguments.size() ? evaluate(call.arguments[i]) : Value();
  if (call.body) arguments["bodyContent"] = call.body.get();
  frames_.push_back(std::move(arguments));
  const Flow flow = render(macro.block);
  frames_.pop_back();
  return flow == Flow::stop ? flow : Flow::on;
}

std::string Renderer::rendered(const Block& block) {
  std::string text;
  if (frames_.size() + blocks_ >= limits::macro_depth_max) {
    refuse(Kind::too_much, fmt::format("blocks are rendered within each other deeper than {}", limits::macro_depth_max));
    return text;
  }
  std::string* before = std::exchange(out_, &text);
  ++blocks_;
  render(block);
  --blocks_;
  out_ = before;
  return text;
}

// As Velocity does by default, what is null is not assigned: the variable keeps what it had.
void Renderer::assign(const SetDirective& set) {
  Value value = evaluate(set.value);
  const Reference& target = set.target;
  if (value.is_null()) return;
  if (target.steps.empty()) return set_variable(target.name, std::move(value));
  const Value container = resolve(target, target.steps.size() - 1);
  const Step& last = target.steps.back();
  if (last.kind == Step::Kind::method || container.is_null()) return;
  const Value key = last.kind == Step::Kind::index ? evaluate(last.arguments.front()) : make_text(last.name);
  const Value arguments[] = {key, value};
  if (container.as<Map*>()) call_method(*this, container, "put", arguments);
  if (container.as<List*>()) call_method(*this, container, "set", arguments);
}

}  // namespace outcrop::expr::velocity
