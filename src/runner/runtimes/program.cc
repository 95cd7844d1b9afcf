#include "runner/runtimes/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

namespace outcrop::runner {

namespace {

constexpr int answer_patience_ms = 20'000;  // ours: for an interpreter on a slow disk, behind a script, on a busy machine

bool can_run(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

// A program whose output can be read; it ends with this, and so does what it started.
class Run {
 public:
  explicit Run(const std::vector<std::string>& arguments) {
    std::array<int, 2> ends;
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    std::vector<char*> words;
    for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    if (::posix_spawn(&id_, words[0], &actions, &attributes, words.data(), environ) != 0) id_ = -1;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
  }
  Run(const Run&) = delete;
  ~Run() {
    if (output_ >= 0) ::close(output_);
    if (id_ > 0) end();
  }

  bool has_started() const { return id_ > 0; }

  // What there is until the first line's end; nothing comes for `answer_patience_ms`: what there is so far.
  std::string first_line() {
    std::string text;
    std::array<char, 256> part;
    pollfd wait{.fd = output_, .events = POLLIN, .revents = 0};
    while (!text.contains('\n') && text.size() < 4096 && ::poll(&wait, 1, answer_patience_ms) == 1) {
      const ssize_t count = ::read(output_, part.data(), part.size());
      if (count <= 0) break;
      text.append(part.data(), size_t(count));
    }
    return text.substr(0, text.find('\n'));
  }

 private:
  void end() {
    ::kill(-id_, SIGKILL);  // the group that it leads
    while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  pid_t id_ = -1;
  int output_ = -1;
};

}  // namespace

std::optional<std::string> find_program(const std::string& name) {
  if (name.contains('/')) return can_run(name) ? std::optional(name) : std::nullopt;
  const char* path = std::getenv("PATH");
  std::string_view folders = path ? path : "/usr/local/bin:/usr/bin:/bin";
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    folders.remove_prefix(std::min(folder.size() + 1, folders.size()));
    if (std::string file = std::string(folder) + "/" + name; !folder.empty() && can_run(file)) return file;
  }
  return std::nullopt;
}

std::optional<std::string> first_line_of(const std::vector<std::string>& arguments) {
  Run run(arguments);
  if (!run.has_started()) return std::nullopt;
  std::string line = run.first_line();
  if (line.empty()) return std::nullopt;
  return line;
}

}  // namespace outcrop::runner
