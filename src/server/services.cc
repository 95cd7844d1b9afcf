#include "server/services.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "base/log.h"
#include "gateway/guard/quotas.h"
#include "gen/apigatewaymanagementapi/manifest.h"
#include "gen/apigatewayv2/errors.h"
#include "gen/apigatewayv2/manifest.h"
#include "gen/bedrock-runtime/manifest.h"
#include "gen/bedrock/manifest.h"
#include "gen/cloudwatch-logs/manifest.h"
#include "gen/cloudwatch/manifest.h"
#include "gen/dynamodb/manifest.h"
#include "gen/lambda/errors.h"
#include "gen/lambda/manifest.h"
#include "gen/service-quotas/manifest.h"
#include "gen/sqs/manifest.h"
#include "gen/sts/manifest.h"
#include "server/models.h"
#include "services/apigatewayv2/api/quotas.h"
#include "services/apigatewayv2/limits.h"
#include "services/bedrock-runtime/limits.h"
#include "services/bedrock-runtime/quota/model_quotas.h"
#include "services/bedrock/limits.h"
#include "services/cloudwatch/limits.h"
#include "services/dynamodb/limits.h"
#include "services/lambda/code/limits.h"
#include "store/blob_store.h"

namespace outcrop::server {

std::vector<const wire::ServiceModel*> service_models() {
  return {&apigatewaymanagementapi::model,
          &apigatewayv2::model,
          &bedrock::model,
          &bedrock_runtime::model,
          &cloudwatch::model,
          &cloudwatch_logs::model,
          &dynamodb::model,
          &lambda::model,
          &service_quotas::model,
          &sqs::model,
          &sts::model};
}

namespace {

// A package is named by a version's record moments after it is on disk. Ours.
constexpr Seconds unnamed_blob_age_min{3600};

// Of both planes of API Gateway.
std::vector<Quota> gateway_quotas() {
  std::vector<Quota> quotas = gateway::gateway_quotas();
  std::ranges::move(apigatewayv2::control_quotas(), std::back_inserter(quotas));
  return quotas;
}

Fault apigateway_throttled() { return apigatewayv2::too_many_requests_exception("Too Many Requests"); }
Fault dynamodb_throttled() { return {"ThrottlingException", 400, "Rate of requests exceeds the allowed throughput."}; }
Fault lambda_throttled() { return lambda::too_many_requests_exception("Rate exceeded"); }

Fault bedrock_throttled() { return {"ThrottlingException", 429, "Too many requests, please wait before trying again."}; }

}  // namespace

std::vector<KnownService> known_services() {
  std::vector<KnownService> known;
  for (const wire::ServiceModel* service : service_models()) {
    KnownService entry{service->name, {}};
    for (const wire::Operation& operation : service->operations) {
      if (operation.is_implemented()) entry.operations.push_back(operation.name);
    }
    known.push_back(std::move(entry));
  }
  return known;
}

std::string describe_services() {
  std::string text;
  size_t width = 0;
  for (const wire::ServiceModel* service : service_models()) width = std::max(width, service->name.size());
  for (const wire::ServiceModel* service : service_models()) {
    std::vector<std::string_view> missing;
    for (const wire::Operation& operation : service->operations) {
      if (!operation.is_implemented()) missing.push_back(operation.name);
    }
    const size_t known = service->operations.size();
    text += fmt::format("{:<{}} {:>3} of {} operations\n", service->name, width, known - missing.size(), known);
    if (!missing.empty()) text += fmt::format("{:<{}} not yet: {}\n", "", width, fmt::join(missing, ", "));
  }
  return text;
}

namespace {

// Who begins anew hears every recording from its beginning.
Task<Result<void>> rewind(const std::vector<std::shared_ptr<inference::CassetteDirectory>>& cassettes, bool all_accounts) {
  for (const auto& directory : cassettes) {
    if (all_accounts) directory->rewind();
  }
  co_return {};
}

}  // namespace

Services::Services(World& world, net::Loops& loops, const Config& config, net::HttpClients& clients, sts::StsOptions sts,
                   std::optional<TelemetryTarget> telemetry, const std::string& place, const runner::RuntimeSettings& runtimes)
    : world_(world),
      metrics_(world.executors.size()),
      telemetry_(make_telemetry(world, clients, metrics_, std::move(telemetry))),
      faults_(world.random),
      admission_(faults_, config.throttles),
      directory_(admission_, metrics_),
      cassettes_(cassettes_of(config.models)),
      embedded_(world),
      models_(model_routes(config.models, clients, world, metrics_), embedded_, metrics_),
      budgets_(config.budgets),
      function_options_{.code_directory = place + "/functions",
                        .in_place = {.allows_any = config.auth == AuthMode::open, .below = config.code_directories}},
      sandbox_options_{.directory = place + "/sandboxes", .hidden = {place}},
      runtimes_(runtimes),
      sts_(world, std::move(sts)),
      surroundings_(world, runtimes_, sts_),
      loops_(loops),
      runner_options_{.idle_timeout = config.functions.idle_timeout, .environments_max = config.functions.environments} {
  add_process_metrics(metrics_, world.clock.real_wall());
  add_store_metrics(metrics_, world.store);
}

Services::~Services() = default;

Task<Result<void>> Services::start() {
  shards_ = co_await Shards::open(world_, limits::shards_default);
  timers_.emplace(*shards_);
  reset_.emplace(world_, *shards_);
  cloudwatch_.emplace(world_, *shards_, *timers_, directory_);
  reset_->on_reset([this](const std::optional<std::string>& account) { return cloudwatch_->forget(account); });
  reset_->on_reset([this](const std::optional<std::string>& account) { return rewind(cassettes_, !account); });
  cloudwatch_logs_.emplace(world_, *shards_, *timers_);
  bedrock_.emplace(world_, catalog_);
  reset_->on_reset([this](const std::optional<std::string>& account) { return bedrock_->application_profiles().forget(account); });
  bedrock_runtime_.emplace(bedrock_runtime::BedrockRuntimeParts{world_, catalog_, bedrock_->application_profiles(), models_, quota_book_,
                                                                cloudwatch_->service_metrics(), metrics_, telemetry_},
                           std::move(budgets_));
  reset_->on_reset([this](const std::optional<std::string>& account) { return bedrock_runtime_->forget(account); });
  quota_book_.add(std::string(bedrock_runtime::quota_service_code), std::string(bedrock_runtime::quota_service_name),
                  [this] { return bedrock_runtime::model_quotas(catalog_); });
  quota_book_.on_change([this] { bedrock_runtime_->quotas().limits_changed(); });
  sandboxes_ = co_await runner::Sandboxes::probe(world_, sandbox_options_);
  for (const std::string& what : sandboxes_->left_out())
    log::warning("functions are kept apart as far as this machine allows", {{"but", what}});
  runner_.emplace(runner::RunnerParts{world_, loops_, *cloudwatch_logs_, surroundings_, sandboxes_.get()}, runner_options_);
  lambda_.emplace(lambda::LambdaParts{world_, *shards_, *timers_, directory_, quota_book_, cloudwatch_->service_metrics(), *runner_,
                                      runtimes_, function_options_});
  surroundings_.set_unreserved(lambda_->unreserved_concurrency());
  reset_->on_reset([this](const std::optional<std::string>& account) { return lambda_->forget(account); });
  quota_book_.add(std::string(lambda::quota_service_code), std::string(lambda::quota_service_name), lambda::lambda_quotas);
  quota_book_.add(std::string(gateway::quota_service_code), std::string(gateway::quota_service_name), gateway_quotas);
  service_quotas_.emplace(world_, quota_book_);
  reset_->on_reset([this](const std::optional<std::string>& account) { return service_quotas_->ledger().forget(account); });
  sqs_.emplace(world_, *shards_, *timers_);
  dynamodb_.emplace(world_, cloudwatch_->service_metrics());
  reset_->on_reset([this](const std::optional<std::string>& account) { return dynamodb_->tables().forget(account); });
  apigatewayv2_.emplace(world_, quota_book_);
  reset_->on_reset([this](const std::optional<std::string>& account) { return apigatewayv2_->forget(account); });
  co_await sts_.start();
  co_await service_quotas_->ledger().start();
  directory_.add(
      apigatewayv2::model, *apigatewayv2_,
      {.throttled = apigateway_throttled(), .body_bytes_max = apigatewayv2::limits::request_bytes_max, .keeps_body_budget = true});
  directory_.add(bedrock::model, *bedrock_, {.throttled = bedrock_throttled(), .body_bytes_max = bedrock::limits::request_bytes_max});
  directory_.add(bedrock_runtime::model, *bedrock_runtime_,
                 {.throttled = bedrock_throttled(), .body_bytes_max = bedrock_runtime::limits::request_bytes_max});
  directory_.add(cloudwatch::model, *cloudwatch_, {.body_bytes_max = cloudwatch::limits::request_bytes_max, .keeps_body_budget = true});
  directory_.add(cloudwatch_logs::model, *cloudwatch_logs_, {.keeps_body_budget = true});
  directory_.add(lambda::model, *lambda_, {.throttled = lambda_throttled(), .body_bytes_max = lambda::limits::request_bytes_max});
  directory_.add(service_quotas::model, *service_quotas_, {.keeps_body_budget = true});
  directory_.add(dynamodb::model, *dynamodb_,
                 {.throttled = dynamodb_throttled(), .body_bytes_max = dynamodb::limits::request_bytes_max, .keeps_body_budget = true});
  directory_.add(sqs::model, *sqs_, {.keeps_body_budget = true});
  directory_.add(sts::model, sts_);
  co_await bedrock_runtime_->start();
  co_await sqs_->start();
  co_await dynamodb_->start();
  co_await lambda_->start();
  co_await cloudwatch_->start();
  co_await timers_->start();
  models_.begin();
  telemetry_.begin();
  background_.spawn(tidy_up());
  co_return {};
}

// Erases the blobs that no record names: a server that was killed between a blob and its record left them. Lambda alone keeps blobs.
Task<Result<void>> Services::sweep_blobs() {
  const std::set<std::string> named = co_await lambda_->functions().packages();
  const uint64_t erased = co_await world_.blobs.sweep([&](const store::BlobId& id) -> Task<Result<bool>> { co_return named.contains(id); },
                                                      unnamed_blob_age_min);
  if (erased > 0) log::info("blobs that no record names were erased", {{"number", erased}});
  co_return {};
}

// What no request waits for.
Task<void> Services::tidy_up() {
  if (auto swept = co_await keep(sweep_blobs()); !swept) log::warning("blobs were not swept", {{"reason", swept.error().message}});
}

Task<void> Services::stop_functions() {
  if (lambda_) lambda_->begin_stop();
  if (runner_) co_await runner_->stop();
}

Task<void> Services::stop() {
  co_await background_.join();
  co_await models_.stop();
  if (timers_) co_await timers_->stop();
  if (bedrock_runtime_) co_await bedrock_runtime_->stop();
  if (lambda_) co_await lambda_->stop();
  if (cloudwatch_) co_await cloudwatch_->stop();
  if (sqs_) co_await sqs_->stop();
  if (dynamodb_) co_await dynamodb_->stop();
  if (shards_) co_await shards_->close();
  co_await telemetry_.stop();
}

}  // namespace outcrop::server
