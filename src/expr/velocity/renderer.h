// Renders a template: its pieces (renderer.cc) and the expressions in them (evaluate.cc).
#pragma once
#include "expr/velocity/tools.h"

namespace outcrop::expr::velocity {

class Renderer : public Runtime {
 public:
  // Both outlive the rendering.
  Renderer(const CompiledTemplate& compiled, const TemplateInput& input);

  std::expected<RenderedTemplate, TemplateError> whole();

 private:
  enum class Flow : uint8_t { on, leave, stop };  // #break leaves what is innermost, #stop ends the template
  using Variables = std::map<std::string, Value, std::less<>>;

  Flow render(const Block& block);
  Flow render(const Piece& piece);
  Flow render(const IfDirective& directive);
  Flow render(const ForeachDirective& directive);
  Flow render(const MacroCall& call);
  void render(const Reference& reference);
  void assign(const SetDirective& set);
  std::string rendered(const Block& block) override;
  void write(std::string_view text);

  Value evaluate(const Expression& expression);
  Value evaluate(const Operation& operation);
  Value arithmetic(Operator symbol, const Value& left, const Value& right);
  bool compare(Operator symbol, const Value& left, const Value& right);
  Value list_of(const ListLiteral& literal);
  Value range_of(const RangeLiteral& literal);
  Value map_of(const MapLiteral& literal);
  // The value without the alternative.
  Value resolve(const Reference& reference, size_t steps);
  Value take_step(const Value& target, const Step& step, Place place);
  Value variable(std::string_view name) const;
  void set_variable(const std::string& name, Value value);
  // As a list: of a map its values. Null for what has no elements.
  List* elements_of(const Value& value);
  json::Value override_of(std::string_view name);

  const CompiledTemplate& compiled_;
  const TemplateInput& input_;
  InputTool input_tool_;
  Variables variables_;
  std::vector<Variables> frames_;  // the arguments of macros, those that were called last at the end
  const Loop* loop_ = nullptr;
  size_t blocks_ = 0;  // of #define that are being rendered
  bool stopped_ = false;
  std::string* out_ = nullptr;
};

}  // namespace outcrop::expr::velocity
