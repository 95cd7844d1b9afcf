#include "expr/event_pattern.h"

#include "expr/pattern/compile.h"
#include "expr/pattern/occurrences.h"

namespace outcrop::expr {

EventPattern::EventPattern(std::shared_ptr<const CompiledPattern> compiled) : compiled_(std::move(compiled)) {}

Result<EventPattern> EventPattern::parse(std::string_view text) {
  auto compiled = compile_pattern(text);
  if (!compiled) return fail("InvalidEventPatternException", 400, "Event pattern is not valid. Reason: " + compiled.error());
  return EventPattern(std::make_shared<const CompiledPattern>(std::move(*compiled)));
}

bool EventPattern::matches(const json::Value& event) const {
  if (!event.is_object()) return false;
  return satisfied(*compiled_, Occurrences(*compiled_, event.as_object()));
}

}  // namespace outcrop::expr
