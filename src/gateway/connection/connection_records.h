// ConnectionRecords: the connections that began and whose $disconnect has not been carried out, on disk. A server that finds some when it
// starts was killed while they were open, or had no time for them when it stopped.
//
//   global/gateway-connection/ID   ConnectionRecord
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/connection/connection_context.h"
#include "store/store.h"

namespace outcrop::gateway {

// Thread-safe.
class ConnectionRecords {
 public:
  explicit ConnectionRecords(store::Store& store) : store_(store) {}

  Task<Result<void>> put(const ConnectionContext& connection);
  Task<Result<void>> erase(std::string_view id);
  // None when it is not there.
  Task<Result<std::optional<ConnectionContext>>> find(std::string_view id);
  Task<Result<std::vector<std::string>>> ids();
  // A reset: those of an account, or all.
  Task<Result<void>> forget(const std::optional<std::string>& account);

 private:
  store::Store& store_;
};

}  // namespace outcrop::gateway
