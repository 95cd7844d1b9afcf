#include "base/init_program.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace outcrop {

namespace {

constexpr unsigned char init_bytes[] = {
#include "init_program.inc"
};

int make_init_program() {
  const int made = memfd_create("outcrop-init", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (made < 0) return -1;
  const int descriptor = fcntl(made, F_DUPFD_CLOEXEC, 10);  // out of the way of those a program has
  close(made);
  const bool is_written = write(descriptor, init_bytes, sizeof init_bytes) == ssize_t(sizeof init_bytes);
  if (is_written && fcntl(descriptor, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0) return descriptor;
  close(descriptor);
  return -1;
}

}  // namespace

int init_program() {
  static const int descriptor = make_init_program();
  return descriptor;
}

}  // namespace outcrop
