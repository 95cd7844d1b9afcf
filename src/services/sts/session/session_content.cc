#include "services/sts/session/session_content.h"

#include <zlib.h>

#include <algorithm>

#include "auth/policy_document.h"
#include "auth/session.h"
#include "base/check.h"
#include "base/encoding.h"
#include "gen/sts/errors.h"
#include "services/sts/limits.h"
#include "services/sts/session/wording.h"

namespace outcrop::sts {

namespace {

// The one managed policy that needs no IAM to be known: it bounds nothing.
constexpr std::string_view administrator_arn = "arn:aws:iam::aws:policy/AdministratorAccess";
constexpr std::string_view administrator_policy =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";

bool has_key(const std::vector<std::string>& keys, std::string_view key) {
  return std::ranges::any_of(keys, [&](const std::string& candidate) { return ascii_equal_ignoring_case(candidate, key); });
}

size_t deflated_bytes(const std::string& text) {
  uLongf size = compressBound(uLong(text.size()));
  std::string packed(size, '\0');
  int status = compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(text.data()), uLong(text.size()));
  check(status == Z_OK, "zlib could not compress");
  return size;
}

}  // namespace

Result<void> add_policies(auth::SessionRecord& record, const std::optional<std::string>& policy,
                          const std::optional<std::vector<PolicyDescriptorType>>& policy_arns) {
  std::vector<std::string> policies;
  if (policy) {
    auto parsed = auth::parse_policy(*policy, auth::PolicyKind::identity);
    if (!parsed) return fail(malformed_policy_document_exception(std::move(parsed.error().message)));
    policies.push_back(*policy);
  }
  if (policy_arns && policy_arns->size() > limits::policy_arns_max) {
    return fail(validation_error(
        fmt::format("1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or "
                    "equal to {}",
                    limits::policy_arns_max)));
  }
  for (const PolicyDescriptorType& descriptor : policy_arns.value_or(std::vector<PolicyDescriptorType>())) {
    if (descriptor.arn != administrator_arn) {
      return fail(
          malformed_policy_document_exception(fmt::format("Policy {} does not exist or is not attachable.", descriptor.arn.value_or(""))));
    }
    policies.emplace_back(administrator_policy);
  }
  if (!policies.empty()) record.policies = std::move(policies);
  return {};
}

Result<void> add_tags(auth::SessionRecord& record, const TagRequest& request, const Identity& caller) {
  std::vector<std::string> keys, transitive = request.transitive_keys;
  wire::Map<std::string> tags;
  for (const Tag& tag : request.tags.value_or(std::vector<Tag>())) {
    if (has_key(keys, tag.key))
      return fail(invalid_parameter_value("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
    keys.push_back(tag.key);
    tags[tag.key] = tag.value;
  }
  for (const std::string& key : transitive) {
    if (!has_key(keys, key))
      return fail(invalid_parameter_value("The specified transitive tag key must be included in the requested tags."));
  }
  if (caller.session) {
    for (const auto& [key, value] : caller.session->tags) {
      if (!has_key(caller.session->transitive_tag_keys, key)) continue;
      if (has_key(keys, key)) {
        return fail(invalid_parameter_value(
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling "
            "session."));
      }
      tags[key] = value;
      transitive.push_back(key);
    }
  }
  if (tags.begin() != tags.end()) record.tags = std::move(tags);
  if (!transitive.empty()) record.transitive_tag_keys = std::move(transitive);
  return {};
}

Result<std::optional<int32_t>> packed_policy_size(const auth::SessionRecord& record) {
  std::string text;
  if (record.policies)
    for (const std::string& policy : *record.policies) text += policy;
  const bool has_policies = !text.empty();
  if (record.tags)
    for (const auto& [key, value] : *record.tags) text += key + "=" + value + "\n";
  if (text.empty()) return std::nullopt;
  int32_t percent = int32_t((deflated_bytes(text) * 100 + limits::packed_bytes_max - 1) / limits::packed_bytes_max);
  if (percent <= 100) return percent;
  return fail(packed_policy_too_large_exception(
      has_policies ? fmt::format("Packed policy consumes {}% of allotted space, please use smaller policy.", percent)
                   : fmt::format("Packed size of session tags consumes {}% of allotted space.", percent)));
}

}  // namespace outcrop::sts
