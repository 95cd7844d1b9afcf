// Which control group this process is in.
#pragma once
#include <string>
#include <string_view>

namespace outcrop {

// Of /proc/self/cgroup's text, where "7:pids:/a" is of version 1 and "0::/a" of version 2: the path of the group that has `controller`; of
// version 2 with "". Empty: none has.
std::string group_of_controller(std::string_view memberships, std::string_view controller);

}  // namespace outcrop
