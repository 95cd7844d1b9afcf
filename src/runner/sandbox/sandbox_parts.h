// What a sandbox is made of, shared by those who make it and those who use it.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "runner/sandbox/sandbox.h"
#include "runner/sandbox/sandbox_confinement.h"

namespace outcrop::runner {

struct Sandbox::Parts {
  Sandboxes& owner;
  std::string name;  // "outcrop-PID-NUMBER"
  std::optional<uint32_t> user = {};
  std::shared_ptr<Cgroup> cgroup = {};
  std::string temporary_directory = {};  // empty: it has a /tmp of its own
  bool is_marked = false;                // by its environment: nothing else tells its processes
  std::shared_ptr<Usage> usage = {};
  std::shared_ptr<const Confinement> confinement = {};
  bool is_removed = false;
};

}  // namespace outcrop::runner
