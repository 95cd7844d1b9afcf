#include "inference/llama/llama_server.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "core/timers.h"

namespace outcrop::inference {

namespace {

struct StopOther {
  std::stop_source& other;
  void operator()() const noexcept { other.request_stop(); }
};

}  // namespace

// One life of the program.
struct LlamaServer::Run {
  std::stop_source over;  // it has ended, or is to end
  std::mutex mutex;
  std::string last_line;  // guarded by mutex; what it said last often says why it died
  std::optional<ProcessEnd> end;

  static Task<void> note_end(Run& run, Process& process) {
    run.end = co_await process.ended();
    run.over.request_stop();
  }
};

LlamaServer::LlamaServer(LlamaOptions options, uint16_t port, World& world, net::HttpClients& clients)
    : options_(std::move(options)), port_(port), world_(world), clients_(clients) {}

LlamaServer::~LlamaServer() = default;

void LlamaServer::begin() { tasks_.spawn(look_after()); }

Task<void> LlamaServer::stop() {
  tasks_.request_stop();
  co_await tasks_.join();
}

Task<void> LlamaServer::look_after() {
  const std::stop_token stop = tasks_.stop_token();
  Milliseconds pause = options_.pace.restart_first;
  while (!stop.stop_requested()) {
    const SteadyTime began = world_.clock.steady();
    co_await run_once();
    if (stop.stop_requested()) break;
    if (world_.clock.steady() - began > limits::llama_restart_forgotten) pause = options_.pace.restart_first;
    log::info("llama-server will be started again", {{"model", options_.served_model}, {"pause_ms", pause.count()}});
    co_await steady_until(world_.clock.steady() + pause, stop);
    pause = std::min(pause * 2, options_.pace.restart_max);
  }
}

Task<void> LlamaServer::run_once() {
  Run run;
  std::stop_callback on_stop(tasks_.stop_token(), StopOther{run.over});
  auto process = co_await keep(world_.processes.start(command(run)));
  if (!process) {
    log::error("llama-server could not be started", {{"model", options_.served_model}, {"reason", process.error().message}});
    co_return;
  }
  ++starts_;
  log::info("llama-server started", {{"model", options_.served_model}, {"process", (*process)->id()}, {"port", port_}});
  TaskGroup watch;
  watch.spawn(Run::note_end(run, **process));
  co_await check_until_over(run);
  set_ready(false);
  const bool ended_by_itself = run.end.has_value();
  const ProcessEnd end = co_await end_process(**process, world_.clock, limits::llama_end_grace);
  co_await watch.join();
  if (!ended_by_itself) co_return;
  std::scoped_lock lock(run.mutex);
  log::error("llama-server died", {{"model", options_.served_model}, {"end", end.text()}, {"last_line", run.last_line}});
}

Task<void> LlamaServer::check_until_over(Run& run) {
  const std::stop_token over = run.over.get_token();
  const SteadyTime began = world_.clock.steady();
  int failed = 0;
  while (!over.stop_requested()) {
    const bool well = co_await is_well(over);
    if (over.stop_requested()) break;
    failed = well ? 0 : failed + 1;
    if (well && !is_ready()) {
      set_ready(true);
      const auto took = std::chrono::duration_cast<Milliseconds>(world_.clock.steady() - began);
      log::info("llama-server is ready", {{"model", options_.served_model}, {"ms", took.count()}});
    }
    if (!is_ready() && world_.clock.steady() - began >= options_.start_timeout) {
      log::error("llama-server was not ready in time, and is ended", {{"model", options_.served_model}});
      break;
    }
    if (is_ready() && failed >= limits::llama_checks_failed_max) {
      log::error("llama-server does not answer, and is ended", {{"model", options_.served_model}});
      break;
    }
    co_await steady_until(world_.clock.steady() + (is_ready() ? options_.pace.check_interval : options_.pace.starting_check_interval),
                          over);
  }
}

// GET /health answers 200 once the model is loaded, and 503 before.
Task<bool> LlamaServer::is_well(std::stop_token stop) {
  net::ClientRequest request{.url = {.host = "127.0.0.1", .port = port_, .target = "/health"}};
  request.deadline = world_.clock.steady() + options_.pace.check_timeout;
  request.stop = std::move(stop);
  request.direct = true;
  auto exchange = co_await keep(clients_.current().send(std::move(request)));
  if (!exchange) co_return false;
  const bool well = (*exchange)->head().status == 200;
  co_return well&& co_await keep((*exchange)->read_whole(64 << 10));
}

ProcessCommand LlamaServer::command(Run& run) const {
  ProcessCommand command{.arguments = {options_.command, "--model", options_.gguf, "--host", "127.0.0.1", "--port", std::to_string(port_),
                                       "--alias", options_.served_model}};
  if (options_.context) {
    command.arguments.push_back("--ctx-size");
    command.arguments.push_back(std::to_string(*options_.context));
  }
  command.arguments.insert(command.arguments.end(), options_.arguments.begin(), options_.arguments.end());
  // `run` outlives the process, after whose end no line comes.
  command.on_line = [&run, model = options_.served_model](std::string_view line) {
    log::debug("llama-server", {{"model", model}, {"line", line}});
    std::scoped_lock lock(run.mutex);
    run.last_line = line;
  };
  return command;
}

void LlamaServer::set_ready(bool ready) {
  is_ready_ = ready;
  if (!ready) return;
  std::scoped_lock lock(mutex_);
  for (const auto& setter : waiting_) setter.set(true);
}

Task<Result<void>> LlamaServer::ready(SteadyTime deadline, std::stop_token stop) {
  auto not_ready = [] {
    return fail("ModelNotReadyException", 429, "The model specified in the request is not ready to serve inference requests.");
  };
  if (is_ready()) co_return {};
  Completion<bool> word(*Executor::current());
  std::list<Completion<bool>::Setter>::iterator place;
  {
    std::scoped_lock lock(mutex_);
    if (waiting_.size() >= limits::llama_waiting_max) co_return not_ready();
    place = waiting_.insert(waiting_.end(), word.setter());
  }
  if (is_ready()) word.setter().set(true);  // since it was looked at
  const SteadyTime due = std::min(deadline, world_.clock.steady() + options_.pace.ready_wait);
  Timer timer = Executor::current()->start_timer(due, [setter = word.setter()] { setter.set(false); });
  std::stop_callback on_stop(stop, [setter = word.setter()] { setter.set(false); });
  const bool is_up = co_await word;
  {
    std::scoped_lock lock(mutex_);
    waiting_.erase(place);
  }
  if (is_up) co_return {};
  if (stop.stop_requested()) co_return fail("ConnectionClosed", 499, "The caller has gone.");
  co_return not_ready();
}

}  // namespace outcrop::inference
