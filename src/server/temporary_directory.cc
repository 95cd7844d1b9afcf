#include "server/temporary_directory.h"

#include <cstdlib>

#include "services/lambda/code/unpacking.h"
#include "store/files.h"

namespace outcrop::server {

Result<TemporaryDirectory> TemporaryDirectory::make() {
  const char* parent = std::getenv("TMPDIR");
  std::string path = std::string(parent && *parent ? parent : "/tmp") + "/outcrop-XXXXXX";
  if (!::mkdtemp(path.data())) return store::fail_errno("cannot make a directory like", path);
  TemporaryDirectory made;
  made.path_ = std::move(path);
  return made;
}

TemporaryDirectory::~TemporaryDirectory() {
  if (!path_.empty()) (void)lambda::remove_tree(path_);
}

}  // namespace outcrop::server
