#include "runner/environment_variables.h"

#include <algorithm>

namespace outcrop::runner {

namespace {

class VariableList {
 public:
  // A later value takes the place of an earlier one.
  void set(std::string_view name, std::string value) {
    auto known = std::ranges::find(list_, name, [](const auto& variable) -> std::string_view { return variable.first; });
    if (known == list_.end()) {
      list_.emplace_back(name, std::move(value));
    } else {
      known->second = std::move(value);
    }
  }
  void set_all(const Variables& variables) {
    for (const auto& [name, value] : variables) set(name, value);
  }
  Variables take() { return std::move(list_); }

 private:
  Variables list_;
};

bool is_custom_runtime(std::string_view runtime) { return runtime.starts_with("provided"); }

void add_function(VariableList& list, const FunctionVersion& function, const EnvironmentFacts& facts) {
  list.set("AWS_LAMBDA_FUNCTION_NAME", function.name);
  list.set("AWS_LAMBDA_FUNCTION_VERSION", function.version);
  list.set("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", std::to_string(function.memory_mb));
  list.set("AWS_LAMBDA_INITIALIZATION_TYPE", facts.is_provisioned ? "provisioned-concurrency" : "on-demand");
  list.set("AWS_LAMBDA_LOG_GROUP_NAME", function.log.group);
  list.set("AWS_LAMBDA_LOG_STREAM_NAME", facts.log_stream);
  if (function.log.json) {
    list.set("AWS_LAMBDA_LOG_FORMAT", "JSON");
    list.set("AWS_LAMBDA_LOG_LEVEL", function.log.application_level);
  }
  list.set("_HANDLER", function.handler);
  list.set("LAMBDA_TASK_ROOT", function.code_directory);
  list.set("LAMBDA_RUNTIME_DIR", "/var/runtime");
}

void add_region(VariableList& list, const FunctionVersion& function, const EnvironmentFacts& facts) {
  list.set("AWS_REGION", function.region);
  list.set("AWS_DEFAULT_REGION", function.region);
  list.set("AWS_ACCESS_KEY_ID", facts.credentials.access_key_id);
  list.set("AWS_SECRET_ACCESS_KEY", facts.credentials.secret_access_key);
  if (!facts.credentials.session_token.empty()) list.set("AWS_SESSION_TOKEN", facts.credentials.session_token);
}

// So that every SDK in a function, unchanged, talks to this server.
void add_server(VariableList& list, const EnvironmentFacts& facts) {
  if (!facts.endpoint.empty()) list.set("AWS_ENDPOINT_URL", facts.endpoint);
  if (facts.certificates.empty()) return;
  for (const char* name : {"NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE", "SSL_CERT_FILE"}) list.set(name, facts.certificates);
}

}  // namespace

Variables environment_variables(const FunctionVersion& function, const Launch& launch, const EnvironmentFacts& facts) {
  VariableList list;
  list.set("PATH", "/usr/local/bin:/usr/bin:/bin");
  list.set("LD_LIBRARY_PATH", function.code_directory + ":" + function.code_directory + "/lib");
  list.set("LANG", "en_US.UTF-8");
  list.set("TZ", ":UTC");
  list.set("HOME", "/tmp");  // a user of its own has no entry among the machine's, and SDKs look for their files there
  list.set("AWS_LAMBDA_RUNTIME_API", facts.runtime_api);
  list.set("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
  if (!is_custom_runtime(function.runtime)) list.set("AWS_EXECUTION_ENV", "AWS_Lambda_" + function.runtime);
  if (!is_custom_runtime(function.runtime)) list.set("_LAMBDA_TELEMETRY_LOG_FD", "3");
  add_region(list, function, facts);
  add_server(list, facts);
  list.set_all(launch.environment);
  list.set_all(function.environment);
  add_function(list, function, facts);
  return list.take();
}

}  // namespace outcrop::runner
