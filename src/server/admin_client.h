// AdminClient: asks a running server, by its own interface (docs/admin.md) and by the APIs of its services, for the commands of this
// program that look at one.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "auth/sigv4.h"
#include "json/json.h"
#include "net/http_client.h"
#include "server/paths.h"

namespace outcrop::server {

// Where the server is, and who asks.
struct AdminTarget {
  net::Url url;
  std::optional<auth::SigningCredentials> credentials;
  std::string region;
  std::string authorities_file;  // that TLS trusts; empty: the system's

  // `endpoint`: of the command line; else $AWS_ENDPOINT_URL, else where a server listens by itself. Credentials and authorities are
  // those of AWS's tools: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION, AWS_CA_BUNDLE.
  // Fault: InvalidUrl 400.
  static Result<AdminTarget> from(const std::optional<std::string>& endpoint, const Environment& environment);
};

// A call of an operation of a service.
struct ApiRequest {
  std::string_view signing_name;  // "logs"
  std::string method = "POST", path = "/";
  net::Headers headers = {};
  std::string body = {};
};

class AdminClient {
 public:
  // What is passed must outlive it.
  AdminClient(const AdminTarget& target, net::HttpClient& client, const Clock& clock) : target_(target), client_(client), clock_(clock) {}

  // What GET /_outcrop/`path` answers. Faults: the server's own, or that it cannot be reached.
  Task<Result<json::Value>> get(std::string_view path);

  // The answer's beginning, of an operation whose answer is read as it comes. Faults: the service's, or that it cannot be reached.
  Task<Result<std::unique_ptr<net::ClientExchange>>> begin(ApiRequest request);
  // The whole answer, which is JSON.
  Task<Result<json::Value>> call(ApiRequest request);

  const Clock& clock() const { return clock_; }

  // Runs `ask` with a client, on a thread of its own, and waits for it.
  static Result<void> run(const AdminTarget& target, std::function<Task<Result<void>>(AdminClient&)> ask);

 private:
  net::Headers signed_headers(net::RequestHead head, std::string_view region, std::string_view service, std::string_view body) const;

  const AdminTarget& target_;
  net::HttpClient& client_;
  const Clock& clock_;
};

}  // namespace outcrop::server
