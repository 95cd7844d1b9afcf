#include "gateway/connection/connection_records.h"

#include "wire/record.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view connections_prefix = "global/gateway-connection/";

std::string connection_key(std::string_view id) { return std::string(connections_prefix).append(id); }

}  // namespace

Task<Result<void>> ConnectionRecords::put(const ConnectionContext& connection) {
  store::WriteBatch batch;
  batch.put(connection_key(connection.id), wire::encode_record(connection.record));
  return store_.write(std::move(batch));
}

Task<Result<void>> ConnectionRecords::erase(std::string_view id) {
  store::WriteBatch batch;
  batch.erase(connection_key(id));
  return store_.write(std::move(batch));
}

Task<Result<std::optional<ConnectionContext>>> ConnectionRecords::find(std::string_view id) {
  const std::string key = connection_key(id);
  const std::optional<std::string> value = co_await store_.get(key);
  if (!value) co_return std::nullopt;
  co_return ConnectionContext{key.substr(connections_prefix.size()), co_await wire::decode_record<ConnectionRecord>(*value)};
}

Task<Result<std::vector<std::string>>> ConnectionRecords::ids() {
  std::vector<std::string> ids;
  for (store::Range left = store::Range::prefix(connections_prefix); !left.empty();) {
    const std::vector<store::Entry> entries = co_await store_.scan(left);
    if (entries.empty()) break;
    for (const store::Entry& entry : entries) ids.push_back(entry.key.substr(connections_prefix.size()));
    left.begin = store::key_after(entries.back().key);
  }
  co_return ids;
}

Task<Result<void>> ConnectionRecords::forget(const std::optional<std::string>& account) {
  for (store::Range left = store::Range::prefix(connections_prefix); !left.empty();) {
    const std::vector<store::Entry> entries = co_await store_.scan(left);
    if (entries.empty()) break;
    store::WriteBatch batch;
    for (const store::Entry& entry : entries) {
      const ConnectionRecord record = co_await wire::decode_record<ConnectionRecord>(entry.value);
      if (!account || record.account == *account) batch.erase(entry.key);
    }
    if (!batch.empty()) co_await store_.write(std::move(batch));
    left.begin = store::key_after(entries.back().key);
  }
  co_return {};
}

}  // namespace outcrop::gateway
