#include "server/own_authority.h"

#include <fcntl.h>
#include <sys/file.h>

#include <filesystem>

#include "base/time.h"
#include "store/files.h"

namespace outcrop::server {

namespace {

namespace fs = std::filesystem;

constexpr size_t own_file_bytes_max = 64 * 1024;  // ours: both have less than a kilobyte
constexpr std::chrono::years authority_lifetime{10};

std::string folder(const std::string& data_directory) { return data_directory + "/tls"; }
std::string key_file(const std::string& data_directory) { return folder(data_directory) + "/ca-key.pem"; }

// The certificate is written last.
bool is_made(const std::string& data_directory) {
  std::error_code ignored;
  return fs::exists(own_authority_file(data_directory), ignored);
}

Result<std::string> read(const std::string& path) {
  auto text = store::read_file(path, own_file_bytes_max);
  if (!text) return fail(std::move(text.error()));
  return std::move(*text).value_or("");
}

Result<void> write(const std::string& data_directory, const net::CertifiedKey& made) {
  if (auto written = store::write_file(key_file(data_directory), made.key); !written) return written;
  if (auto written = store::write_file(own_authority_file(data_directory), made.certificate); !written) return written;
  return store::sync_path(folder(data_directory));
}

}  // namespace

std::string own_authority_file(const std::string& data_directory) { return folder(data_directory) + "/ca.pem"; }

net::CertificateAuthority make_authority(Instant now) {
  // The date tells apart what a machine was made to trust over the years. Clocks differ: it is valid a day before.
  std::string name = fmt::format("Outcrop's own authority of {}", iso8601(now).substr(0, 10));
  return net::CertificateAuthority::make(name, {now - std::chrono::days(1), now + authority_lifetime});
}

Result<void> ensure_own_authority(const std::string& data_directory, Instant now) {
  if (is_made(data_directory)) return {};
  const std::string path = folder(data_directory);
  if (auto made = store::make_directory(path); !made) return made;
  store::Descriptor lock(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock || ::flock(lock.get(), LOCK_EX) != 0) return store::fail_errno("cannot lock", path);
  if (is_made(data_directory)) return {};
  return write(data_directory, make_authority(now).pem());
}

Result<net::CertificateAuthority> read_own_authority(const std::string& data_directory) {
  auto certificate = read(own_authority_file(data_directory));
  if (!certificate) return fail(std::move(certificate.error()));
  auto key = read(key_file(data_directory));
  if (!key) return fail(std::move(key.error()));
  auto authority = net::CertificateAuthority::from_pem(*certificate, *key);
  if (authority) return authority;
  return fail(authority.error().code, authority.error().status,
              fmt::format("{}: {}; delete it and ca-key.pem beside it to have new ones made", own_authority_file(data_directory),
                          authority.error().message));
}

}  // namespace outcrop::server
