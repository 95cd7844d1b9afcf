// What functions trust: the certificates that this machine trusts, and the server's own authority, in one file. AWS_CA_BUNDLE and
// SSL_CERT_FILE name the only certificates that a program trusts, so they must name all.
#pragma once
#include <string>

#include "base/result.h"

namespace outcrop::server {

// Writes FOLDER/functions.pem and gives its path. `own`: PEM. Fault: StoreUnavailable 500.
Result<std::string> write_function_certificates(const std::string& folder, const std::string& own);

}  // namespace outcrop::server
