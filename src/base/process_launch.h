// How a program is started: everything prepared before, because its process begins in the memory of this one.
//
// It is made by clone(2) as vfork(2) does: nothing of this process' memory is copied, however large it is, and the calling thread waits
// until the program runs. Between the two only system calls are allowed.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "base/process.h"

namespace outcrop {

// Where execvpe(3) would find it: as it is, when it is a path or found nowhere.
std::string program_path(const std::string& program);

// Both ends of a pipe, closed where nobody took them. The one to write to is 10 or higher, out of the way of those a program has. When
// there are no descriptors left it has none, and `error` says so.
struct Pipe {
  Pipe();
  Pipe(const Pipe&) = delete;
  ~Pipe();
  void close_writer();
  int take_reader();  // which does not block

  int reader = -1, writer = -1, error = 0;
};

struct Launched {
  pid_t id = -1;
  int pidfd = -1;
  int status = -1;                    // where the first process of its PID namespace will tell its wait status; or -1
  Confinement::Refusal refusal = {};  // why it was not
};

// Of one thread, which must outlive what it starts: the system kills them when it ends.
class Launcher {
 public:
  Launcher();
  Launcher(const Launcher&) = delete;
  ~Launcher();

  // `records`: what becomes descriptor 3, or -1.
  Launched launch(const ProcessCommand& command, int output, int records);

 private:
  void* stack_;  // of the process until it is the program
};

}  // namespace outcrop
