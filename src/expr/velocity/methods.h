// The methods and properties that templates call on values, Java's.
#pragma once
#include <span>

#include "expr/velocity/runtime.h"

namespace outcrop::expr::velocity {

using Arguments = std::span<const Value>;

// Null for what the value has not, as Velocity gives it, and for arguments that Java would not take.
Value call_method(Runtime& runtime, const Value& target, std::string_view name, Arguments arguments);
Value property_of(Runtime& runtime, const Value& target, std::string_view name);
// "[index]".
Value element_of(Runtime& runtime, const Value& target, const Value& index);

Value call_text_method(Runtime& runtime, const std::string& text, std::string_view name, Arguments arguments);
Value call_list_method(Runtime& runtime, List& list, std::string_view name, Arguments arguments);
Value call_map_method(Runtime& runtime, Map& map, std::string_view name, Arguments arguments);
Value call_number_method(Runtime& runtime, const Value& number, std::string_view name, Arguments arguments);

}  // namespace outcrop::expr::velocity
