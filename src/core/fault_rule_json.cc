#include "core/fault_rule_json.h"

#include <array>

#include "core/duration_text.h"

namespace outcrop {

namespace {

std::unexpected<Fault> wrong_member(std::string_view name, std::string_view expected) {
  return fail("ValidationException", 400, fmt::format("{} must be {}.", name, expected));
}

Result<Milliseconds> milliseconds_of(std::string_view name, const json::Value* value) {
  if (value && value->as_int64()) return Milliseconds(*value->as_int64());
  if (value && value->is_string()) {
    if (auto parsed = parse_duration(value->as_string())) return *parsed;
  }
  return wrong_member(name, "a number of milliseconds or a duration such as \"250ms\"");
}

Result<LatencyDistribution> latency_of(const json::Value& value) {
  if (!value.is_object()) {
    Result<Milliseconds> fixed = milliseconds_of("latency", &value);
    if (!fixed) return fail(std::move(fixed.error()));
    return FixedLatency{*fixed};
  }
  std::array<Milliseconds, 3> figures{};
  auto read = [&](std::initializer_list<std::pair<std::string_view, const json::Value*>> members) -> Result<void> {
    size_t i = 0;
    for (auto& [name, member] : members) {
      Result<Milliseconds> figure = milliseconds_of(name, member);
      if (!figure) return fail(std::move(figure.error()));
      figures[i++] = *figure;
    }
    return {};
  };
  Result<void> result;
  if (const json::Value* uniform = value.find("uniform")) {
    if (!uniform->is_array() || uniform->as_array().size() != 2) return wrong_member("latency.uniform", "an array of two durations");
    result = read({{"latency.uniform", &uniform->as_array()[0]}, {"latency.uniform", &uniform->as_array()[1]}});
    if (result) return UniformLatency{figures[0], figures[1]};
  } else if (value.find("mean")) {
    result = read({{"latency.mean", value.find("mean")}, {"latency.deviation", value.find("deviation")}});
    if (result) return NormalLatency{figures[0], figures[1]};
  } else {
    result = read({{"latency.p50", value.find("p50")}, {"latency.p90", value.find("p90")}, {"latency.p99", value.find("p99")}});
    if (result) return PercentileLatency{figures[0], figures[1], figures[2]};
  }
  return fail(std::move(result.error()));
}

int status_of_error(const Directory& directory, std::string_view service, std::string_view code) {
  if (const Directory::Service* found = directory.find(service)) {
    if (const wire::ErrorShape* error = found->model.find_error(code)) return error->status;
  }
  if (code == "ServiceUnavailable") return 503;
  return code.starts_with("Internal") ? 500 : 400;
}

// Reads members one by one and remembers the first that is wrong.
class MemberReader {
 public:
  MemberReader(const json::Value& value, Result<void>& problem) : value_(value), problem_(problem) {}

  std::optional<std::string> text(std::string_view name) {
    const json::Value* member = value_.find(name);
    if (!member) return std::nullopt;
    if (member->is_string()) return std::string(member->as_string());
    return refuse(name, "a string");
  }
  std::optional<int64_t> integer(std::string_view name) {
    const json::Value* member = value_.find(name);
    if (!member) return std::nullopt;
    if (auto number = member->as_int64()) return number;
    return refuse(name, "a whole number");
  }
  std::optional<double> real(std::string_view name) {
    const json::Value* member = value_.find(name);
    if (!member) return std::nullopt;
    if (auto number = member->as_double()) return number;
    return refuse(name, "a number");
  }
  std::optional<bool> boolean(std::string_view name) {
    const json::Value* member = value_.find(name);
    if (!member) return std::nullopt;
    if (member->is_bool()) return member->as_bool();
    return refuse(name, "true or false");
  }

 private:
  std::nullopt_t refuse(std::string_view name, std::string_view expected) {
    if (problem_) problem_ = wrong_member(name, expected);
    return std::nullopt;
  }
  const json::Value& value_;
  Result<void>& problem_;
};

constexpr std::array<std::string_view, 9> fault_rule_members = {"service", "operation", "error",   "status",        "message",
                                                                "rate",    "count",     "latency", "dropConnection"};

}  // namespace

Result<FaultRule> fault_rule_from_json(const json::Value& value, const Directory& directory) {
  if (!value.is_object()) return wrong_member("A fault rule", "a JSON object");
  for (const json::Member& member : value.as_object()) {
    if (std::ranges::find(fault_rule_members, member.name()) == fault_rule_members.end()) {
      return fail("ValidationException", 400, fmt::format("A fault rule has no member {}.", member.name()));
    }
  }
  Result<void> problem;
  MemberReader members(value, problem);
  FaultRule rule;
  rule.service = members.text("service").value_or("*");
  rule.operation = members.text("operation").value_or("*");
  rule.rate = members.real("rate").value_or(1);
  rule.drop_connection = members.boolean("dropConnection").value_or(false);
  const std::optional<int64_t> count = members.integer("count");
  if (count) rule.remaining = uint64_t(std::max<int64_t>(*count, 0));
  const std::optional<std::string> code = members.text("error"), message = members.text("message");
  const std::optional<int64_t> status = members.integer("status");
  if (!problem) return fail(std::move(problem.error()));
  if (!code && (status || message)) return wrong_member("error", "given with status and message");
  if (code) {
    const int64_t answered = status.value_or(status_of_error(directory, rule.service, *code));
    rule.error = Fault{*code, int(std::clamp<int64_t>(answered, 0, 1000)), message.value_or("This error was injected by a fault rule.")};
  }
  if (const json::Value* latency = value.find("latency")) {
    Result<LatencyDistribution> distribution = latency_of(*latency);
    if (!distribution) return fail(std::move(distribution.error()));
    rule.latency = *distribution;
  }
  return rule;
}

namespace {

struct LatencyWriter {
  json::Value operator()(const FixedLatency& latency) const { return latency.value.count(); }
  json::Value operator()(const UniformLatency& latency) const {
    return json::Object{{"uniform", json::Array{latency.from.count(), latency.to.count()}}};
  }
  json::Value operator()(const NormalLatency& latency) const {
    return json::Object{{"mean", latency.mean.count()}, {"deviation", latency.deviation.count()}};
  }
  json::Value operator()(const PercentileLatency& latency) const {
    return json::Object{{"p50", latency.p50.count()}, {"p90", latency.p90.count()}, {"p99", latency.p99.count()}};
  }
};

}  // namespace

json::Value fault_rule_to_json(const FaultRule& rule) {
  json::Object object = {{"id", rule.id}, {"service", rule.service}, {"operation", rule.operation}, {"rate", rule.rate}};
  if (rule.remaining) object.set("count", *rule.remaining);
  if (rule.error) {
    object.set("error", rule.error->code);
    object.set("status", rule.error->status);
    object.set("message", rule.error->message);
  }
  if (rule.latency) object.set("latency", std::visit(LatencyWriter(), *rule.latency));
  if (rule.drop_connection) object.set("dropConnection", true);
  object.set("applied", rule.applied);
  return object;
}

}  // namespace outcrop
