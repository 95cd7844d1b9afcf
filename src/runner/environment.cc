#include "runner/environment.h"

#include <fmt/format.h>

#include <cmath>
#include <csignal>
#include <filesystem>

#include "core/timers.h"
#include "net/peer_owner.h"

namespace outcrop::runner {

namespace {

net::ServerOptions api_options(std::function<bool(const net::Peer&)> admits) {
  net::ServerOptions options;
  options.connections_max = limits::connections_max;
  options.backlog = limits::connections_waiting_max;
  options.idle_timeout = options.body_timeout = limits::body_timeout;
  options.body_bytes_per_second_min = 0;
  options.admits = std::move(admits);
  return options;
}

double ms_between(SteadyTime from, SteadyTime to) { return std::chrono::duration<double, std::milli>(to - from).count(); }

}  // namespace

Environment::Environment(const EnvironmentParts& parts, Keeper& keeper, FunctionVersionRef function, bool is_provisioned, StartGrant grant)
    : parts_(parts),
      keeper_(keeper),
      function_(std::move(function)),
      is_provisioned_(is_provisioned),
      grant_(std::move(grant)),
      log_(parts.world, parts.logs, function_),
      output_(std::make_shared<Output>(parts.world, log_)),
      budget_(parts.world.clock, limits::body_budget_bytes),
      server_(parts.loop, budget_, api_, api_options([this](const net::Peer& peer) { return admits(peer); })) {}

Task<void> Environment::live() {
  const std::shared_ptr<Environment> self = shared_from_this();
  log_.init_started(function_->runtime, is_provisioned_ ? "provisioned-concurrency" : "on-demand");
  const Result<void> listening = listen();
  if (listening) co_await run_process(parts_.init_timeout);
  if (!listening) init_failure_ = failure_of("Sandbox.Failure", listening.error().message);
  if (!is_up_ && !has_left_) {
    if (std::shared_ptr<Execution> execution = keeper_.take_for_retry(*this)) {
      begin_run(std::move(execution));
      if (listening) co_await run_process(function_->timeout);
    }
  }
  leave();
  if (run_ && !run_->over) {
    const Failure failure = init_failure_.value_or(failure_of("Sandbox.Failure", ""));
    fail_run(failure, failure.error_type == "Sandbox.Timedout" ? "timeout" : "error");
  }
  report();
  co_await tasks_.join();
  output_->close();
  process_.reset();
  api_.close();
  co_await server_.shutdown(Milliseconds(0));
  co_await log_.close();
  grant_.room.release();
}

Result<void> Environment::listen() {
  Result<net::Endpoint> endpoint = server_.listen("127.0.0.1:0");
  if (!endpoint) return fail(std::move(endpoint.error()));
  endpoint_ = std::move(*endpoint);
  return {};
}

// The port is for this environment's user alone; where the kernel does not say whose a connection is, for everybody of this machine.
bool Environment::admits(const net::Peer& peer) const {
  const net::PeerOwner owner = net::owner_of_peer(peer, endpoint_.port);
  if (owner.kind == net::PeerOwner::Kind::unknown) return true;
  return owner.kind == net::PeerOwner::Kind::user && owner.user == user_;
}

Task<Result<ProcessCommand>> Environment::command(const Launch& launch) {
  EnvironmentFacts facts{.runtime_api = endpoint_.text(),
                         .log_stream = log_.stream(),
                         .credentials = co_await parts_.surroundings.credentials(function_),
                         .endpoint = parts_.surroundings.endpoint(),
                         .certificates = parts_.surroundings.certificates(),
                         .is_provisioned = is_provisioned_};
  expires_ = facts.credentials.expires;
  ProcessCommand command{.arguments = launch.arguments,
                         .environment = environment_variables(*function_, launch, facts),
                         .is_alone = true,
                         .directory = function_->code_directory};
  output_->watch(command, true);
  co_return command;
}

Task<Result<std::unique_ptr<Process>>> Environment::start_process() {
  const Launch launch = co_await parts_.world.pool.run([this] { return parts_.surroundings.launch(*function_); });
  ProcessCommand wanted = co_await command(launch);
  co_await confine(wanted, launch);
  co_return co_await keep(parts_.world.processes.start(std::move(wanted)));
}

Task<Result<void>> Environment::confine(ProcessCommand& command, const Launch& launch) {
  if (!parts_.sandboxes) co_return {};
  std::vector<std::string> directories = launch.directories;
  std::error_code ignored;
  // That file alone, whatever else lies beside it.
  if (std::string trusted = parts_.surroundings.certificates(); std::filesystem::is_regular_file(trusted, ignored)) {
    directories.push_back(std::move(trusted));
  }
  sandbox_ = co_await parts_.sandboxes->make({.memory_mb = function_->memory_mb,
                                              .temporary_mb = function_->temporary_mb,
                                              .code_directory = function_->code_directory,
                                              .program = launch.program.empty() ? command.arguments.front() : launch.program,
                                              .directories = std::move(directories)});
  sandbox_->confine(command);
  user_ = sandbox_->user().value_or(geteuid());
  co_return {};
}

Task<void> Environment::leave_sandbox() {
  if (!sandbox_) co_return;
  memory_peak_ = std::max(memory_peak_, sandbox_->memory_used_peak());
  co_await sandbox_->remove();
  sandbox_.reset();
}

// Returns when the process has ended, or could not be started.
Task<void> Environment::run_process(Milliseconds bound) {
  init_began_ = now();
  auto started = co_await keep(start_process());
  if (!started) {
    const std::string_view request_id = run_ ? std::string_view(run_->execution->invocation().request_id) : std::string_view();
    const std::string& code = started.error().code;
    const bool is_program = code == "ProcessNotStarted" || code == "Runtime.InvalidEntrypoint";
    init_failure_ = failure_of(is_program ? "Runtime.InvalidEntrypoint" : "Sandbox.Failure",
                               fmt::format("RequestId: {} Error: {}", request_id, started.error().message));
    log_.init_failed(ms_between(init_began_, now()), "error", init_failure_->error_type);
    co_return co_await leave_sandbox();
  }
  process_ = std::move(*started);
  init_failure_.reset();
  if (is_killed_) process_->signal(SIGKILL);
  deadline_ = parts_.loop.start_timer(now() + bound, [this] { init_timed_out(); });
  const ProcessEnd end = co_await process_->ended();
  if (!is_up_) deadline_.reset();
  co_await process_->drained();
  co_await read_what_is_left();
  deadline_.reset();
  end_.reset();
  process_ended(end);
  if (is_up_) leave();
  co_await leave_sandbox();
}

// What it handed in before its end counts: its connections end once that was read, or its time is over.
Task<void> Environment::read_what_is_left() {
  const SteadyTime last = now() + limits::last_read_max;
  while (run_ && !run_->over && (is_up_ || now() < last) && server_.stats().connections_open > 0) {
    co_await steady_until(now() + limits::last_read_interval);
  }
}

void Environment::init_timed_out() {
  if (is_up_) return;
  init_failure_ = run_ ? timed_out(run_->execution->invocation().request_id, function_->timeout) : failure_of("Sandbox.Timedout", "");
  if (run_) log_.failed(run_->execution->invocation().request_id, timed_out_text(function_->timeout));
  kill_process();
}

// What the end of its process means to the Init phase, or to what runs.
void Environment::process_ended(const ProcessEnd& end) {
  const std::string_view request_id = run_ ? std::string_view(run_->execution->invocation().request_id) : std::string_view();
  const bool is_out_of_memory = sandbox_ ? sandbox_->was_out_of_memory() : end.signal == SIGKILL && !is_killed_;
  Failure failure = exited(request_id, end, is_out_of_memory);
  if (!is_up_) {
    const bool was_late = init_failure_ && init_failure_->error_type == "Sandbox.Timedout";
    if (!init_failure_) init_failure_ = std::move(failure);
    is_killed_ = is_killed_ && has_left_;
    if (!is_killed_ || was_late) {
      log_.init_failed(ms_between(init_began_, now()), was_late ? "timeout" : "error", was_late ? "" : init_failure_->error_type);
    }
    return;
  }
  if (!run_ || run_->over) return;
  log_.wrote(parts_.world.clock.wall(), fmt::format("RequestId: {} Error: {}\n{}", request_id, exit_text(end), failure.error_type));
  fail_run(std::move(failure), "error");
}

// What it may run now.

void Environment::run(std::shared_ptr<Execution> execution) {
  report();
  begin_run(std::move(execution));
  deadline_ = parts_.loop.start_timer(run_->began + function_->timeout, [this] { run_timed_out(); });
  give_event();
}

void Environment::begin_run(std::shared_ptr<Execution> execution) {
  run_.emplace(std::move(execution), now());
  log_.began(run_->execution->invocation().request_id);
}

void Environment::give_event() {
  const Invocation& invocation = run_->execution->invocation();
  const auto left = std::chrono::ceil<Milliseconds>(run_->began + function_->timeout - now());
  api_.give({.execution = run_->execution,
             .deadline_ms = ms_since_epoch(parts_.world.clock.real_wall() + left),
             .trace_header = trace_header(invocation)});
}

std::string Environment::trace_header(const Invocation& invocation) const {
  if (!invocation.trace_header.empty()) return invocation.trace_header;
  Random& random = parts_.world.random;
  const uint64_t first = random.next();
  return fmt::format("Root=1-{:08x}-{:016x}{:08x};Parent={:016x};Sampled={}", seconds_since_epoch(parts_.world.clock.real_wall()), first,
                     uint32_t(random.next()), random.next(), function_->is_traced ? 1 : 0);
}

void Environment::polled() {
  if (!is_up_ && init_failure_) return;      // it has failed, and ends
  if (!is_up_ || run_) free_since_ = now();  // and not when it has lost its connection
  if (!is_up_) {
    is_up_ = true;
    init_ms_ = ms_between(init_began_, now());
    deadline_.reset();
    grant_.turn.reset();
    keeper_.is_initialised(*this);
    if (run_) {  // the invocation that this attempt is part of
      deadline_ = parts_.loop.start_timer(run_->began + function_->timeout, [this] { run_timed_out(); });
      return give_event();
    }
  } else if (run_) {
    deadline_.reset();
    conclude_run();
  }
  if (has_left_) return end_process_softly();
  keeper_.is_free(*this);
}

// Its REPORT follows what it wrote.
void Environment::conclude_run() {
  done_ = std::exchange(run_, std::nullopt);
  if (done_->is_reported) {
    done_.reset();
  } else {
    tasks_.spawn(report_when_drained(done_->execution));
  }
}

void Environment::answered(std::string payload, bool is_stream) { conclude(std::move(payload), is_stream, std::nullopt); }

void Environment::failed(Failure failure) {
  run_->status = "failure";
  conclude({}, false, std::move(failure));
}

void Environment::init_failed(Failure failure) {
  if (is_up_ || init_failure_) return;
  init_failure_ = std::move(failure);
  end_ = parts_.loop.start_timer(now() + limits::end_grace, [this] { kill_process(); });
}

void Environment::run_timed_out() {
  if (!run_) return;
  const std::string& request_id = run_->execution->invocation().request_id;
  log_.failed(request_id, timed_out_text(function_->timeout));
  leave();
  kill_process();
  if (!run_->over) fail_run(timed_out(request_id, function_->timeout), "timeout");
}

// The platform's word on what runs, which the runtime did not answer.
void Environment::fail_run(Failure failure, std::string status) {
  run_->status = std::move(status);
  if (run_->status == "error") run_->error_type = failure.error_type;
  api_.close();
  conclude({}, false, std::move(failure));
}

// The caller gets the answer at once; only who wants the log's tail waits for what the function wrote.
void Environment::conclude(std::string payload, bool is_stream, std::optional<Failure> failure) {
  run_->over = now();
  const std::shared_ptr<Execution> execution = run_->execution;
  if (!has_left_) keeper_.has_answered(*this);
  if (execution->invocation().wants_log_tail) {
    tasks_.spawn(tell_with_tail(execution, std::move(payload), is_stream, std::move(failure)));
  } else {
    tell(*execution, std::move(payload), is_stream, std::move(failure));
  }
}

void Environment::tell(Execution& execution, std::string payload, bool is_stream, std::optional<Failure> failure) {
  if (failure) return execution.fail_with(std::move(*failure));
  is_stream ? execution.end() : execution.answer(std::move(payload));
}

Task<void> Environment::tell_with_tail(std::shared_ptr<Execution> execution, std::string payload, bool is_stream,
                                       std::optional<Failure> failure) {
  co_await report_when_drained(execution);
  execution->set_log_tail(log_.tail());
  tell(*execution, std::move(payload), is_stream, std::move(failure));
}

Task<void> Environment::report_when_drained(std::shared_ptr<Execution> execution) {
  if (process_) co_await process_->drained();
  const auto is_it = [&](const std::optional<Run>& run) { return run && run->execution == execution; };
  if (is_it(done_) || is_it(run_)) report();
}

uint64_t Environment::memory_used_mb() const {
  const uint64_t bytes = std::max(memory_peak_, sandbox_ ? sandbox_->memory_used_peak() : 0);
  return (bytes + (1 << 20) - 1) >> 20;
}

// END and REPORT of what is over.
void Environment::report() {
  std::optional<Run>& run = done_ ? done_ : run_;
  if (!run || run->is_reported || !run->over) return;
  run->is_reported = true;
  const double duration_ms = ms_between(run->began, *run->over);
  log_.ended({.request_id = run->execution->invocation().request_id,
              .duration_ms = duration_ms,
              .billed_ms = uint64_t(std::ceil(duration_ms + init_ms_.value_or(0))),
              .memory_mb = function_->memory_mb,
              .memory_used_mb = memory_used_mb(),
              .init_ms = std::exchange(init_ms_, std::nullopt),
              .status = run->status,
              .error_type = run->error_type,
              .trace_header = {}});
  if (&run == &done_) done_.reset();
}

bool Environment::is_stale() const { return expires_ && parts_.world.clock.wall() > *expires_ - limits::credentials_margin; }

void Environment::retire() {
  leave();
  if (run_) return;
  grant_.room.release();
  end_process_softly();
}

void Environment::kill() {
  leave();
  is_killed_ = true;
  if (process_) process_->signal(SIGKILL);
}

void Environment::leave() {
  if (!std::exchange(has_left_, true)) keeper_.is_leaving(*this);
}

void Environment::kill_process() {
  is_killed_ = true;
  if (process_) process_->signal(SIGKILL);
}

// While it has no invocation: it may put its things in order, once, whatever it asks for meanwhile.
void Environment::end_process_softly() {
  if (!process_) {
    is_killed_ = true;  // as soon as it is there
    return;
  }
  if (end_) return;
  process_->signal(SIGTERM);
  end_ = parts_.loop.start_timer(now() + limits::end_grace, [this] { kill_process(); });
}

}  // namespace outcrop::runner
