// Whether a payload is JSON, and if not what AWS says of it: its parser (Jackson) words the problem, and people search for those words.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace outcrop::lambda {

// What is wrong with `payload` as JSON; none when it is some.
std::optional<std::string> json_problem(std::string_view payload);

}  // namespace outcrop::lambda
