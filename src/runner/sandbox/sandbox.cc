#include "runner/sandbox/sandbox.h"

#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "base/check.h"
#include "runner/sandbox/sandbox_parts.h"
#include "runner/sandbox/small_file.h"

namespace outcrop::runner {

namespace {

namespace fs = std::filesystem;

// What tells a function's processes where nothing better does.
constexpr const char* mark_name = "OUTCROP_ENVIRONMENT";

bool has_processes(uint32_t user) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    struct stat found{};
    if (stat(entry.path().c_str(), &found) == 0 && found.st_uid == user) return true;
  }
  return false;
}

// Gives whether there were none.
bool kill_marked(const std::string& name) {
  const std::string mark = std::string(mark_name) + "=" + name;
  bool were_none = true;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const pid_t id = pid_t(leading_number(entry.path().filename().native()));
    if (id == 0) continue;
    if (read_small_file(entry.path() / "environ").contains(mark + '\0') && kill(id, SIGKILL) == 0) were_none = false;
  }
  return were_none;
}

}  // namespace

Sandbox::Sandbox(Parts parts) : parts_(std::make_unique<Parts>(std::move(parts))) {}

Sandbox::~Sandbox() { check(parts_->is_removed, "a sandbox was let go before it was removed"); }

void Sandbox::confine(ProcessCommand& command) const {
  command.confinement = parts_->confinement;
  if (!parts_->temporary_directory.empty()) {
    command.environment.emplace_back("TMPDIR", parts_->temporary_directory);
    for (auto& [name, value] : command.environment) {
      if (name == "HOME" && value == "/tmp") value = parts_->temporary_directory;  // others write to that /tmp
    }
  }
  if (parts_->is_marked) command.environment.emplace_back(mark_name, parts_->name);
}

std::optional<uint32_t> Sandbox::user() const { return parts_->user; }
uint64_t Sandbox::memory_used_peak() const { return parts_->usage->memory_bytes_peak(); }
bool Sandbox::was_out_of_memory() const { return parts_->usage->was_out_of_memory(); }
bool Sandbox::was_out_of_storage() const { return parts_->usage->was_out_of_storage(); }

Task<void> Sandbox::remove() {
  if (std::exchange(parts_->is_removed, true)) co_return;
  Sandboxes& owner = parts_->owner;
  owner.watch_.remove(parts_->usage);
  if (parts_->user && !owner.has_mounts()) {
    co_await owner.world_.processes.start({.arguments = {"/"}, .confinement = std::make_shared<EndOfUser>(*parts_->user)});
  }
  co_await owner.world_.pool.run([this, &owner] {
    if (parts_->user && !owner.has_mounts()) wait_in_rounds(limits::kill_rounds_max, [this] { return !has_processes(*parts_->user); });
    if (parts_->cgroup) parts_->cgroup->kill_all();
    if (parts_->is_marked) wait_in_rounds(limits::kill_rounds_max, [this] { return kill_marked(parts_->name); });
    if (parts_->cgroup) parts_->cgroup->remove();
    std::error_code ignored;
    if (!parts_->temporary_directory.empty()) fs::remove_all(parts_->temporary_directory, ignored);
    return true;
  });
  if (parts_->user) owner.give_back_user(*parts_->user);
}

}  // namespace outcrop::runner
