// The data directory: one process at a time holds it, and its FORMAT file says which releases can read it.
//   LOCK    held (flock) by the process named in it
//   FORMAT  on-disk format, and what was drawn when the directory was made
//   db/     the store's database
//   blobs/  the blob store
#pragma once
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "store/files.h"

namespace outcrop::store {

// Of everything below the directory. A release reads its own and all earlier ones.
inline constexpr int format_version = 1;

class DataDirectory {
 public:
  // Makes the directory (mode 0700) when it is missing, and takes the lock.
  // Faults: StoreUnavailable 500, with a message that names the process holding it, or the newer format.
  static Result<DataDirectory> open(const std::string& path, Random& random);

  const std::string& path() const { return path_; }
  std::string database() const { return path_ + "/db"; }
  std::string blobs() const { return path_ + "/blobs"; }
  const std::string& instance_id() const { return instance_id_; }  // a UUID, for good
  const std::string& salt() const { return salt_; }                // 32 random bytes, for good: keys of receipts and tokens
  bool is_fresh() const { return is_fresh_; }

 private:
  DataDirectory() = default;
  Result<void> lock();
  Result<void> read_format(std::string_view text);
  Result<void> write_format(Random& random);

  std::string path_, instance_id_, salt_;
  bool is_fresh_ = false;
  Descriptor lock_;  // the kernel frees it with the process
};

}  // namespace outcrop::store
