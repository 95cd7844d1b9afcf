// Programs of this machine that run functions: where they are, and which version they say they are.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace outcrop::runner {

// The file that the shell would run: a path as it is, a name as PATH has it; none where nothing can be run there.
std::optional<std::string> find_program(const std::string& name);

// The first line that a program writes, run with these arguments, the program first; none when it cannot be started or writes none
// within seconds. Blocks meanwhile.
std::optional<std::string> first_line_of(const std::vector<std::string>& arguments);

}  // namespace outcrop::runner
