// LogQueue: lines for log groups on their way to the disk. Whoever adds one does not wait: lines of a group gather for a moment and go
// together, and what the disk does not take in time is dropped and counted.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/task_group.h"
#include "core/log_sink.h"
#include "core/world.h"

namespace outcrop::gateway {

class LogQueue {
 public:
  LogQueue(World& world, LogSink& sink);

  // Thread-safe; on one of the world's executors.
  void add(const LogSink::Stream& to, std::string line);
  void add(const LogSink::Stream& to, std::vector<LogSink::Line> lines);

  // Stores what there is. Nothing is added afterwards.
  Task<void> stop();

  // The stream that all lines of this run of the server go to, within their groups: 32 hexadecimal digits, as AWS's.
  const std::string& stream() const { return stream_; }

 private:
  struct Waiting {
    LogSink::Stream to;
    std::deque<LogSink::Line> lines;
    size_t bytes = 0;
    uint64_t dropped = 0;
    bool is_under_way = false;  // store() looks after it
    bool has_failed = false;    // it was told that lines could not be stored
  };

  static void make_room(Waiting& waiting, size_t bytes);
  std::shared_ptr<Waiting> waiting_for(const LogSink::Stream& to);
  std::vector<LogSink::Line> take_lines(Waiting& waiting);
  Task<void> store(std::shared_ptr<Waiting> waiting);
  void tell_failure(Waiting& waiting, const Fault& fault);

  World& world_;
  LogSink& sink_;
  const std::string stream_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Waiting>, std::less<>> groups_;  // that lines wait for, by account, Region and name
  TaskGroup tasks_;
};

}  // namespace outcrop::gateway
