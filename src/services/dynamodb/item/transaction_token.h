// Tokens of transactions (ClientRequestToken): one that comes again within ten minutes is not carried out again.
#pragma once
#include <string>
#include <string_view>

#include "services/dynamodb/table/keys.h"

namespace outcrop::dynamodb {

// Within the transaction that is carried out: true when it was before, with the same request. Fault:
// IdempotentParameterMismatchException 400 when the request was another one.
Task<Result<bool>> was_carried_out(store::Transaction& transaction, const Place& place, std::string_view token,
                                   std::string_view request_hash, Instant now);

// Forgets the tokens whose time is over.
Task<Result<void>> forget_old_tokens(World& world, const Place& place);

}  // namespace outcrop::dynamodb
