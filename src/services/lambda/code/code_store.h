// CodeStore: the code of functions in folders, one for each digest of a deployment package, whoever uses it. The packages are blobs; a
// folder can always be made again, so that none is synced, and none survives the machine's start.
//   DIRECTORY/SHA256      hexadecimal digits: unpacked, whole
//   DIRECTORY/…           with a dot in its name: being made, or to be removed
//   DIRECTORY/boot        the machine's start that the folders are of
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/world.h"
#include "gen/records/lambda.h"

namespace outcrop::lambda {

// The folder is there as long as someone has this.
struct UnpackedCode {
  std::string directory;  // absolute
};
using UnpackedCodeRef = std::shared_ptr<const UnpackedCode>;

// Thread-safe.
class CodeStore {
 public:
  // `directory` is made when it is first needed.
  CodeStore(World& world, std::string directory);
  ~CodeStore();

  // What a server before this one left and nobody `uses`, or what is not of this start of the machine, goes.
  using IsUsed = std::function<Task<Result<bool>>(std::string_view sha256)>;
  Task<Result<void>> start(const IsUsed& is_used);

  // `sha256` in hexadecimal digits, of the package in `blob`. Faults as unpack_archive().
  Task<Result<UnpackedCodeRef>> unpack(std::string sha256, std::string blob);

  // Nobody uses the code any more: its folder goes, once those who have it let go of it. Whoever wants it later gets it made again.
  Task<void> discard(std::string sha256);

 private:
  struct State;
  const std::shared_ptr<State> state_;  // shared with those who have code
};

}  // namespace outcrop::lambda
