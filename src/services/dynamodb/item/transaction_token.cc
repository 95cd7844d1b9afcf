#include "services/dynamodb/item/transaction_token.h"

#include "gen/dynamodb/errors.h"
#include "gen/records/dynamodb.h"
#include "services/dynamodb/limits.h"
#include "wire/record.h"

namespace outcrop::dynamodb {

namespace {

constexpr size_t forgotten_at_once = 256;

}  // namespace

Task<Result<bool>> was_carried_out(store::Transaction& transaction, const Place& place, std::string_view token,
                                   std::string_view request_hash, Instant now) {
  const TableKeys keys(place);
  if (const std::optional<std::string> stored = co_await transaction.get(keys.token(token))) {
    const TokenRecord record = co_await wire::decode_record<TokenRecord>(*stored);
    if (now < record.at + limits::transaction_token_life) {
      if (record.request_hash == request_hash) co_return true;
      co_return fail(idempotent_parameter_mismatch_exception(
          "The provided client token is already in use by a different request: parameters of the request do not match"));
    }
    transaction.erase(keys.token_time(record.at, token));
  }
  const TokenRecord record{.request_hash = std::string(request_hash), .at = now};
  transaction.put(keys.token(token), wire::encode_record(record));
  transaction.put(keys.token_time(now, token), "");
  co_return false;
}

// A token that was used again meanwhile has another time, and stays.
Task<Result<void>> forget_old_tokens(World& world, const Place& place) {
  const TableKeys keys(place);
  store::Range old = keys.tokens_before(world.clock.wall() - limits::transaction_token_life);
  for (;;) {
    const std::vector<store::Entry> entries = co_await world.store.scan(old, {.entries_max = forgotten_at_once});
    if (entries.empty()) co_return {};
    co_await world.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
      for (const store::Entry& entry : entries) {
        if (!co_await transaction.get(entry.key)) continue;
        transaction.erase(entry.key);
        transaction.erase(keys.token(keys.token_in(entry.key)));
      }
      co_return {};
    });
    old.begin = store::key_after(entries.back().key);
  }
}

}  // namespace outcrop::dynamodb
