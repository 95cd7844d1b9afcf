// Functions: the functions of this server, their versions, aliases and code, in the store. Shared regime: store transactions alone.
//
// A change of a function is answered before its code is unpacked: its State is Pending, or its LastUpdateStatus InProgress, until a task
// of our own has unpacked it. What a killed server left so, the next one settles.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/task_group.h"
#include "core/world.h"
#include "gen/records/lambda.h"
#include "runner/function_version.h"
#include "services/lambda/code/code_store.h"
#include "services/lambda/function/code_in_place.h"
#include "services/lambda/function/function_name.h"
#include "services/lambda/function/keys.h"
#include "store/store.h"

namespace outcrop::lambda {

// What an invocation by name and qualifier runs.
struct Runnable {
  runner::FunctionVersionRef version;  // kept between calls, so that one revision is one object
  std::optional<uint32_t> reserved_concurrency;
  std::string dead_letter_target;  // an ARN; empty: none
};

// One version of a function, by its number or "$LATEST".
struct StoredVersion {
  std::string version;
  VersionRecord record;
};

// How a version is changed, or another made.
struct VersionChange {
  std::optional<std::string> revision_id = {};  // PreconditionFailedException 412 when it is another
  bool publishes = false;                       // also makes a version of it
  bool is_rehearsal = false;                    // DryRun: nothing is stored
};

struct FunctionsOptions {
  std::string code_directory;  // where code is unpacked
  InPlacePolicy in_place = {};
  // Bytes of packages that an account may have there; none: limits::code_storage_bytes_max.
  std::function<uint64_t(const Place&)> code_storage_max = {};
};

// Thread-safe.
class Functions {
 public:
  Functions(World& world, FunctionsOptions options);

  // Settles what a server before this one left unsettled, and removes code that nobody has. Before the server serves.
  Task<Result<void>> start();
  // After the last call.
  Task<void> stop();

  // Each none when it is not there.
  Task<Result<std::optional<FunctionRecord>>> function(const Place& place, std::string_view name);
  Task<Result<std::optional<VersionRecord>>> version(const Place& place, std::string_view name, std::string_view version);
  Task<Result<std::optional<AliasRecord>>> alias(const Place& place, std::string_view name, std::string_view alias);

  // The version that a qualifier stands for just now: an alias with weights gives one of two by chance. Faults:
  // ResourceNotFoundException 404 ("Function not found: ARN:QUALIFIER").
  Task<Result<std::string>> resolve(const FunctionName& name);

  // The same, as the runner takes it, with its code in a directory. Fast when it was asked for before and nothing changed. Faults also:
  // ResourceConflictException 409 for a function whose code cannot be unpacked, ServiceException 500.
  Task<Result<Runnable>> runnable(const FunctionName& name);

  // The version that a qualifier names, or an alias's main one. ResourceNotFoundException 404.
  Task<Result<StoredVersion>> stored(const FunctionName& name);

  // Faults with ResourceNotFoundException 404 unless the function, and the version or alias its qualifier names, are there.
  Task<Result<void>> check_exists(const FunctionName& name);

  // Changes the function's own record in a transaction. ResourceNotFoundException 404.
  using ChangeFunction = std::function<Result<void>(FunctionRecord&)>;
  Task<Result<void>> change(const FunctionName& name, const ChangeFunction& change);

  // Whether the account may keep one more package. Fault: CodeStorageExceededException 400.
  Task<Result<void>> check_storage(const Place& place, const CodeRecord& code);

  // Makes a function, and its version 1 when it is to be published; gives what its maker is told of. ResourceConflictException 409 when
  // it is there.
  Task<Result<StoredVersion>> create(const FunctionName& name, FunctionRecord function, VersionRecord record, bool publishes);

  // Changes $LATEST. Gives it, or the version that was made of it. Faults: ResourceNotFoundException 404, PreconditionFailedException 412,
  // ResourceConflictException 409 while another change is under way.
  using ChangeVersion = std::function<Result<void>(VersionRecord&)>;
  Task<Result<StoredVersion>> update(const FunctionName& name, VersionChange how, const ChangeVersion& change);

  // Makes a version of $LATEST, unless the last one is the same; `describe` may refuse and change what the version says. Faults as
  // update().
  Task<Result<StoredVersion>> publish(const FunctionName& name, std::optional<std::string> revision_id, const ChangeVersion& describe);

  // The whole function, or one of its versions: InvalidParameterValueException 400 for $LATEST, ResourceConflictException 409 for a version
  // that an alias names, ResourceNotFoundException 404 when the function is not there; a version may be missing.
  Task<Result<void>> erase(const FunctionName& name);

  // An alias, with what was set for it. ResourceNotFoundException 404 for the function; the alias may be missing.
  Task<Result<void>> erase_alias(const FunctionName& name);

  // What else of a function is to go with it is erased in the same transaction by whoever made it. No qualifier: all of it; else a
  // version, or an alias.
  using OnErase = std::function<Task<Result<void>>(store::Transaction&, const FunctionName&)>;
  void on_erase(OnErase hook) { erase_hooks_.push_back(std::move(hook)); }  // before the server serves

  // Bytes of packages that an account has in a Region, all versions counted.
  Task<Result<uint64_t>> code_bytes(const Place& place);
  // The number of functions there.
  Task<Result<uint64_t>> count(const Place& place);

  // The blobs of all packages that versions have, whosoever.
  Task<Result<std::set<std::string>>> packages();

  CodeStore& code() { return code_; }
  const InPlacePolicy& in_place() const { return options_.in_place; }

  // A reset: all of an account, or all there are.
  Task<Result<void>> forget(const std::optional<std::string>& account);

 private:
  struct Known {
    std::string version_bytes, function_bytes;  // as they are stored: what is known holds as long as they are
    Runnable runnable;
  };

  Task<Result<StoredVersion>> change_latest(store::Transaction& transaction, const FunctionName& name, const VersionChange& how,
                                            const ChangeVersion& change);
  Task<Result<StoredVersion>> add_version(store::Transaction& transaction, const FunctionName& name, const VersionRecord& latest_record,
                                          const ChangeVersion& describe, std::string_view state);
  // Both add the code of what they erase.
  Task<Result<void>> erase_version(store::Transaction& transaction, const FunctionName& name, std::vector<CodeRecord>& erased);
  Task<Result<void>> erase_all(store::Transaction& transaction, const FunctionName& name, std::vector<CodeRecord>& erased);
  // Of code that a version had, when no version has it any more.
  Task<void> discard_unused(std::vector<CodeRecord> codes);
  Task<Result<bool>> is_used(std::string_view sha256);

  void settle_later(const FunctionName& name, const StoredVersion& stored);
  Task<void> settle(FunctionName name, StoredVersion stored);
  Task<Result<void>> settle_unsettled(std::string key);

  Task<Result<Known>> make_known(const FunctionName& name, std::string_view version, std::string version_bytes, std::string function_bytes);
  std::optional<Runnable> known(std::string_view key, std::string_view version_bytes, std::string_view function_bytes);
  void drop_known(std::string_view key_prefix);

  World& world_;
  const FunctionsOptions options_;
  CodeStore code_;
  std::vector<OnErase> erase_hooks_;
  TaskGroup background_;
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;  // by the key of the version
  uint64_t drops_ = 0;                               // what was read before one of them is not remembered
};

}  // namespace outcrop::lambda
