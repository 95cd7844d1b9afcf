#include "server/server.h"

#include <future>
#include <optional>

#include "auth/authenticator.h"
#include "base/log.h"
#include "base/machine.h"
#include "base/real_processes.h"
#include "base/task_group.h"
#include "core/admin.h"
#include "core/api_front.h"
#include "core/manual_clock.h"
#include "core/router.h"
#include "core/timers.h"
#include "gen/version.h"
#include "net/body_budget.h"
#include "net/event_loop.h"
#include "net/http_clients.h"
#include "net/real_dialer.h"
#include "runner/limits.h"
#include "server/function_certificates.h"
#include "server/gateway.h"
#include "server/http_metrics.h"
#include "server/models.h"
#include "server/own_authority.h"
#include "server/quiet_trim.h"
#include "server/server_tls.h"
#include "server/services.h"
#include "server/temporary_directory.h"
#include "server/web_identity_issuers.h"
#include "services/bedrock-runtime/openai/openai_front.h"
#include "services/lambda/permission/may_invoke.h"
#include "services/lambda/url/function_url_front.h"
#include "store/blob_store.h"
#include "store/data_directory.h"

namespace outcrop::server {

namespace {

// On top of the grace for requests: to tell clients, close, flush the store, and send the last of telemetry.
constexpr Milliseconds closing_time = Milliseconds(2'000) + telemetry::limits::flush_timeout;
// Threads for work that blocks, at the most; they come and go with the work. Ours.
constexpr size_t pool_threads_max = 16;
// After so long without writes the store gives memory back.
constexpr Milliseconds quiet_before_trim{30'000};

size_t loop_count(const Config& config) { return config.threads > 0 ? config.threads : usable_processors(); }

template <class T>
Task<void> deliver(Task<T> task, std::shared_ptr<std::promise<T>> promise) {
  promise->set_value(co_await keep(std::move(task)));
}

bool is_in_memory(const Config& config) { return config.data == ":memory:"; }

auth::WebGuardConfig web_guard(const Config& config) {
  auth::WebGuardConfig guard{.host_names = {}, .origins = config.allowed_origins};
  for (const std::string& name : config.allowed_hosts) guard.host_names.push_back(name.starts_with("*.") ? name.substr(1) : name);
  return guard;
}

lambda::FunctionUrlParts function_url_parts(World& world, lambda::Lambda& lambda, auth::Authenticator& authenticator) {
  return {.world = world,
          .urls = lambda.urls(),
          .authenticator = authenticator,
          .metrics = lambda.metrics(),
          .invoke = [&lambda](const lambda::FunctionName& name,
                              runner::Invocation invocation) { return lambda.invoker().invoke(name, std::move(invocation)); },
          .check_access =
              [&lambda](const Call& call, const lambda::FunctionName& name, std::string_view auth_type) {
                return lambda::check_may_invoke_by_url(lambda.policies(), call, name, auth_type);
              }};
}

}  // namespace

// In the order of construction; each stands on those above it, and goes before them.
struct Server::Parts {
  explicit Parts(const Config& config) : config(config) {}
  ~Parts();

  Result<void> build();
  Result<void> open_storage();
  Result<void> make_clients();
  Result<void> authenticate();
  Task<Result<void>> begin();
  Result<void> listen();
  Result<void> tell_functions();
  Task<Result<void>> resume();
  Task<void> end_functions(SteadyTime due, std::stop_token all_served);
  Task<Result<void>> end();
  void begin_authority();

  template <class T>
  std::optional<T> run(Task<T> task, std::optional<Milliseconds> bound = std::nullopt);

  Config config;
  std::stop_source draining;
  Activity activity;
  SystemRandom random;
  RealClock real_clock;
  std::optional<ManualClock> manual_clock;
  ThreadPool pool{pool_threads_max, &activity};
  RealProcesses processes;
  std::optional<net::Loops> loops;
  std::optional<net::Resolver> resolver;
  std::optional<net::RealDialer> dialer;
  std::optional<net::HttpClients> clients;
  std::optional<TelemetryTarget> telemetry;
  std::optional<RealWallTimers> real_timers;
  std::optional<store::DataDirectory> directory;
  std::optional<TemporaryDirectory> temporary;  // without a data directory
  std::future<Result<void>> authority;          // its files are being made
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::BlobStore> blobs;
  std::optional<World> world;
  std::shared_ptr<const auth::AccessKeys> keys;  // null in open mode
  std::optional<Services> services;
  std::optional<auth::Authenticator> authenticator;
  std::optional<Gateway> gateway;
  std::optional<ApiFront> api;
  std::optional<bedrock_runtime::OpenAiFront> openai;
  std::optional<lambda::FunctionUrlFront> function_urls;
  std::optional<Admin> admin;
  std::optional<Router> router;
  std::shared_ptr<ServerTls> tls;
  std::optional<net::BodyBudget> body_budget;
  std::optional<net::Server> http;
  TaskGroup upkeep;  // while it serves
  TaskGroup tasks;

  Clock& clock() {
    if (manual_clock) return *manual_clock;
    return real_clock;
  }
  WallTimers& timers() {
    if (manual_clock) return *manual_clock;
    return *real_timers;
  }
};

Server::Parts::~Parts() {
  // The loops' threads end first; then nothing runs that could use a part while it goes.
  if (!loops) return;
  loops->stop();
  loops->join();
}

// The tasks' value, after running on a loop while this thread waits; none when the bound has passed.
template <class T>
std::optional<T> Server::Parts::run(Task<T> task, std::optional<Milliseconds> bound) {
  // Shared, because a task that is late delivers after nobody waits any more.
  auto promise = std::make_shared<std::promise<T>>();
  std::future<T> value = promise->get_future();
  tasks.spawn_on(loops->at(0), deliver(std::move(task), std::move(promise)));
  if (bound && value.wait_for(*bound) != std::future_status::ready) return std::nullopt;
  return value.get();
}

// Beside all that start-up waits for otherwise: making keys takes milliseconds, once for a data directory.
void Server::Parts::begin_authority() {
  std::promise<Result<void>> made;
  authority = made.get_future();
  pool.post([path = directory->path(), now = real_clock.real_wall(), made = std::move(made)] mutable {
    made.set_value(ensure_own_authority(path, now));
  });
}

Result<void> Server::Parts::open_storage() {
  store::StoreOptions options{.directory = "",
                              .durability = config.durability,
                              .block_cache_bytes = config.limits.store_cache_bytes,
                              .clock = clock(),
                              .random = random,
                              .pool = pool,
                              .activity = &activity};
  store::BlobStoreOptions blob_options{.directory = "", .durability = config.durability, .clock = clock(), .random = random, .pool = pool};
  if (!is_in_memory(config)) {
    auto opened = store::DataDirectory::open(config.data, random);
    if (!opened) return fail(std::move(opened.error()));
    directory.emplace(std::move(*opened));
    if (!config.tls) begin_authority();
    options.directory = directory->database();
    blob_options.directory = directory->blobs();
  } else {
    auto made = TemporaryDirectory::make();
    if (!made) return fail(std::move(made.error()));
    temporary.emplace(std::move(*made));
  }
  auto opened_store = store::open_store(options);
  if (!opened_store) return fail(std::move(opened_store.error()));
  store = std::move(*opened_store);
  auto opened_blobs = store::open_blob_store(blob_options);
  if (!opened_blobs) return fail(std::move(opened_blobs.error()));
  blobs = std::move(*opened_blobs);
  return {};
}

Result<void> Server::Parts::make_clients() {
  if (auto read = read_model_keys(config.models); !read) return read;
  if (auto chosen = choose_model_ports(config.models); !chosen) return chosen;
  if (auto opened = open_cassettes(config.models); !opened) return opened;
  auto options = model_client_options(config.models);
  if (!options) return fail(std::move(options.error()));
  auto target = telemetry_target(config.telemetry, random);
  if (!target) return fail(std::move(target.error()));
  telemetry = std::move(*target);
  if (auto added = telemetry ? add_telemetry_client(*telemetry, *options) : Result<void>(); !added) return added;
  resolver.emplace(clock(), pool);
  dialer.emplace(*resolver);
  clients.emplace(*loops, *dialer, *options);
  return {};
}

Result<void> Server::Parts::build() {
  if (config.tls) {
    if (auto usable = check_certificate_files(*config.tls, real_clock.real_wall()); !usable) return usable;
  }
  if (config.clock == ClockMode::manual) manual_clock.emplace(activity, real_clock.real_wall());
  if (auto opened = open_storage(); !opened) return opened;
  loops.emplace(clock(), loop_count(config), &activity);
  if (auto made = make_clients(); !made) return made;
  if (!manual_clock) real_timers.emplace(real_clock, loops->executors());
  world.emplace(World{clock(), random, *store, *blobs, pool, activity, timers(), loops->executors(), processes, draining.get_token()});
  sts::StsOptions sts;
  if (config.auth == AuthMode::enforce) {
    auto configured = auth::ConfiguredAccessKeys::from(config.credentials);
    if (!configured) return fail(std::move(configured.error()));
    keys = sts.keys = std::move(*configured);
  }
  auto issuers = read_web_identity_issuers(config.web_identity_issuers);
  if (!issuers) return fail(std::move(issuers.error()));
  sts.web_identities = auth::WebIdentities(std::move(*issuers));
  const std::string& place = directory ? directory->path() : temporary->path();
  auto runtimes = prepare_runtimes(config.runtimes, place + "/runtimes");
  if (!runtimes) return fail(std::move(runtimes.error()));
  services.emplace(*world, *loops, config, *clients, std::move(sts), std::move(telemetry), place, *runtimes);
  return {};
}

// After the services, because STS keeps what temporary credentials are known by.
Result<void> Server::Parts::authenticate() {
  auto bearer_keys = auth::BearerKeys::from(config.bedrock_api_keys);
  if (!bearer_keys) return fail(std::move(bearer_keys.error()));
  authenticator.emplace(clock(), config.auth,
                        auth::Authorities{.keys = keys, .sessions = services->sessions(), .bearer_keys = std::move(*bearer_keys)});
  return {};
}

// Everything that reads the store, in the order of dependence.
Task<Result<void>> Server::Parts::begin() {
  if (manual_clock) co_await manual_clock->restore(*store);
  co_await services->start();
  co_await authenticate();
  gateway.emplace(*world, *services, *authenticator, *clients, config.usage);
  co_await gateway->start();
  const ApiFrontOptions front{.web_guard = web_guard(config),
                              .host_fallback = config.listen.front().text(),
                              .extra_headers = tenant_headers(config.budgets),
                              .access_log = config.log_level == log::Level::debug};
  api.emplace(*world, services->directory(), *authenticator, front);
  openai.emplace(*world, services->directory(), *authenticator, services->bedrock_runtime(), front);
  tls = std::make_shared<ServerTls>(certificate_source(config), real_clock);
  admin.emplace(AdminParts{*world, services->directory(), services->metrics(), services->faults(), services->reset(), *authenticator,
                           manual_clock ? &*manual_clock : nullptr, &services->quota_usage()},
                AdminOptions{std::string(version), web_guard(config), [tls = tls] { return tls->to_be_trusted(); }});
  function_urls.emplace(function_url_parts(*world, services->lambda(), *authenticator));
  router.emplace(*api);
  router->add_first(*function_urls, lambda::FunctionUrlFront::takes);
  router->add_first(gateway->front(), gateway::WebSocketFront::takes);
  router->add(std::string(Admin::path_prefix), *admin);
  router->add(std::string(lambda::CodeFront::path_prefix), services->lambda().code_front());
  using bedrock_runtime::OpenAiFront;
  for (std::string_view prefix : OpenAiFront::path_prefixes) router->add(std::string(prefix), *openai, OpenAiFront::takes);
  co_return {};
}

Result<void> Server::Parts::listen() {
  body_budget.emplace(clock(), config.limits.body_memory_bytes);
  net::ServerOptions options;
  options.connections_max = config.limits.connections;
  options.tls = tls;
  http.emplace(*loops, *body_budget, *router, options);
  add_http_metrics(services->metrics(), *http, *body_budget);
  if (authority.valid()) {
    if (auto made = authority.get(); !made) return made;
  }
  for (const ListenAddress& address : config.listen) {
    if (auto endpoint = http->listen(address.text()); !endpoint) return fail(std::move(endpoint.error()));
  }
  return tell_functions();
}

// Where their SDKs find this server, and what they are to trust beside what the machine trusts.
Result<void> Server::Parts::tell_functions() {
  net::Endpoint endpoint = http->endpoints().front();
  if (endpoint.address == "0.0.0.0") endpoint.address = "127.0.0.1";
  if (endpoint.address == "::") endpoint.address = "::1";
  auto own = tls->to_be_trusted();
  if (!own) return fail(std::move(own.error()));
  const std::string& place = directory ? directory->path() : temporary->path();
  auto certificates = write_function_certificates(place + "/certificates", *own);
  if (!certificates) return fail(std::move(certificates.error()));
  services->surroundings().set_place("http://" + endpoint.text(), std::move(*certificates));
  return {};
}

// Goes on with what an earlier server left, once functions find this one.
Task<Result<void>> Server::Parts::resume() {
  co_await services->lambda().resume();
  gateway->resume();
  upkeep.spawn(trim_when_quiet(*store, clock(), quiet_before_trim, draining.get_token()));
  co_return {};
}

// When no request waits for them any more, or so early that they have ended when requests must have.
Task<void> Server::Parts::end_functions(SteadyTime due, std::stop_token all_served) {
  co_await steady_until(due, all_served);
  co_await services->stop_functions();
}

Task<Result<void>> Server::Parts::end() {
  draining.request_stop();
  std::stop_source all_served;
  TaskGroup functions;
  const SteadyTime functions_due = clock().steady() + config.limits.shutdown - runner::limits::stop_grace;
  functions.spawn(end_functions(functions_due, all_served.get_token()));
  if (http) co_await http->shutdown(config.limits.shutdown);
  if (gateway) co_await gateway->part(functions_due);
  all_served.request_stop();
  co_await functions.join();
  if (gateway) co_await gateway->stop();
  co_await services->stop();
  co_await clients->close();
  co_await upkeep.join();
  co_return co_await keep(store->flush());
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(const Config& config) {
  auto server = std::unique_ptr<Server>(new Server(std::make_unique<Parts>(config)));
  Parts& parts = *server->parts_;
  if (auto built = parts.build(); !built) return fail(std::move(built.error()));
  parts.loops->start();
  Result<void> begun = *parts.run(parts.begin());
  if (begun) begun = parts.listen();
  if (begun) begun = *parts.run(parts.resume());
  if (!begun) {
    server->stop();
    return fail(std::move(begun.error()));
  }
  return server;
}

std::vector<net::Endpoint> Server::endpoints() const { return parts_->http->endpoints(); }

bool Server::stop() {
  std::optional<Result<void>> ended = parts_->run(parts_->end(), parts_->config.limits.shutdown + closing_time);
  if (ended && !*ended) log::error("the store could not be flushed", {{"reason", ended->error().message}});
  return ended.has_value();
}

}  // namespace outcrop::server
