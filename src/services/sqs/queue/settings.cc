#include "services/sqs/queue/settings.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/wording.h"

namespace outcrop::sqs {
namespace {

enum class ValueKind { integer, boolean, choice, text, policy, redrive, redrive_allow };

struct AttributeRule {
  std::string_view name;
  ValueKind kind;
  std::string_view initial;  // empty: absent until it is set
  int64_t min = 0, max = 0;
  std::array<std::string_view, 2> choices = {};
  bool fifo_only = false;
};

constexpr AttributeRule attribute_rules[] = {
    {"VisibilityTimeout", ValueKind::integer, "30", 0, limits::visibility_timeout_s_max},
    {"MaximumMessageSize", ValueKind::integer, "1048576", limits::message_bytes_min, limits::message_bytes_max},
    {"MessageRetentionPeriod", ValueKind::integer, "345600", limits::retention_s_min, limits::retention_s_max},
    {"DelaySeconds", ValueKind::integer, "0", 0, limits::delay_s_max},
    {"ReceiveMessageWaitTimeSeconds", ValueKind::integer, "0", 0, limits::wait_s_max},
    {"Policy", ValueKind::policy, ""},
    {"RedrivePolicy", ValueKind::redrive, ""},
    {"RedriveAllowPolicy", ValueKind::redrive_allow, ""},
    {"KmsMasterKeyId", ValueKind::text, ""},
    {"KmsDataKeyReusePeriodSeconds", ValueKind::integer, "300", limits::data_key_reuse_s_min, limits::data_key_reuse_s_max},
    {"SqsManagedSseEnabled", ValueKind::boolean, "true"},
    {"FifoQueue", ValueKind::boolean, "true", 0, 0, {}, true},
    {"ContentBasedDeduplication", ValueKind::boolean, "false", 0, 0, {}, true},
    {"DeduplicationScope", ValueKind::choice, "queue", 0, 0, {"queue", "messageGroup"}, true},
    {"FifoThroughputLimit", ValueKind::choice, "perQueue", 0, 0, {"perQueue", "perMessageGroupId"}, true},
};

constexpr std::string_view computed_attributes[] = {
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
};

const AttributeRule* rule_of(std::string_view name) {
  for (const AttributeRule& rule : attribute_rules)
    if (rule.name == name) return &rule;
  return nullptr;
}

std::optional<int64_t> integer_of(std::string_view text) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The normalised text of a checked value; empty takes the attribute away.
Result<std::string> normalised(const AttributeRule& rule, std::string_view value, const QueueName& queue) {
  switch (rule.kind) {
    case ValueKind::integer: {
      auto number = integer_of(value);
      if (!number || *number < rule.min || *number > rule.max) return fail(invalid_attribute(rule.name));
      return std::to_string(*number);
    }
    case ValueKind::boolean: {
      std::string lower = ascii_lower(value);
      if (lower != "true" && lower != "false") return fail(invalid_attribute(rule.name));
      return lower;
    }
    case ValueKind::choice:
      if (!std::ranges::count(rule.choices, value)) return fail(invalid_attribute(rule.name));
      return std::string(value);
    case ValueKind::policy:
      if (!value.empty() && !auth::parse_policy(value, auth::PolicyKind::resource)) return fail(invalid_attribute(rule.name));
      return std::string(value);
    case ValueKind::redrive: {
      if (value.empty()) return std::string();
      auto policy = parse_redrive_policy(value, queue.account);
      if (!policy) return fail(std::move(policy.error()));
      return fmt::format(R"({{"deadLetterTargetArn":"{}","maxReceiveCount":{}}})", policy->target.arn(), policy->max_receive_count);
    }
    case ValueKind::redrive_allow:
      if (!value.empty())
        if (auto policy = parse_redrive_allow_policy(value); !policy) return fail(std::move(policy.error()));
      return std::string(value);
    case ValueKind::text:
      return std::string(value);
  }
  return std::string(value);
}

// Names that a queue of this kind does not have, worded as AWS's recordings show.
Result<void> check_name(const QueueName& queue, std::string_view name) {
  const AttributeRule* rule = rule_of(name);
  if (!rule) return fail(unknown_attribute(name));
  if (!rule->fifo_only || queue.is_fifo()) return {};
  if (rule->kind == ValueKind::choice)
    return fail(invalid_attribute_name(fmt::format("You can specify the {} only when FifoQueue is set to true.", name)));
  return fail(unknown_attribute(name));
}

void store(Attributes& attributes, std::string_view name, std::string value) {
  if (value.empty())
    attributes.erase(name);
  else
    attributes[name] = std::move(value);
}

// One kind of server-side encryption at a time; choosing one puts the other off.
Result<void> settle_encryption(Attributes& attributes, const Attributes& given) {
  const std::string* key = given.find("KmsMasterKeyId");
  const std::string* managed = given.find("SqsManagedSseEnabled");
  bool wants_managed = managed && ascii_lower(*managed) == "true";
  if (key && !key->empty()) {
    if (wants_managed)
      return fail(invalid_attribute_name(
          "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE."));
    attributes["SqsManagedSseEnabled"] = "false";
  } else if (wants_managed) {
    attributes.erase("KmsMasterKeyId");
    attributes.erase("KmsDataKeyReusePeriodSeconds");
  }
  return {};
}

Result<void> check_throughput(const Attributes& attributes) {
  const std::string *limit = attributes.find("FifoThroughputLimit"), *scope = attributes.find("DeduplicationScope");
  if (limit && *limit == "perMessageGroupId" && (!scope || *scope != "messageGroup"))
    return fail(invalid_attribute("FifoThroughputLimit",
                                  "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup."));
  return {};
}

Fault bad_redrive_policy(std::string_view text, std::string_view reason) { return invalid_value(text, "RedrivePolicy", reason); }

}  // namespace

bool is_attribute_name(std::string_view name) { return rule_of(name) || std::ranges::count(computed_attributes, name) > 0; }

const std::vector<std::string_view>& shown_attributes() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const AttributeRule& rule : attribute_rules) all.push_back(rule.name);
    return all;
  }();
  return names;
}

