// StopSignals: SIGTERM, SIGINT and SIGHUP as something a thread waits for instead of an interruption.
#pragma once

namespace outcrop::server {

// Construct it before any other thread starts: threads inherit the mask that keeps the signals for wait().
// Programs started from here must be given an empty mask of their own.
class StopSignals {
 public:
  StopSignals();  // also has SIGPIPE ignored: a write to a closed socket is an error code
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;

  // Blocks until the first of them arrives; gives its number. From then on the next one ends the process at once.
  int wait();

 private:
  int descriptor_ = -1;
};

}  // namespace outcrop::server
