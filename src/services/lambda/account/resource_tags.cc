#include "services/lambda/account/resource_tags.h"

#include <fmt/format.h>

#include <array>

#include "base/encoding.h"
#include "gen/lambda/errors.h"
#include "gen/records/lambda.h"
#include "services/lambda/function/function_name.h"
#include "services/lambda/function/limits.h"
#include "services/lambda/permission/named.h"
#include "store/store.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

// "arn:aws:lambda:REGION:ACCOUNT:KIND:ID", of which the model has seen to the form.
struct TaggedResource {
  std::string_view region, account, kind, id;
};

TaggedResource parse_tagged(std::string_view arn) {
  std::array<std::string_view, 7> parts;
  for (std::string_view& part : parts) {
    const size_t colon = arn.find(':');
    part = arn.substr(0, colon);
    arn.remove_prefix(colon == std::string_view::npos ? arn.size() : colon + 1);
  }
  return {.region = parts[3], .account = parts[4], .kind = parts[5], .id = parts[6]};
}

// Kinds of resources as AWS writes them to who asks for one that is not there.
Fault tagged_not_found(std::string_view kind, std::string_view arn) {
  const std::string_view name = kind == "event-source-mapping" ? "Event source mapping"
                                : kind == "capacity-provider"  ? "Capacity provider"
                                : kind == "layer"              ? "Layer"
                                                               : "Code signing config";
  return resource_not_found_exception(fmt::format("{} not found: {}", name, arn));
}

// Where the record is that has the tags, and what is to be said when it is not there.
struct Tagged {
  std::string key;
  std::optional<FunctionName> function;  // none: a mapping
  Fault not_found;
};

Result<Tagged> find_tagged(const Call& call, std::string_view arn) {
  const TaggedResource resource = parse_tagged(arn);
  if (resource.kind == "function") {
    auto name = read_function_name(call, arn);
    if (!name) return fail(std::move(name.error()));
    if (name->qualifier)
      return fail(
          invalid_parameter_value_exception("Tags on function aliases and versions are not supported. Please specify a function ARN."));
    Fault not_found = resource_not_found_exception("Function not found: " + name->arn());
    return Tagged{FunctionKeys(name->place).function(name->name), std::move(*name), std::move(not_found)};
  }
  const Place place = place_of(call);
  const bool is_ours =
      resource.kind == "event-source-mapping" && place == Place{std::string(resource.account), std::string(resource.region)};
  if (!is_ours) return fail(tagged_not_found(resource.kind, arn));
  return Tagged{FunctionKeys(place).mapping(ascii_lower(resource.id)), std::nullopt, tagged_not_found(resource.kind, arn)};
}

template <class Record>
Task<Result<void>> change_record(store::Transaction& transaction, const std::string& key, const std::string& stored,
                                 const ResourceTags::Change& change) {
  Record record = co_await wire::decode_record<Record>(stored);
  co_await change(record.tags);
  transaction.put(key, wire::encode_record(record));
  co_return {};
}

}  // namespace

Result<void> add_tags(wire::Map<std::string>& tags, const wire::Map<std::string>& added) {
  for (const auto& [key, value] : added) {
    if (ascii_lower(key).starts_with("aws:"))
      return fail(invalid_parameter_value_exception(fmt::format("The tag key {} is reserved: it begins with aws:.", key)));
    tags[key] = value;
  }
  if (tags.size() > limits::tags_max) return fail(invalid_parameter_value_exception("Number of tags exceeds resource tag limit."));
  return {};
}

void remove_tags(wire::Map<std::string>& tags, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) tags.erase(key);
}

Task<Result<wire::Map<std::string>>> ResourceTags::list(const Call& call, std::string_view arn) {
  const Tagged tagged = co_await find_tagged(call, arn);
  const std::optional<std::string> stored = co_await world_.store.get(tagged.key);
  if (!stored) co_return fail(tagged.not_found);
  if (!tagged.function) co_return (co_await wire::decode_record<MappingRecord>(*stored)).tags;
  co_return (co_await wire::decode_record<FunctionRecord>(*stored)).tags;
}

Task<Result<void>> ResourceTags::change(const Call& call, std::string_view arn, const Change& change) {
  const Tagged tagged = co_await find_tagged(call, arn);
  const std::string new_revision = world_.random.uuid();
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    const std::optional<std::string> stored = co_await transaction.get(tagged.key);
    if (!stored) co_return fail(tagged.not_found);
    if (!tagged.function) co_return co_await keep(change_record<MappingRecord>(transaction, tagged.key, *stored, change));
    co_await change_record<FunctionRecord>(transaction, tagged.key, *stored, change);
    if (auto named = co_await find_named(transaction, *tagged.function)) named->renew(transaction, new_revision);
    co_return {};
  }));
}

}  // namespace outcrop::lambda