std::optional<std::string> attribute_of(const Attributes& attributes, std::string_view name, bool fifo) {
  const AttributeRule* rule = rule_of(name);
  if (!rule || (rule->fifo_only && !fifo)) return std::nullopt;
  if (name == "KmsDataKeyReusePeriodSeconds" && !attributes.contains("KmsMasterKeyId")) return std::nullopt;
  if (const std::string* value = attributes.find(name)) return *value;
  if (rule->initial.empty()) return std::nullopt;
  return std::string(rule->initial);
}

Result<Attributes> attributes_to_create(const QueueName& queue, const Attributes& given) {
  Attributes attributes;
  if (auto changed = change_attributes(queue, attributes, given); !changed) return fail(std::move(changed.error()));
  return attributes;
}

Result<void> change_attributes(const QueueName& queue, Attributes& attributes, const Attributes& given) {
  Attributes changed = attributes;  // all or none
  for (const auto& [name, value] : given)
    if (auto known = check_name(queue, name); !known) return known;
  for (const auto& [name, value] : given) {
    auto text = normalised(*rule_of(name), value, queue);
    if (!text) return fail(std::move(text.error()));
    if (name == "FifoQueue") {
      if (*text != "true") return fail(invalid_attribute("FifoQueue", "Modifying queue type is not supported."));
      continue;  // what the name says already
    }
    store(changed, name, std::move(*text));
  }
  if (auto settled = settle_encryption(changed, given); !settled) return settled;
  if (auto checked = check_throughput(changed); !checked) return checked;
  attributes = std::move(changed);
  return {};
}

std::optional<std::string> differing_attribute(const QueueName& queue, const Attributes& existing, const Attributes& given) {
  for (const auto& [name, value] : given) {
    const AttributeRule* rule = rule_of(name);
    if (!rule) continue;
    auto text = normalised(*rule, value, queue);
    if (!text || *text != attribute_of(existing, name, queue.is_fifo()).value_or("")) return name;
  }
  return std::nullopt;
}

Result<RedrivePolicy> parse_redrive_policy(std::string_view text, std::string_view own_account) {
  auto document = json::parse(text);
  if (!document || !document->is_object()) return fail(bad_redrive_policy(text, "Redrive policy is not a valid JSON map."));
  const json::Value *target = document->find("deadLetterTargetArn"), *count = document->find("maxReceiveCount");
  for (std::string_view name : {"deadLetterTargetArn", "maxReceiveCount"})
    if (!document->find(name))
      return fail(bad_redrive_policy(text, fmt::format("Redrive policy does not contain mandatory attribute: {}.", name)));
  if (document->as_object().size() > 2) {
    for (const json::Member& member : document->as_object())
      if (member.name() != "deadLetterTargetArn" && member.name() != "maxReceiveCount")
        return fail(bad_redrive_policy(text, "Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount]."));
  }
  auto number = count->is_string() ? integer_of(count->as_string()) : count->as_int64();
  if (!number || *number < 1 || *number > limits::receive_count_max) {
    std::string shown = count->is_string() ? std::string(count->as_string()) : json::write(*count);
    return fail(bad_redrive_policy(text, fmt::format("Invalid value for maxReceiveCount: {}, valid values are from 1 to {} both inclusive.",
                                                     shown, limits::receive_count_max)));
  }
  auto queue = target->is_string() ? parse_queue_arn(target->as_string(), own_account) : std::nullopt;
  if (!queue) return fail(bad_redrive_policy(text, "Invalid value for deadLetterTargetArn."));
  return RedrivePolicy{std::move(*queue), *number};
}

