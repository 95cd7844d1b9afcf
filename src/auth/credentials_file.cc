#include "auth/credentials_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace outcrop::auth {

Result<void> check_secret_file(const std::string& path, std::string_view secret) {
  auto refused = [&](std::string problem) {
    return fail("InvalidConfiguration", 400, fmt::format("{} contains {}, but {}", path, secret, problem));
  };
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return refused(fmt::format("cannot be examined: {}", std::strerror(errno)));
  if (!S_ISREG(status.st_mode)) return refused("is not a regular file.");
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return refused(fmt::format("belongs to another user (uid {}); make it your own: chown {} {}", status.st_uid, ::geteuid(), path));
  }
  unsigned mode = status.st_mode & 07777;
  if ((mode & 0077) != 0) return refused(fmt::format("its mode is {:04o}, so others can get at it; run: chmod 600 {}", mode, path));
  return {};
}

}  // namespace outcrop::auth
