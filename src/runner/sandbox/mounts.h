// Mounts: what a function sees of the file system: all of it read-only, a /tmp of its own, and empty folders where it must not look.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/process.h"

namespace outcrop::runner {

struct MountNeeds {
  int temporary_mb = 512;
  std::vector<std::string> hidden = {};    // folders, absolute
  std::vector<std::string> kept = {};      // folders and files that are seen also where they lie in /tmp or in a hidden one
  std::vector<std::string> programs = {};  // as `kept`, with what lies around them
  std::optional<uint32_t> user = {};       // who must get at those; none: this process' own
  bool has_own_proc = true;
};

// What is done in the mount namespace of a program, in this order.
class MountPlan {
 public:
  explicit MountPlan(const MountNeeds& needs);

  // As Confinement::apply().
  Confinement::Refusal apply() const noexcept;

 private:
  enum class Act { cover, make_folder, make_file, put, close_cover };
  struct Step {
    Act act;
    std::string path;
    std::string options = {};  // of a cover
    size_t tree = 0;           // of a put: which of kept_
  };

  void cover(const std::string& path, std::string options);
  void keep(const std::string& path, const std::string& covered_by);
  Confinement::Refusal take(const Step& step, const int* trees) const noexcept;

  const bool has_own_proc_;
  std::vector<std::string> kept_;
  std::vector<Step> steps_;
};

// Whether `user`, who owns nothing and is in no group, can get into the folder `path` is in, or into `path` itself when it is a folder; if
// not the first folder on the way that keeps it out.
std::optional<std::string> obstacle(const std::string& path, uint32_t user);

}  // namespace outcrop::runner
