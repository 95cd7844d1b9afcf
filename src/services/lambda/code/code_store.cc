#include "services/lambda/code/code_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <vector>

#include "base/log.h"
#include "gen/lambda/errors.h"
#include "services/lambda/code/limits.h"
#include "services/lambda/code/unpacking.h"
#include "services/lambda/code/zip_archive.h"
#include "store/blob_store.h"
#include "store/files.h"

namespace outcrop::lambda {

namespace {

constexpr const char* boot_id_path = "/proc/sys/kernel/random/boot_id";
constexpr size_t boot_id_bytes_max = 64;

void remove_and_log(const std::string& directory) {
  if (auto removed = remove_tree(directory); !removed)
    log::warning("unpacked code could not be removed", {{"reason", removed.error().message}});
}

bool is_directory_there(const std::string& directory) { return ::access(directory.c_str(), F_OK) == 0; }

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code problem;
  for (std::filesystem::directory_iterator at(directory, problem), end; !problem && at != end; at.increment(problem)) {
    if (at->is_directory(problem)) names.push_back(at->path().filename());
  }
  return names;
}

// Whether the folders were made since the machine started; afterwards the note says that they were.
Result<bool> is_of_this_start(const std::string& directory) {
  const std::string note = directory + "/boot";
  auto now = store::read_file(boot_id_path, boot_id_bytes_max), then = store::read_file(note, boot_id_bytes_max);
  if (!now || !then) return fail(std::move((now ? then : now).error()));
  if (*now && *then == *now) return true;
  if (auto written = store::write_file(note, now->value_or("")); !written) return fail(std::move(written.error()));
  return false;
}

}  // namespace

struct CodeStore::State : std::enable_shared_from_this<State> {
  State(World& world, std::string directory) : world(world), directory(std::move(directory)) {}

  std::string folder_of(std::string_view sha256) const { return directory + "/" + std::string(sha256); }
  // Of this process alone.
  std::string new_name(std::string_view what) { return fmt::format("{}/{}.{}.{}", directory, what, ::getpid(), ++names); }

  UnpackedCodeRef take(const std::string& sha256);
  Result<UnpackedCodeRef> unpack(const std::string& sha256, std::string_view package);
  void let_go(const std::string& sha256);
  // Locked: puts the folder out of the way, and gives where; empty: it is not there.
  std::string put_aside(const std::string& sha256);

  struct Taken {
    std::weak_ptr<const UnpackedCode> code;
    bool is_discarded = false;
  };

  World& world;
  const std::string directory;
  std::atomic<uint64_t> names = 0;
  std::mutex mutex;
  std::map<std::string, Taken, std::less<>> taken;  // by digest
};

// Null when it is not unpacked.
UnpackedCodeRef CodeStore::State::take(const std::string& sha256) {
  std::lock_guard lock(mutex);
  if (auto there = taken.find(sha256); there != taken.end()) {
    if (UnpackedCodeRef code = there->second.code.lock()) {
      there->second.is_discarded = false;
      return code;
    }
  }
  if (!is_directory_there(folder_of(sha256))) return nullptr;
  UnpackedCodeRef code(new UnpackedCode{folder_of(sha256)}, [self = shared_from_this(), sha256](const UnpackedCode* gone) {
    delete gone;
    self->let_go(sha256);
  });
  taken[sha256] = {code, false};
  return code;
}

// The last who had the code has let go of it; someone may have taken it anew meanwhile.
void CodeStore::State::let_go(const std::string& sha256) {
  std::string aside;
  {
    std::lock_guard lock(mutex);
    auto there = taken.find(sha256);
    if (there == taken.end() || !there->second.code.expired()) return;
    if (there->second.is_discarded) aside = put_aside(sha256);
    taken.erase(there);
  }
  if (!aside.empty()) world.pool.post([aside = std::move(aside)] { remove_and_log(aside); });
}

std::string CodeStore::State::put_aside(const std::string& sha256) {
  std::string aside = new_name("gone");
  return ::rename(folder_of(sha256).c_str(), aside.c_str()) == 0 ? aside : std::string();
}

// On a thread of the pool. Whoever comes second finds the folder there, and throws away what it made.
Result<UnpackedCodeRef> CodeStore::State::unpack(const std::string& sha256, std::string_view package) {
  auto archive = ZipArchive::read(package);
  if (!archive) return fail(std::move(archive.error()));
  if (auto made = store::make_directory(directory); !made) return fail(service_exception(made.error().message));
  const std::string unfinished = new_name("new");
  auto unpacked = unpack_archive(*archive, unfinished);
  if (unpacked && ::rename(unfinished.c_str(), folder_of(sha256).c_str()) != 0 && errno != ENOTEMPTY && errno != EEXIST)
    unpacked = fail(service_exception(fmt::format("cannot keep unpacked code: {}", std::strerror(errno))));
  remove_and_log(unfinished);
  if (!unpacked) return fail(std::move(unpacked.error()));
  return take(sha256);
}

CodeStore::CodeStore(World& world, std::string directory) : state_(std::make_shared<State>(world, std::move(directory))) {}
CodeStore::~CodeStore() = default;

Task<Result<void>> CodeStore::start(const IsUsed& is_used) {
  if (!is_directory_there(state_->directory)) co_await store::make_directory(state_->directory);
  const bool keeps_any = co_await is_of_this_start(state_->directory);
  for (const std::string& name : names_in(state_->directory)) {
    const bool is_whole = name.find('.') == std::string::npos;
    if (is_whole && keeps_any && co_await is_used(name)) continue;
    const std::string aside = is_whole ? state_->put_aside(name) : state_->directory + "/" + name;
    state_->world.pool.post([aside] { remove_and_log(aside); });
  }
  co_return {};
}

Task<Result<UnpackedCodeRef>> CodeStore::unpack(std::string sha256, std::string blob) {
  if (UnpackedCodeRef code = state_->take(sha256)) co_return code;
  const std::string package = co_await state_->world.blobs.get(blob);
  // Someone may put the folder away between its making and its taking; once more is enough for whoever is not hunted.
  for (int attempt = 0; attempt < 3; ++attempt) {
    Result<UnpackedCodeRef> code = co_await keep(state_->world.pool.run([&] { return state_->unpack(sha256, package); }));
    if (!code || *code) co_return code;
  }
  co_return fail(service_exception("The function's code could not be unpacked."));
}

Task<void> CodeStore::discard(std::string sha256) {
  std::string aside;
  {
    std::lock_guard lock(state_->mutex);
    auto there = state_->taken.find(sha256);
    if (there != state_->taken.end() && !there->second.code.expired())
      there->second.is_discarded = true;
    else
      aside = state_->put_aside(sha256);
  }
  if (!aside.empty())
    co_await state_->world.pool.run([&] {
      remove_and_log(aside);
      return true;
    });
}

}  // namespace outcrop::lambda
