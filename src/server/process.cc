#include "server/process.h"

#include <sys/resource.h>

// jemalloc reads its settings from here before main: a thread gives back what was freed, ten seconds later at most.
extern "C" const char* malloc_conf;
const char* malloc_conf = "background_thread:true,max_background_threads:1";

namespace outcrop::server {

void raise_open_files_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace outcrop::server
