#include "core/quota_usage_json.h"

#include <cmath>

namespace outcrop {

namespace {

// Thousandths, so that what divides badly stays readable.
double rounded(double value) { return std::round(value * 1000) / 1000; }

// What only quotas have, or only budgets.
struct Text {
  std::string_view name;
  std::string QuotaUsage::* member;
};
constexpr Text optional_texts[] = {{"region", &QuotaUsage::region}, {"model", &QuotaUsage::subject}, {"route", &QuotaUsage::route},
                                   {"code", &QuotaUsage::code},     {"budget", &QuotaUsage::budget}, {"tenant", &QuotaUsage::tenant}};

}  // namespace

json::Value quota_usage_json(const QuotaUsage& usage) {
  const std::optional<double> exhausted = usage.exhausted_in_seconds();
  json::Object object{{"service", usage.service}, {"account", usage.account}};
  for (const Text& text : optional_texts) {
    if (!(usage.*text.member).empty()) object.set(text.name, usage.*text.member);
  }
  object.set("quota", usage.quota);
  object.set("limit", usage.limit);
  object.set("used", rounded(usage.used));
  object.set("inFlight", rounded(usage.in_flight));
  object.set("remaining", rounded(usage.remaining()));
  object.set("usedPerSecond", rounded(usage.per_second));
  object.set("refilledPerSecond", rounded(usage.refill_per_second));
  if (usage.renewed_in_seconds) object.set("renewedInSeconds", rounded(*usage.renewed_in_seconds));
  object.set("exhaustedInSeconds", exhausted ? json::Value(rounded(*exhausted)) : json::Value());
  return object;
}

Result<QuotaUsage> quota_usage_of_json(const json::Value& value) {
  bool complete = value.is_object();
  auto text = [&](std::string_view name) {
    const json::Value* member = complete ? value.find(name) : nullptr;
    complete = member && member->is_string();
    return complete ? std::string(member->as_string()) : std::string();
  };
  auto number = [&](std::string_view name) {
    const json::Value* member = complete ? value.find(name) : nullptr;
    const std::optional<double> read = member ? member->as_double() : std::nullopt;
    complete = read.has_value();
    return read.value_or(0);
  };
  QuotaUsage usage{.service = text("service"),
                   .account = text("account"),
                   .quota = text("quota"),
                   .limit = number("limit"),
                   .used = number("used"),
                   .in_flight = number("inFlight"),
                   .per_second = number("usedPerSecond"),
                   .refill_per_second = number("refilledPerSecond")};
  for (const Text& optional : optional_texts) {
    const json::Value* member = complete ? value.find(optional.name) : nullptr;
    if (member && member->is_string()) usage.*optional.member = member->as_string();
  }
  if (const json::Value* renewed = complete ? value.find("renewedInSeconds") : nullptr) usage.renewed_in_seconds = renewed->as_double();
  if (!complete) return fail("InvalidAnswer", 502, "The server's answer is not the one that is expected.");
  return usage;
}

}  // namespace outcrop
