#include "services/apigatewayv2/domain/domains.h"

#include <algorithm>

#include "services/apigatewayv2/api/wording.h"
#include "services/apigatewayv2/limits.h"

namespace outcrop::apigatewayv2 {

namespace {

constexpr std::string_view key_signs = "$-_.+!*'()";  // beside letters and digits

Fault no_such_domain() { return not_found_exception("Invalid domain name identifier specified"); }
Fault domain_is_taken() { return bad_request_exception("The domain name you provided already exists."); }
Fault mapping_is_taken() { return conflict_exception("ApiMapping key already exists for this domain name"); }

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || key_signs.contains(c);
}

// A key is one part of a path or several, or nothing.
Result<void> check_key(std::string_view key) {
  if (key.size() > limits::mapping_key_max)
    return fail(bad_request_exception(fmt::format("An ApiMapping key may have at most {} characters", limits::mapping_key_max)));
  const bool has_empty_part = key.starts_with('/') || key.ends_with('/') || key.contains("//");
  if (has_empty_part || !std::ranges::all_of(key, [](char c) { return c == '/' || is_key_character(c); }))
    return fail(bad_request_exception("An ApiMapping key may contain only letters, numbers and one of $-_.+!*'()"));
  return {};
}

Task<Result<void>> take_name(store::Transaction& transaction, const Place& place, const std::string& name) {
  if (co_await transaction.get(domain_name_key(name))) co_return fail(domain_is_taken());
  transaction.put(domain_name_key(name), place.text());
  co_return {};
}

}  // namespace

Parts<DomainRecord> Domains::domains(const Place& place) {
  return {world_,
          {.prefix = domains_prefix(place),
           .absent = [](std::string_view) { return no_such_domain(); },
           .taken = domain_is_taken(),
           .count_max = quota_of(quotas_, place, Counted::domain_names),
           .too_many = too_many("domain names", "this account")}};
}

Task<Result<DomainRecord>> Domains::create(const Place& place, const std::string& name, const DomainRecord& record) {
  co_return co_await keep(domains(place).create(
      name, record, [&](store::Transaction& transaction, DomainRecord&) { return take_name(transaction, place, name); }));
}

Task<Result<void>> Domains::erase(const Place& place, const std::string& name) {
  co_return co_await keep(domains(place).erase(name, [&](store::Transaction& transaction, const DomainRecord&) -> Task<Result<void>> {
    transaction.erase_range(store::Range::prefix(all_parts_prefix(name)));
    transaction.erase(domain_name_key(name));
    co_return {};
  }));
}

Parts<MappingRecord> Domains::mappings(const Place& place, const std::string& name) {
  return {world_,
          {.owners = {{domain_key(place, name), no_such_domain()}},
           .prefix = parts_prefix(name, part_kind::mapping),
           .absent = [](std::string_view id) { return no_such_part("ApiMapping", id); },
           .taken = mapping_is_taken(),
           .count_max = limits::mappings_max,
           .too_many = too_many("ApiMappings", "this domain name")}};
}

Task<Result<void>> Domains::check_mapping(store::Transaction& transaction, const Place& place, const std::string& name, std::string_view id,
                                          const MappingRecord& mapping) {
  co_await check_key(mapping.key);
  if (!co_await transaction.get(api_key(place, mapping.api_id))) co_return fail(no_such_api(place, mapping.api_id));
  if (!co_await transaction.get(parts_prefix(mapping.api_id, part_kind::stage) + mapping.stage)) co_return fail(no_such_stage());
  for (const Part<MappingRecord>& other : co_await mappings(place, name).list_in(transaction)) {
    if (other.id != id && other.record.key == mapping.key) co_return fail(mapping_is_taken());
  }
  co_return {};
}

Task<Result<void>> Domains::forget(const std::optional<std::string>& account) {
  const std::string names = domain_name_key("");
  for (store::Range left = store::Range::prefix(names); !left.empty();) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(left);
    if (entries.empty()) break;
    left.begin = store::key_after(entries.back().key);
    for (const store::Entry& entry : entries) {
      if (account && !entry.value.starts_with(*account + "/")) continue;
      const std::string name = entry.key.substr(names.size());
      store::WriteBatch batch;
      batch.erase_range(store::Range::prefix(all_parts_prefix(name)));
      batch.erase(entry.key);
      batch.erase(domain_key(place_in(entry.value), name));
      co_await world_.store.write(std::move(batch));
    }
  }
  co_return {};
}

}  // namespace outcrop::apigatewayv2
