// ApiFront: AWS API calls over HTTP. Finds the operation, authenticates, lets the directory carry it out, and
// answers in the protocol the client spoke; whatever goes wrong on the way is worded in that protocol too.
#pragma once
#include <string>
#include <string_view>

#include "auth/authenticator.h"
#include "auth/web_guard.h"
#include "core/directory.h"
#include "core/world.h"
#include "net/http.h"
#include "wire/route.h"

namespace outcrop {

struct ApiFrontOptions {
  auth::WebGuardConfig web_guard;                      // for open mode
  std::string host_fallback = "localhost:4566";        // in URLs of answers when a client sent no Host
  Milliseconds call_time_max = limits::call_time_max;  // what becomes Call::deadline
  std::vector<std::string> extra_headers = {};         // that services read beside x-outcrop-…
  bool access_log = false;                             // a debug line a call
};

class ApiFront final : public net::Handler {
 public:
  // After all services were added to the directory.
  ApiFront(World& world, Directory& directory, auth::Authenticator& authenticator, ApiFrontOptions options);

  Task<void> serve(net::Exchange& exchange) override;

 private:
  struct Request;

  Task<Result<wire::Response>> answer(Request& request);
  Task<Result<void>> receive(Request& request);
  Task<Result<void>> receive_stream(Request& request);
  Task<void> send_stream(Request& request, net::ResponseHead head);
  Result<void> route(Request& request) const;
  Result<void> inflate(Request& request, size_t bytes_max) const;
  Result<void> authenticate(Request& request) const;
  size_t body_bytes_max(const Request& request) const;
  Call call_of(Request& request) const;
  Result<wire::Erased> decode(Request& request) const;
  static void attach_stream(Request& request, void* input);

  World& world_;
  Directory& directory_;
  auth::Authenticator& authenticator_;
  const ApiFrontOptions options_;
  const wire::Router router_;
};

}  // namespace outcrop
