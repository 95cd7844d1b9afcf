// How telemetry reaches a collector: OTLP over HTTP (OTLP specification, "OTLP/HTTP").
#pragma once
#include <stop_token>
#include <string>

#include "base/task.h"
#include "base/time.h"
#include "net/http_clients.h"

namespace outcrop::telemetry {

struct OtlpAnswer {
  int status = 0;
  std::string retry_after;  // the field, or empty
  std::string body;
};

class OtlpSender {
 public:
  virtual ~OtlpSender() = default;
  // A request in JSON, and what was answered. Faults: client_fault.h.
  virtual Task<Result<OtlpAnswer>> post(const net::Url& url, std::string body, SteadyTime deadline, std::stop_token stop) = 0;
};

class HttpOtlpSender final : public OtlpSender {
 public:
  // `headers`: what is sent beside the request's own, such as a key. The clients must outlive it.
  HttpOtlpSender(net::HttpClients& clients, net::Headers headers) : clients_(clients), headers_(std::move(headers)) {}

  Task<Result<OtlpAnswer>> post(const net::Url& url, std::string body, SteadyTime deadline, std::stop_token stop) override;

 private:
  net::HttpClients& clients_;
  const net::Headers headers_;
};

}  // namespace outcrop::telemetry
