// Lock and format of the data directory.
#include "store/data_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <map>
#include <span>

#include "base/encoding.h"

namespace outcrop::store {

namespace {

constexpr size_t format_bytes_max = 4096;
constexpr size_t salt_bytes = 32;

std::unexpected<Fault> unavailable(std::string message) { return fail("StoreUnavailable", 500, std::move(message)); }

// "name value" lines; names a release does not know are left alone.
std::map<std::string, std::string, std::less<>> parse_lines(std::string_view text) {
  std::map<std::string, std::string, std::less<>> values;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t space = line.find(' ');
    if (space != line.npos) values.emplace(line.substr(0, space), line.substr(space + 1));
  }
  return values;
}

std::optional<int> parse_number(std::string_view text) {
  int number = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<DataDirectory> DataDirectory::open(const std::string& path, Random& random) {
  DataDirectory directory;
  directory.path_ = path;
  while (directory.path_.size() > 1 && directory.path_.ends_with('/')) directory.path_.pop_back();
  if (auto made = make_directory(directory.path_); !made) return fail(std::move(made.error()));
  if (auto locked = directory.lock(); !locked) return fail(std::move(locked.error()));
  auto format = read_file(directory.path_ + "/FORMAT", format_bytes_max);
  if (!format) return fail(std::move(format.error()));
  auto known = *format ? directory.read_format(**format) : directory.write_format(random);
  if (!known) return fail(std::move(known.error()));
  return directory;
}

Result<void> DataDirectory::lock() {
  const std::string path = path_ + "/LOCK";
  lock_ = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock_) return fail_errno("cannot open", path);
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_errno("cannot lock", path);
    char holder[32] = {};
    const ssize_t n = ::pread(lock_.get(), holder, sizeof holder - 1, 0);
    std::string_view pid(holder, size_t(std::max<ssize_t>(n, 0)));
    return unavailable(fmt::format("the data directory {} is in use by process {}", path_, pid.substr(0, pid.find('\n'))));
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(lock_.get(), 0) != 0 || ::pwrite(lock_.get(), pid.data(), pid.size(), 0) < 0) return fail_errno("cannot write", path);
  return {};
}

Result<void> DataDirectory::read_format(std::string_view text) {
  const auto values = parse_lines(text);
  const auto value = [&](std::string_view name) {
    auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
  };
  const std::optional<int> version = parse_number(value("format"));
  if (!version) return unavailable(fmt::format("{}/FORMAT names no format: this is no data directory, or a damaged one", path_));
  if (*version > format_version) {
    return unavailable(fmt::format("the data directory {} has format {}, written by a newer release; this one reads up to {}", path_,
                                   *version, format_version));
  }
  instance_id_ = value("instance");
  salt_ = unhex(value("salt")).value_or("");
  if (instance_id_.empty() || salt_.size() != salt_bytes) {
    return unavailable(fmt::format("{}/FORMAT is damaged: instance or salt is missing", path_));
  }
  return {};
}

Result<void> DataDirectory::write_format(Random& random) {
  std::error_code ignored;
  if (std::filesystem::exists(database(), ignored)) {
    return unavailable(fmt::format("{} holds a database but no FORMAT file: it was damaged or only partly restored", path_));
  }
  is_fresh_ = true;
  instance_id_ = random.uuid();
  salt_.resize(salt_bytes);
  random.fill(std::as_writable_bytes(std::span(salt_)));
  const std::string path = path_ + "/FORMAT";
  const std::string text = fmt::format("format {}\ninstance {}\nsalt {}\n", format_version, instance_id_, hex(salt_));
  if (auto written = write_file(path, text); !written) return written;
  return sync_path(path_);
}

}  // namespace outcrop::store
