// From the text of an event pattern to what is matched.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "expr/pattern/compiled_pattern.h"

namespace outcrop::expr {

// The error is AWS's reason, without what stands before it ("Event pattern is not valid. Reason: ").
std::expected<CompiledPattern, std::string> compile_pattern(std::string_view text);

}  // namespace outcrop::expr
