#include "net/http.h"

#include "base/encoding.h"

namespace outcrop::net {

const std::string* Headers::find(std::string_view name) const {
  for (const Header& header : items_) {
    if (ascii_equal_ignoring_case(header.name, name)) return &header.value;
  }
  return nullptr;
}

std::string_view Headers::get(std::string_view name) const {
  const std::string* value = find(name);
  return value ? std::string_view(*value) : std::string_view();
}

void Headers::set(std::string_view name, std::string value) {
  erase(name);
  add(std::string(name), std::move(value));
}

void Headers::erase(std::string_view name) {
  std::erase_if(items_, [name](const Header& header) { return ascii_equal_ignoring_case(header.name, name); });
}

Task<Result<Channel*>> Exchange::upgrade(Headers) {
  co_return fail("UpgradeImpossible", 400, "This connection cannot leave its protocol.");
}

}  // namespace outcrop::net
