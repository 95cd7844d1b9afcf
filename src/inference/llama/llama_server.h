// llama-server (llama.cpp) as a child of this process: started with a GGUF file on a free port of this machine, asked how it is, started
// again with a growing pause when it dies or does not answer, and ended with the server. Its lines go to the log at level debug.
#pragma once
#include <atomic>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/process.h"
#include "base/task_group.h"
#include "core/world.h"
#include "inference/llama/limits.h"
#include "net/http_clients.h"
#include "net/url.h"

namespace outcrop::inference {

// The times a test makes short.
struct LlamaPace {
  Milliseconds starting_check_interval = limits::llama_starting_check_interval;
  Milliseconds check_interval = limits::llama_check_interval;
  Milliseconds check_timeout = limits::llama_check_timeout;
  Milliseconds restart_first = limits::llama_restart_first;
  Milliseconds restart_max = limits::llama_restart_max;
  Milliseconds ready_wait = limits::llama_ready_wait;
};

struct LlamaOptions {
  std::string command = "llama-server";  // a path, or a name that is looked for in PATH
  std::string gguf;                      // the file
  std::string served_model;              // what it calls the model
  std::optional<int> context;            // tokens; its own default where unsaid
  std::vector<std::string> arguments;    // further ones, last
  Milliseconds start_timeout = limits::llama_start_timeout;
  LlamaPace pace = {};
};

class LlamaServer {
 public:
  // What is passed must outlive it. `port`: of 127.0.0.1.
  LlamaServer(LlamaOptions options, uint16_t port, World& world, net::HttpClients& clients);
  ~LlamaServer();  // after stop(), when begin() was called

  // On one of the world's executors, where it is looked after from then on.
  void begin();
  // Ends it.
  Task<void> stop();

  // Waits until it answers. Faults: ModelNotReadyException 429 when that takes too long; ConnectionClosed 499.
  Task<Result<void>> ready(SteadyTime deadline, std::stop_token stop);
  uint16_t port() const { return port_; }
  uint64_t starts() const { return starts_.load(); }
  bool is_ready() const { return is_ready_.load(); }

 private:
  struct Run;
  Task<void> look_after();
  Task<void> run_once();
  Task<void> check_until_over(Run& run);
  Task<bool> is_well(std::stop_token stop);
  ProcessCommand command(Run& run) const;
  void set_ready(bool ready);

  const LlamaOptions options_;
  const uint16_t port_;
  World& world_;
  net::HttpClients& clients_;
  TaskGroup tasks_;
  std::atomic<bool> is_ready_ = false;
  std::atomic<uint64_t> starts_ = 0;
  std::mutex mutex_;
  std::list<Completion<bool>::Setter> waiting_;  // guarded by mutex_; each takes itself out
};

}  // namespace outcrop::inference
