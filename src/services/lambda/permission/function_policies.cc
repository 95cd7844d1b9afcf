#include "services/lambda/permission/function_policies.h"

#include <algorithm>

#include "gen/lambda/errors.h"
#include "json/json.h"
#include "services/lambda/permission/limits.h"
#include "services/lambda/permission/named.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

std::string policy_key(const FunctionName& name) { return FunctionKeys(name.place).policy(name.name, name.qualifier_or_latest()); }

Task<Result<std::optional<PolicyRecord>>> read_policy(store::Transaction& transaction, const std::string& key) {
  const std::optional<std::string> stored = co_await transaction.get(key);
  if (!stored) co_return std::nullopt;
  co_return co_await wire::decode_record<PolicyRecord>(*stored);
}

std::vector<std::string>::iterator find_statement(PolicyRecord& policy, std::string_view sid) {
  return std::ranges::find_if(policy.statements, [&](const std::string& text) {
    const auto statement = json::parse(text);
    const json::Value* found = statement ? statement->find("Sid") : nullptr;
    return found && found->is_string() && found->as_string() == sid;
  });
}

Result<void> check_policy_revision(const std::optional<std::string>& expected, const std::string& is) {
  if (!expected || *expected == is) return {};
  return fail(precondition_failed_exception(
      "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id"));
}

Result<void> check_policy_length(const PolicyRecord& policy) {
  const size_t bytes = document_of(policy).size();
  if (bytes <= limits::policy_bytes_max) return {};
  return fail(policy_length_exceeded_exception(
      fmt::format("The final policy size ({}) is bigger than the limit ({}).", bytes, limits::policy_bytes_max)));
}

}  // namespace

std::string document_of(const PolicyRecord& policy) {
  return fmt::format(R"({{"Version":"2012-10-17","Id":"default","Statement":[{}]}})", fmt::join(policy.statements, ","));
}

Task<Result<std::optional<PolicyRecord>>> FunctionPolicies::find(const FunctionName& name) {
  const std::optional<std::string> stored = co_await world_.store.get(policy_key(name));
  if (!stored) co_return std::nullopt;
  co_return co_await wire::decode_record<PolicyRecord>(*stored);
}

Task<Result<void>> FunctionPolicies::add(const FunctionName& name, std::string_view sid, const Result<std::string>& statement,
                                         const std::optional<std::string>& revision_id) {
  const std::string key = policy_key(name), new_revision = world_.random.uuid();
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    const FunctionName function{name.place, name.name};
    if (!co_await find_named(transaction, function)) co_return fail(named_not_found(function));
    std::optional<Named> named = co_await find_named(transaction, name);
    if (!named) co_return fail(named_not_found(name));
    const std::optional<PolicyRecord> existing = co_await read_policy(transaction, key);
    co_await check_policy_revision(revision_id, existing ? existing->revision_id : named->revision_id());
    PolicyRecord policy = existing.value_or(PolicyRecord());
    if (find_statement(policy, sid) != policy.statements.end())
      co_return fail(resource_conflict_exception(fmt::format(
          "The statement id ({}) provided already exists. Please provide a new statement id, or remove the existing statement.", sid)));
    policy.statements.push_back(co_await Result<std::string>(statement));
    policy.revision_id = new_revision;
    co_await check_policy_length(policy);
    transaction.put(key, wire::encode_record(policy));
    named->renew(transaction, new_revision);
    co_return {};
  }));
}

Task<Result<void>> FunctionPolicies::remove(const FunctionName& name, std::string_view sid, const std::optional<std::string>& revision_id) {
  const std::string key = policy_key(name), new_revision = world_.random.uuid();
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    const FunctionName function{name.place, name.name};
    if (!co_await find_named(transaction, function)) co_return fail(resource_not_found_exception("No policy found for: " + name.arn()));
    std::optional<Named> named = co_await find_named(transaction, name);
    if (!named) co_return fail(named_not_found(name));
    std::optional<PolicyRecord> policy = co_await read_policy(transaction, key);
    if (!policy) co_return fail(resource_not_found_exception("No policy is associated with the given resource."));
    const auto statement = find_statement(*policy, sid);
    if (statement == policy->statements.end())
      co_return fail(resource_not_found_exception(fmt::format("Statement {} is not found in resource policy.", sid)));
    co_await check_policy_revision(revision_id, policy->revision_id);
    policy->statements.erase(statement);
    policy->revision_id = new_revision;
    if (policy->statements.empty()) {
      transaction.erase(key);
    } else {
      transaction.put(key, wire::encode_record(*policy));
    }
    named->renew(transaction, new_revision);
    co_return {};
  }));
}

}  // namespace outcrop::lambda
