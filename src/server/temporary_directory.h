// A directory that goes with the server: what a server without a data directory keeps in files.
#pragma once
#include <string>

#include "base/result.h"

namespace outcrop::server {

class TemporaryDirectory {
 public:
  // Below TMPDIR, else /tmp; mode 0700. StoreUnavailable 500.
  static Result<TemporaryDirectory> make();
  TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  ~TemporaryDirectory();

  const std::string& path() const { return path_; }

 private:
  TemporaryDirectory() = default;
  std::string path_;
};

}  // namespace outcrop::server
