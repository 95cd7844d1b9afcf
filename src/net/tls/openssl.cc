#include "net/tls/openssl.h"

#include <openssl/err.h>

namespace outcrop::net {

std::string take_openssl_problem() {
  unsigned long first = ERR_peek_error();
  const char* reason = ERR_reason_error_string(first);
  // Errors of the operating system carry its number instead of a reason of OpenSSL's.
  std::string problem = reason ? reason : ERR_SYSTEM_ERROR(first) ? strerror(ERR_GET_REASON(first)) : "an unknown error";
  ERR_clear_error();
  return problem;
}

}  // namespace outcrop::net
