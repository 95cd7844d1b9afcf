#include "runner/log/environment_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "base/log.h"
#include "base/task_group.h"
#include "core/signal.h"
#include "core/timers.h"
#include "json/json.h"
#include "runner/limits.h"
#include "runner/log/platform_line.h"
#include "runner/log/record_frames.h"

namespace outcrop::runner {

namespace {

// "2026/11/26/[$LATEST]0123…", as AWS names them.
std::string new_stream(const World& world, const FunctionVersion& function) {
  std::string day = iso8601(world.clock.wall()).substr(0, 10);
  std::ranges::replace(day, '-', '/');
  return fmt::format("{}/[{}]{:016x}{:016x}", day, function.version, world.random.next(), world.random.next());
}

// The level that a line of JSON says it has; "" when it says none.
std::string level_said(std::string_view line) {
  if (!line.starts_with('{')) return {};
  const std::expected<json::Value, json::ParseError> read = json::parse(line);
  const json::Value* level = read && read->is_object() ? read->find("level") : nullptr;
  return level && level->is_string() ? std::string(level->as_string()) : std::string();
}

}  // namespace

struct EnvironmentLog::State {
  State(World& world, LogSink& sink, FunctionVersionRef function)
      : world(world), sink(sink), function(std::move(function)), stream(new_stream(world, *this->function)) {}

  void add(Instant at, std::string text);
  void add(std::optional<PlatformLine> line) {
    if (line) add(world.clock.wall(), std::move(line->text));
  }
  void keep_tail(std::string_view text);
  void make_room(size_t bytes);
  Task<void> store();
  Task<void> store_waiting();
  Instant now() const { return world.clock.wall(); }

  World& world;
  LogSink& sink;
  const FunctionVersionRef function;
  const std::string stream;
  std::string tail;
  std::deque<LogSink::Line> waiting;
  size_t waiting_bytes = 0;
  uint64_t dropped_lines = 0, dropped_bytes = 0;
  bool has_failed = false;  // it was told that lines could not be stored
  bool storing = false, in_haste = false;
  std::stop_source delay;  // ends the wait before the next lines are stored
  Signal stored;
  TaskGroup tasks;
};

EnvironmentLog::EnvironmentLog(World& world, LogSink& sink, FunctionVersionRef function)
    : state_(std::make_unique<State>(world, sink, std::move(function))) {}
EnvironmentLog::~EnvironmentLog() = default;

const std::string& EnvironmentLog::stream() const { return state_->stream; }

void EnvironmentLog::wrote(Instant at, std::string_view line) {
  const LogSettings& log = state_->function->log;
  if (log.json && !is_logged(level_said(line), log.application_level)) return;
  state_->add(at, std::string(line));
}

void EnvironmentLog::wrote_record(Instant at, uint32_t type, std::string_view text) {
  const LogSettings& log = state_->function->log;
  const RecordType read = RecordType::of(type);
  if (log.json && read.level && !is_logged(*read.level, log.application_level)) return;
  state_->add(at, std::string(text));
}

void EnvironmentLog::init_started(std::string_view runtime_version, std::string_view initialization) {
  state_->add(init_start_line(*state_->function, state_->now(), runtime_version, initialization));
}

void EnvironmentLog::init_failed(double duration_ms, std::string_view status, std::string_view error_type) {
  state_->add(init_report_line(*state_->function, state_->now(), duration_ms, status, error_type));
}

void EnvironmentLog::began(std::string_view request_id) {
  state_->tail.clear();
  state_->add(start_line(*state_->function, state_->now(), request_id));
}

void EnvironmentLog::failed(std::string_view request_id, std::string_view message) {
  state_->add(state_->now(), fmt::format("{} {} {}", time_text(state_->now()), request_id, message));
}

void EnvironmentLog::ended(const Report& report) {
  state_->add(runtime_done_line(*state_->function, state_->now(), report));
  state_->add(report_line(*state_->function, state_->now(), report));
}

std::string EnvironmentLog::tail() const {
  const std::string& tail = state_->tail;
  return tail.size() > limits::log_tail_bytes ? tail.substr(tail.size() - limits::log_tail_bytes) : tail;
}

Task<void> EnvironmentLog::flush() {
  while (state_->storing) {
    state_->in_haste = true;
    state_->delay.request_stop();
    if (state_->storing) co_await state_->stored.wait();
  }
}

Task<void> EnvironmentLog::close() {
  co_await flush();
  co_await state_->tasks.join();
}

void EnvironmentLog::State::add(Instant at, std::string text) {
  if (text.empty()) return;
  keep_tail(text);
  make_room(text.size());
  waiting_bytes += text.size();
  waiting.push_back({at, std::move(text)});
  if (std::exchange(storing, true)) return;
  tasks.spawn(store());
}

// Twice what is wanted at the most, so that a line costs a copy and not a shift.
void EnvironmentLog::State::keep_tail(std::string_view text) {
  tail += text;
  tail += '\n';
  if (tail.size() > 4 * limits::log_tail_bytes) tail.erase(0, tail.size() - limits::log_tail_bytes);
}

void EnvironmentLog::State::make_room(size_t bytes) {
  while (!waiting.empty() && waiting_bytes + bytes > limits::log_bytes_waiting_max) {
    ++dropped_lines;
    dropped_bytes += waiting.front().text.size();
    waiting_bytes -= waiting.front().text.size();
    waiting.pop_front();
  }
}

// Runs while there are lines.
Task<void> EnvironmentLog::State::store() {
  while (!waiting.empty()) {
    if (!in_haste) co_await steady_until(world.clock.steady() + limits::log_delay, delay.get_token());
    co_await store_waiting();
  }
  in_haste = false;
  delay = {};
  storing = false;
  stored.notify_all();
}

Task<void> EnvironmentLog::State::store_waiting() {
  if (dropped_lines > 0) {
    if (std::optional<PlatformLine> line = dropped_line(*function, now(), dropped_lines, dropped_bytes)) {
      waiting_bytes += line->text.size();
      waiting.push_front({waiting.front().at, std::move(line->text)});
    }
    dropped_lines = dropped_bytes = 0;
  }
  std::vector<LogSink::Line> lines(std::make_move_iterator(waiting.begin()), std::make_move_iterator(waiting.end()));
  waiting.clear();
  waiting_bytes = 0;
  const LogSink::Stream to{function->account, function->region, function->log.group, stream};
  const Result<void> written = co_await keep(sink.append(to, std::move(lines)));
  if (written || std::exchange(has_failed, true)) co_return;
  log::warning("a function's log could not be written", {{"group", to.group}, {"reason", written.error().message}});
}

}  // namespace outcrop::runner
