// Selection expressions and messages as untrusted text, a line each: what parses has a key for every JSON, the same each time; what does
// not says why.
#include "expr/selection_expression.h"

#include "base/check.h"

namespace {

struct AnyMessage : outcrop::expr::SelectionSource {
  const outcrop::json::Value* document(outcrop::expr::SelectionVariable) const override { return &message; }
  std::optional<std::string> text(outcrop::expr::SelectionVariable, std::string_view name) const override { return std::string(name); }

  outcrop::json::Value message;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t line_end = std::min(input.find('\n'), input.size());
  const std::string_view text = input.substr(0, line_end);
  if (const auto key = expr::SelectionKey::parse(text)) (void)key->matches(input.substr(line_end));
  const auto expression = expr::SelectionExpression::parse(text);
  if (!expression) {
    check(expression.error().code == "BadRequestException", "an expression refused by another name");
    return 0;
  }
  auto message = json::parse(input.substr(std::min(line_end + 1, size)), {.values = 100'000});
  AnyMessage source;
  if (message) source.message = std::move(*message);
  check(expression->evaluate(source) == expression->evaluate(source), "a message has two keys");
  return 0;
}
