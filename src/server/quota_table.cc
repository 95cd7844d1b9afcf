#include "server/quota_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace outcrop::server {

namespace {

constexpr size_t quota_columns = 9;
using QuotaRow = std::array<std::string, quota_columns>;

constexpr std::string_view quota_headings[quota_columns] = {"ACCOUNT", "REGION",    "MODEL", "ROUTE",   "QUOTA",
                                                            "USED",    "IN FLIGHT", "LIMIT", "FORECAST"};
constexpr bool is_number_column[quota_columns] = {false, false, false, false, false, true, true, true, false};

// "1,234,567"; "12.50" of money.
std::string amount(const QuotaUsage& usage, double value) {
  if (usage.quota.starts_with("usd")) return fmt::format("{:.2f}", value);
  std::string digits = fmt::format("{:.0f}", std::max(0.0, std::ceil(value)));
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

// A tenant is named by whoever sends requests: nothing of it may steer a terminal.
std::string printable(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = uint8_t(text[at]);
    const bool is_c1 = byte == 0xc2 && at + 1 < text.size() && uint8_t(text[at + 1]) < 0xa0;  // U+0080 to U+009F
    if (is_c1) ++at;
    out += byte < 0x20 || byte == 0x7f || is_c1 ? '?' : char(byte);
  }
  return out;
}

std::string share_used(const QuotaUsage& usage) {
  return fmt::format("{} {:3.0f} %", amount(usage, usage.used), 100 * usage.used / usage.limit);
}

QuotaRow row_of(const QuotaUsage& usage) {
  const bool is_budget = !usage.budget.empty();
  return {usage.account,
          usage.region,
          is_budget ? "budget " + usage.budget : usage.subject,
          is_budget ? printable(usage.tenant) : usage.route,
          usage.quota,
          share_used(usage),
          amount(usage, usage.in_flight),
          amount(usage, usage.limit),
          forecast_of(usage)};
}

}  // namespace

std::string forecast_of(const QuotaUsage& usage) {
  const std::optional<double> seconds = usage.exhausted_in_seconds();
  if (!seconds) return usage.per_second * 60 < usage.limit / 10'000 ? "idle" : "holds";
  if (*seconds == 0) return "used up";
  if (*seconds < 100) return fmt::format("in {:.0f} s", std::ceil(*seconds));
  if (*seconds < 100 * 60) return fmt::format("in {:.0f} min", *seconds / 60);
  return fmt::format("in {:.0f} h", *seconds / 3600);
}

std::string quota_table(std::span<const QuotaUsage> usages) {
  if (usages.empty()) return "No quota was used since the server started.\n";
  std::vector<QuotaRow> rows;
  QuotaRow headings;
  std::ranges::copy(quota_headings, headings.begin());
  rows.push_back(std::move(headings));
  for (const QuotaUsage& usage : usages) rows.push_back(row_of(usage));
  std::string text;
  for (const QuotaRow& row : rows) {
    std::string line;
    for (size_t column = 0; column < quota_columns; ++column) {
      const size_t width = std::ranges::max(rows, {}, [&](const QuotaRow& other) { return other[column].size(); })[column].size();
      line += is_number_column[column] ? fmt::format("{:>{}}", row[column], width) : fmt::format("{:<{}}", row[column], width);
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace outcrop::server
