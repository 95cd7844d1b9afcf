// Processes: how other programs are started, watched and ended. One of the World's seams: tests script it, or start real ones.
//
// Each program gets a process group of its own, so that what it starts ends with it, an empty signal mask, no descriptors but the three
// standard ones and the one of its records, and nothing to read. It is killed by the system when this process dies, however that happens.
#pragma once
#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/completion.h"
#include "base/result.h"
#include "base/task.h"

namespace outcrop {

// Ours: a program that writes no line ends is held in memory no further.
inline constexpr size_t line_bytes_max = 8 << 10;

// Steps that a program's own process takes before it becomes the program: what it may reach, whose it is, how much it may use.
class Confinement {
 public:
  struct Refusal {
    int error = 0;          // 0: none
    const char* step = "";  // "mounting /tmp"
  };

  virtual ~Confinement() = default;

  // Namespaces that the process is made in: CLONE_NEW… of clone(2). In a PID namespace the program is not the first process, which could
  // not be killed from within, but that one's child (init/main.cc); nothing in it outlives the program.
  virtual int namespaces() const = 0;
  // Runs between clone(2) and execve(2) in the memory of this process, while the thread that starts it waits: only system calls, bare ones
  // where the C library keeps state of its own (setresuid(2)); nothing is allocated or changed. Descriptors from 10 up must survive it.
  virtual Refusal apply() const noexcept = 0;
  // Called when it runs, with the id of the process that was made, before anybody can have waited for its end.
  virtual void started(pid_t id) const {}
};

struct ProcessCommand {
  std::vector<std::string> arguments;  // the program first: a path, or a name that is looked for in PATH
  // Added to this process' environment, or in place of what it has.
  std::vector<std::pair<std::string, std::string>> environment = {};
  bool is_alone = false;       // `environment` is all there is, nothing of this process'
  std::string directory = {};  // to run in; empty: this process' own
  // Told each line that the program writes to its standard output or error, without its end; longer ones in parts of
  // line_bytes_max. On the thread that watches processes: it must not block. Whoever writes without pause is read no faster than the
  // executor that started it runs what was posted to it.
  std::function<void(std::string_view line)> on_line = {};
  // When set the program has a pipe as descriptor 3, and what it writes there is told as it is read; as on_line otherwise.
  std::function<void(std::string_view bytes)> on_records = {};
  std::shared_ptr<const Confinement> confinement = {};
};

struct ProcessEnd {
  int exit_status = -1;  // or -1
  int signal = 0;        // that ended it, or 0

  std::string text() const;  // "status 1", "signal 9"
};

// A program that was started. It must have ended before this goes.
class Process {
 public:
  virtual ~Process() = default;

  virtual pid_t id() const = 0;
  // To its whole group. Thread-safe; nothing happens once it has ended.
  virtual void signal(int signal) = 0;
  // Completes with its end, on the executor the caller is on.
  virtual Completion<ProcessEnd> ended() = 0;
  // Completes, on the executor the caller is on and after what was posted to it, when all that the program had written before this call
  // was told, a line without its end too. Also once it has ended.
  virtual Completion<bool> drained() = 0;
};

class Processes {
 public:
  virtual ~Processes() = default;

  // Returns when the program runs. Faults, with the system's reason: ProcessNotStarted 500; ProcessNotConfined 500, when a step of its
  // confinement failed.
  virtual Task<Result<std::unique_ptr<Process>>> start(ProcessCommand command) = 0;
};

// Asks it to end (SIGTERM), and ends it (SIGKILL) when it has not after `grace`.
Task<ProcessEnd> end_process(Process& process, const Clock& clock, Milliseconds grace);

}  // namespace outcrop
