#include "server/function_certificates.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace outcrop::server {

namespace {

// Debian's, Red Hat's and Alpine's.
constexpr const char* trusted_files[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};

std::string trusted_by_machine() {
  for (const char* name : trusted_files) {
    std::ifstream file(name, std::ios::binary);
    if (!file) continue;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  return {};
}

}  // namespace

Result<std::string> write_function_certificates(const std::string& folder, const std::string& own) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  const std::string path = folder + "/functions.pem", begun = path + ".new";
  {
    std::ofstream file(begun, std::ios::binary | std::ios::trunc);
    file << trusted_by_machine() << '\n' << own;
    if (!file.flush()) return fail("StoreUnavailable", 500, begun + " cannot be written.");
  }
  using std::filesystem::perms;
  std::filesystem::permissions(begun, perms::owner_read | perms::owner_write | perms::group_read | perms::others_read, problem);
  if (!problem) std::filesystem::rename(begun, path, problem);  // so that no function reads half of it
  if (problem) return fail("StoreUnavailable", 500, path + " cannot be written: " + problem.message());
  return path;
}

}  // namespace outcrop::server
