#include "services/cloudwatch/metric/identity.h"

#include <algorithm>

#include "base/digest.h"

namespace outcrop::cloudwatch {
namespace {

void append(std::string& out, std::string_view part) {
  const uint32_t size = uint32_t(part.size());
  out.append(reinterpret_cast<const char*>(&size), sizeof size).append(part);
}

}  // namespace

void MetricIdentity::sort() { std::ranges::sort(dimensions, {}, &StoredDimension::name); }

std::string MetricIdentity::text() const {
  std::string text;
  append(text, namespace_);
  append(text, name);
  for (const StoredDimension& dimension : dimensions) {
    append(text, dimension.name);
    append(text, dimension.value);
  }
  return text;
}

std::string MetricIdentity::id() const { return sha256(text()).substr(0, 16); }

}  // namespace outcrop::cloudwatch
