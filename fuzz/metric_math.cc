// Metric math as untrusted text: whatever parses must evaluate, within its bounds, to values that are numbers.
#include <cmath>

#include "base/check.h"
#include "services/cloudwatch/math/evaluate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop::cloudwatch;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto expression = parse_expression(text.substr(0, 2048));
  if (!expression) return 0;
  const MathValue m1 = Series{"one", 60, {{0, 1}, {60, 0}, {180, -3.5}}}, m2 = Series{"two", 300, {{0, 7}, {300, 1e300}}},
                  e1 = SeriesArray{std::get<Series>(m1)};
  MathScope scope{.from_s = 0, .to_s = 600, .period_s = 60, .points_left = 100'000};
  scope.find = [&](std::string_view id) -> const MathValue* { return id == "m1" ? &m1 : id == "m2" ? &m2 : id == "e1" ? &e1 : nullptr; };
  scope.metrics = {{"m1", &std::get<Series>(m1)}, {"m2", &std::get<Series>(m2)}};
  auto value = evaluate(*expression, scope);
  if (!value) return 0;
  auto check_series = [](const Series& series) {
    for (size_t i = 1; i < series.points.size(); ++i)
      outcrop::check(series.points[i - 1].time_s < series.points[i].time_s, "points out of order");
  };
  if (auto* series = std::get_if<Series>(&*value)) check_series(*series);
  if (auto* array = std::get_if<SeriesArray>(&*value))
    for (const Series& series : *array) check_series(series);
  (void)ids_in(*expression);
  return 0;
}
