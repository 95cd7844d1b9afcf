// How violations of the model are worded. The metric operations have words of their own, the others those most services share.
#include <algorithm>

#include "gen/cloudwatch/manifest.h"
#include "services/cloudwatch/query/wording.h"
#include "wire/validate.h"

namespace outcrop::cloudwatch {
namespace {

constexpr std::string_view older_operations[] = {"GetMetricStatistics", "ListMetrics", "PutMetricData"};

// "MetricData.member.1.Unit" for "metricData.1.member.unit".
std::string older_path(std::string_view path) {
  std::string out;
  for (size_t begin = 0; begin <= path.size();) {
    size_t end = std::min(path.find('.', begin), path.size());
    std::string part(path.substr(begin, end - begin));
    if (!out.empty()) out += '.';
    const bool is_number = !part.empty() && part.find_first_not_of("0123456789") == part.npos;
    if (is_number && path.substr(end).starts_with(".member")) {
      out += "member." + part;
      end += 7;
    } else {
      if (!part.empty() && part[0] >= 'a' && part[0] <= 'z') part[0] = char(part[0] - 'a' + 'A');
      out += part;
    }
    begin = end + 1;
  }
  return out;
}

Fault word_older(const wire::Violation& violation) {
  const std::string path = older_path(violation.path);
  switch (violation.kind) {
    case wire::Violation::Kind::required:
      return missing(path);
    case wire::Violation::Kind::enumeration: {
      std::string values;
      for (std::string_view value : violation.shape->constraints->values) values.append(values.empty() ? "" : ", ").append(value);
      return invalid_value(fmt::format("The parameter {} must be a value in the set [ {} ].", path, values));
    }
    case wire::Violation::Kind::length_max: {
      const int64_t most = violation.shape->constraints->max;
      if (violation.shape->kind == wire::Kind::list)
        return invalid_value(fmt::format("The collection {} must not have a size greater than {}.", path, most));
      return invalid_value(fmt::format("The parameter {} must be shorter than {} characters.", path, most + 1));
    }
    case wire::Violation::Kind::length_min:
      return missing(path);
    default:
      return invalid_value_of(violation.offender, path);
  }
}

}  // namespace

Fault word_violations(const wire::Operation& operation, std::span<const wire::Violation> violations) {
  if (std::ranges::find(older_operations, operation.name) != std::end(older_operations)) return word_older(violations.front());
  return validation_exception(wire::violations_text(violations));
}

}  // namespace outcrop::cloudwatch
