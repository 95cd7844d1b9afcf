#include "gateway/record/log_queue.h"

#include <fmt/format.h>

#include "base/log.h"
#include "core/timers.h"
#include "gateway/record/limits.h"

namespace outcrop::gateway {

namespace {

std::string group_key(const LogSink::Stream& to) { return fmt::format("{}/{}/{}", to.account, to.region, to.group); }

}  // namespace

LogQueue::LogQueue(World& world, LogSink& sink)
    : world_(world), sink_(sink), stream_(fmt::format("{:016x}{:016x}", world.random.next(), world.random.next())) {}

void LogQueue::add(const LogSink::Stream& to, std::string line) {
  std::vector<LogSink::Line> lines;
  lines.push_back({world_.clock.wall(), std::move(line)});
  add(to, std::move(lines));
}

void LogQueue::add(const LogSink::Stream& to, std::vector<LogSink::Line> lines) {
  if (lines.empty()) return;
  std::shared_ptr<Waiting> waiting;
  bool is_under_way;
  {
    std::lock_guard lock(mutex_);
    waiting = waiting_for(to);
    if (!waiting) return;
    is_under_way = std::exchange(waiting->is_under_way, true);
    for (LogSink::Line& line : lines) {
      make_room(*waiting, line.text.size());
      waiting->bytes += line.text.size();
      waiting->lines.push_back(std::move(line));
    }
  }
  if (!is_under_way) tasks_.spawn(store(std::move(waiting)));
}

// Null where too many groups are waited for. The mutex is held.
std::shared_ptr<LogQueue::Waiting> LogQueue::waiting_for(const LogSink::Stream& to) {
  std::string key = group_key(to);
  if (auto at = groups_.find(key); at != groups_.end()) return at->second;
  if (groups_.size() >= limits::logs_max) return nullptr;
  return groups_.emplace(std::move(key), std::make_shared<Waiting>(Waiting{.to = to})).first->second;
}

void LogQueue::make_room(Waiting& waiting, size_t bytes) {
  while (!waiting.lines.empty() && waiting.bytes + bytes > limits::log_bytes_waiting_max) {
    waiting.bytes -= waiting.lines.front().text.size();
    waiting.lines.pop_front();
    ++waiting.dropped;
  }
}

// Empty when the group's work is done, which it is then no longer known by.
std::vector<LogSink::Line> LogQueue::take_lines(Waiting& waiting) {
  std::lock_guard lock(mutex_);
  std::vector<LogSink::Line> lines;
  lines.reserve(waiting.lines.size() + 1);
  if (waiting.dropped > 0) {
    lines.push_back({waiting.lines.front().at, fmt::format("{} lines before this one could not be stored in time.", waiting.dropped)});
    waiting.dropped = 0;
  }
  for (LogSink::Line& line : waiting.lines) lines.push_back(std::move(line));
  waiting.lines.clear();
  waiting.bytes = 0;
  if (lines.empty()) groups_.erase(group_key(waiting.to));
  return lines;
}

// Runs while there are lines.
Task<void> LogQueue::store(std::shared_ptr<Waiting> waiting) {
  for (;;) {
    co_await steady_until(world_.clock.steady() + limits::log_delay, tasks_.stop_token());
    std::vector<LogSink::Line> lines = take_lines(*waiting);
    if (lines.empty()) co_return;
    const Result<void> written = co_await keep(sink_.append(waiting->to, std::move(lines)));
    if (!written) tell_failure(*waiting, written.error());
  }
}

void LogQueue::tell_failure(Waiting& waiting, const Fault& fault) {
  if (std::exchange(waiting.has_failed, true)) return;
  log::warning("a log of an API could not be written", {{"group", waiting.to.group}, {"reason", fault.message}});
}

Task<void> LogQueue::stop() {
  tasks_.request_stop();
  co_await tasks_.join();
}

}  // namespace outcrop::gateway
