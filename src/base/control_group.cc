// The lines of /proc/self/cgroup.
#include "base/control_group.h"

#include <fmt/format.h>

#include "base/small_file.h"

namespace outcrop {

std::string group_of_controller(std::string_view memberships, std::string_view controller) {
  for (std::string_view line : lines_of(memberships)) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string names = "," + std::string(line.substr(first + 1, second - first - 1)) + ",";
    if (names.contains(fmt::format(",{},", controller))) return std::string(line.substr(second + 1));
  }
  return {};
}

}  // namespace outcrop