Result<RedriveAllowPolicy> parse_redrive_allow_policy(std::string_view text) {
  auto bad = [&](std::string_view reason) { return fail(invalid_value(text, "RedriveAllowPolicy", reason)); };
  auto document = json::parse(text);
  if (!document || !document->is_object()) return bad("Redrive allow policy is not a valid JSON map.");
  const json::Value *permission = document->find("redrivePermission"), *sources = document->find("sourceQueueArns");
  if (!permission || !permission->is_string()) return bad("Redrive allow policy does not contain mandatory attribute: redrivePermission.");
  RedriveAllowPolicy policy;
  if (permission->as_string() == "denyAll")
    policy.permission = RedriveAllowPolicy::Permission::deny_all;
  else if (permission->as_string() == "byQueue")
    policy.permission = RedriveAllowPolicy::Permission::by_queue;
  else if (permission->as_string() != "allowAll")
    return bad(
        "Amazon SQS can't create the redrive allow policy. Only allowAll, byQueue and denyAll are valid values for redrivePermission.");
  bool by_queue = policy.permission == RedriveAllowPolicy::Permission::by_queue;
  if (by_queue != (sources != nullptr))
    return bad(by_queue ? "Amazon SQS can't create the redrive allow policy, as it does not contain the attribute: sourceQueueArns."
                        : "Amazon SQS can't create the redrive allow policy. sourceQueueArns is only valid with byQueue.");
  if (!sources) return policy;
  if (!sources->is_array() || sources->as_array().empty() || sources->as_array().size() > limits::redrive_allow_sources_max)
    return bad("Amazon SQS can't create the redrive allow policy. sourceQueueArns must hold 1 to 10 ARNs.");
  for (const json::Value& arn : sources->as_array()) {
    if (!arn.is_string() || !parse_queue_arn(arn.as_string(), "000000000000")) return bad("sourceQueueArns holds an invalid ARN.");
    policy.source_arns.emplace_back(arn.as_string());
  }
  return policy;
}

bool RedriveAllowPolicy::allows(std::string_view source_arn) const {
  return permission == Permission::allow_all || (permission == Permission::by_queue && std::ranges::count(source_arns, source_arn) > 0);
}

QueueSettings QueueSettings::of(const QueueName& name, const QueueRecord& record) {
  auto number = [&](std::string_view attribute) {
    return integer_of(attribute_of(record.attributes, attribute, name.is_fifo()).value_or("0")).value_or(0);
  };
  QueueSettings settings;
  settings.fifo = name.is_fifo();
  settings.content_based_deduplication = attribute_of(record.attributes, "ContentBasedDeduplication", settings.fifo) == "true";
  if (attribute_of(record.attributes, "DeduplicationScope", settings.fifo) == "messageGroup")
    settings.deduplication_scope = DeduplicationScope::message_group;
  settings.delay = Seconds(number("DelaySeconds"));
  settings.visibility_timeout = Seconds(number("VisibilityTimeout"));
  settings.wait = Seconds(number("ReceiveMessageWaitTimeSeconds"));
  settings.retention = Seconds(number("MessageRetentionPeriod"));
  settings.message_bytes_max = number("MaximumMessageSize");
  if (const std::string* text = record.attributes.find("RedrivePolicy"))
    if (auto policy = parse_redrive_policy(*text, name.account)) settings.redrive = std::move(*policy);
  if (const std::string* text = record.attributes.find("RedriveAllowPolicy"))
    if (auto policy = parse_redrive_allow_policy(*text)) settings.redrive_allow = std::move(*policy);
  if (const std::string* text = record.attributes.find("Policy"))
    if (auto policy = auth::parse_policy(*text, auth::PolicyKind::resource)) settings.policy = std::move(*policy);
  return settings;
}

}  // namespace outcrop::sqs
