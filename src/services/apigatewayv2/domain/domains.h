// Domains: the custom domain names of all accounts, and the stages that their mappings lead to, in the store.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "gen/records/gateway.h"
#include "services/apigatewayv2/api/parts.h"
#include "services/apigatewayv2/api/quotas.h"

namespace outcrop::apigatewayv2 {

using gateway::DomainRecord;
using gateway::MappingRecord;

// Thread-safe.
class Domains {
 public:
  // Both must outlive it.
  Domains(World& world, QuotaBook& quotas) : world_(world), quotas_(quotas) {}

  // Those of a place, by their names. create() and erase() there lack what the two below add.
  Parts<DomainRecord> domains(const Place& place);
  // Fault: BadRequestException 400 for a name that anybody has.
  Task<Result<DomainRecord>> create(const Place& place, const std::string& name, const DomainRecord& record);
  // With its mappings.
  Task<Result<void>> erase(const Place& place, const std::string& name);

  // Those of a domain name. `check_mapping` is to see every one before it is written.
  Parts<MappingRecord> mappings(const Place& place, const std::string& name);
  // Faults: NotFoundException 404 unless the stage it leads to is the place's own, BadRequestException 400 for a key that cannot be one,
  // ConflictException 409 when another mapping of the name, not that of `id`, has the key.
  Task<Result<void>> check_mapping(store::Transaction& transaction, const Place& place, const std::string& name, std::string_view id,
                                   const MappingRecord& mapping);

  // A reset: those of an account, or all there are.
  Task<Result<void>> forget(const std::optional<std::string>& account);

 private:
  World& world_;
  QuotaBook& quotas_;
};

// As CreateApiMapping, GetApiMapping, UpdateApiMapping and GetApiMappings show it.
template <class Shown>
Shown show_mapping(std::string_view id, const MappingRecord& record) {
  return {.api_id = record.api_id, .api_mapping_id = std::string(id), .api_mapping_key = record.key, .stage = record.stage};
}

}  // namespace outcrop::apigatewayv2
