// Admin: the server's own interface under /_outcrop/, JSON in and out. docs/admin.md describes it for users.
//
// Open mode: from loopback only, and not from web pages (auth/web_guard.h). Enforce mode: all but health wants a
// SigV4 signature by a configured key, made for service "outcrop"; from afar a key resets its own account and sees its own quotas, and
// what concerns everybody (resetting all, the clock, faults) is for loopback only.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/authenticator.h"
#include "auth/web_guard.h"
#include "core/directory.h"
#include "core/fault_injection.h"
#include "core/manual_clock.h"
#include "core/quota_usage.h"
#include "core/reset.h"
#include "json/json.h"
#include "net/http.h"

namespace outcrop {

struct AdminParts {
  World& world;
  Directory& directory;
  Metrics& metrics;
  FaultInjection& faults;
  Reset& reset;
  auth::Authenticator& authenticator;
  ManualClock* manual_clock = nullptr;      // null: the clock is the machine's
  QuotaUsageSource* quota_usage = nullptr;  // null: nothing is limited
};

struct AdminOptions {
  std::string version;  // "0.1.0"
  auth::WebGuardConfig web_guard;
  // What clients of TLS must trust, in PEM form; null: there is no TLS.
  std::function<Result<std::string>()> authority = nullptr;
};

class Admin final : public net::Handler {
 public:
  static constexpr std::string_view path_prefix = "/_outcrop/";

  Admin(AdminParts parts, AdminOptions options);

  Task<void> serve(net::Exchange& exchange) override;

 private:
  struct Request;
  struct Answer {
    int status = 200;
    json::Value body = json::Value::object();
    std::string text = {};  // instead of a body in JSON
    std::string_view text_type = Metrics::content_type;
  };
  using Function = Task<Result<Answer>> (Admin::*)(Request& request);
  struct Route {
    std::string_view method;
    std::string_view path;  // behind the prefix; a '*' at its end stands for the rest
    Function function;
    bool is_public = false;           // also without a signature, from anywhere
    bool concerns_everybody = false;  // loopback only, in both modes
  };
  static std::span<const Route> routes();

  Task<Result<Answer>> answer(Request& request);
  Result<const Route*> route(Request& request) const;
  Result<void> admit(const Route& route, Request& request);

  Task<Result<Answer>> health(Request& request);
  Task<Result<Answer>> version(Request& request);
  Task<Result<Answer>> services(Request& request);
  Task<Result<Answer>> operations(Request& request);
  Task<Result<Answer>> metrics(Request& request);
  Task<Result<Answer>> quotas(Request& request);
  Task<Result<Answer>> authority(Request& request);
  Task<Result<Answer>> reset(Request& request);
  Task<Result<Answer>> clock(Request& request);
  Task<Result<Answer>> advance_clock(Request& request);
  Task<Result<Answer>> set_clock(Request& request);
  Task<Result<Answer>> list_faults(Request& request);
  Task<Result<Answer>> add_fault(Request& request);
  Task<Result<Answer>> remove_fault(Request& request);
  Task<Result<Answer>> remove_all_faults(Request& request);

  Result<ManualClock*> manual_clock() const;
  Answer clock_answer() const;

  const AdminParts parts_;
  const AdminOptions options_;
  const SteadyTime started_at_;
};

}  // namespace outcrop
