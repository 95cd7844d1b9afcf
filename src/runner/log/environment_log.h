// EnvironmentLog: the log of one environment: what its function writes, and what the platform says of its life, in the function's log
// format, to one stream of its group ("2026/11/26/[$LATEST]" and 32 hexadecimal digits).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.h"
#include "core/log_sink.h"
#include "core/world.h"
#include "runner/function_version.h"

namespace outcrop::runner {

// What a REPORT line says.
struct Report {
  std::string request_id;
  double duration_ms = 0;
  uint64_t billed_ms = 0;
  int memory_mb = 0;
  uint64_t memory_used_mb = 0;
  std::optional<double> init_ms = {};  // of the environment's first invocation
  std::string status = "success";      // success, failure, error, timeout
  std::string error_type = {};         // "Runtime.ExitError"; empty: none
  std::string trace_header = {};       // when the function is traced
};

// On one executor's thread. Nothing here waits for the disk but flush(): what is written waits in memory, up to
// limits::log_bytes_waiting_max, and a task of its own stores it; beyond that the oldest lines are dropped and one line says how many.
class EnvironmentLog {
 public:
  EnvironmentLog(World& world, LogSink& sink, FunctionVersionRef function);
  ~EnvironmentLog();  // after close()

  const std::string& stream() const;

  // A line of standard output or error, as it is. With the JSON format it counts as of the level that its member "level" names, else INFO.
  void wrote(Instant at, std::string_view line);
  // A record of the descriptor for logs (record_frames.h): one event, also of many lines, of the level that its type says.
  void wrote_record(Instant at, uint32_t type, std::string_view text);

  // INIT_START. `initialization`: "on-demand", "provisioned-concurrency".
  void init_started(std::string_view runtime_version, std::string_view initialization);
  // The phase ended otherwise than well, "error" or "timeout", of "Runtime.ExitError" or nothing more that is known: INIT_REPORT.
  void init_failed(double duration_ms, std::string_view status, std::string_view error_type);
  void began(std::string_view request_id);                             // START
  void failed(std::string_view request_id, std::string_view message);  // "… Task timed out after 3.00 seconds"
  void ended(const Report& report);                                    // END and REPORT

  // The last 4 KB since began(), for LogType Tail.
  std::string tail() const;

  // Returns when everything written before is stored, or could not be.
  Task<void> flush();
  Task<void> close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace outcrop::runner
