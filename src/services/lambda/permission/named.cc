#include "services/lambda/permission/named.h"

#include <algorithm>

#include "gen/lambda/errors.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

bool is_alias_name(std::string_view qualifier) {
  return std::ranges::all_of(qualifier, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; }) &&
         !is_version_number(qualifier);
}

template <class Record>
Task<Result<std::optional<Named>>> named_at(store::Transaction& transaction, std::string key) {
  const std::optional<std::string> stored = co_await transaction.get(key);
  if (!stored) co_return std::nullopt;
  Record record = co_await wire::decode_record<Record>(*stored);
  co_return Named{std::move(key), std::move(record)};
}

}  // namespace

const std::string& Named::revision_id() const {
  return std::visit([](const auto& of) -> const std::string& { return of.revision_id; }, record);
}

void Named::renew(store::Transaction& transaction, std::string_view revision_id) {
  std::visit(
      [&](auto& of) {
        of.revision_id = revision_id;
        transaction.put(key, wire::encode_record(of));
      },
      record);
}

Task<Result<std::optional<Named>>> find_named(store::Transaction& transaction, const FunctionName& name) {
  const FunctionKeys keys(name.place);
  const std::string_view qualifier = name.qualifier_or_latest();
  if (qualifier != latest && is_alias_name(qualifier))
    co_return co_await keep(named_at<AliasRecord>(transaction, keys.alias(name.name, qualifier)));
  if (qualifier != latest && !is_version_number(qualifier)) co_return std::nullopt;
  co_return co_await keep(named_at<VersionRecord>(transaction, keys.version(name.name, qualifier)));
}

Fault named_not_found(const FunctionName& name) {
  const bool is_alias = name.qualifier && *name.qualifier != latest && is_alias_name(*name.qualifier);
  return resource_not_found_exception((is_alias ? "Cannot find alias arn: " : "Function not found: ") + name.qualified_arn());
}

}  // namespace outcrop::lambda
