// Dynamic labels: "${MAX} of ${PROP('MetricName')}" (User Guide, "Using dynamic labels"). Those of times are not built and refused.
#pragma once
#include <string>

#include "base/result.h"
#include "services/cloudwatch/math/series.h"
#include "services/cloudwatch/metric/identity.h"

namespace outcrop::cloudwatch {

struct Query;

// Faults with ValidationException when it asks for what is not known.
Result<void> check_label(std::string_view label);

// The series' label with what it asks for.
std::string finished_label(const Series& series, const Query& query, const Place& place);

}  // namespace outcrop::cloudwatch
