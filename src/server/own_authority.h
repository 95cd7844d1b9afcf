// The certificate authority a data directory has of its own, for TLS without a certificate from elsewhere:
//   tls/ca.pem      what clients must trust
//   tls/ca-key.pem  its key
// They are made once, and stay: a client trusts the same authority after every restart.
#pragma once
#include <string>

#include "net/tls/certificate_authority.h"

namespace outcrop::server {

std::string own_authority_file(const std::string& data_directory);

// Makes the files, and the directory, where they are missing; costs little where they are not. Several processes may
// do it at once. Fault: StoreUnavailable 500.
Result<void> ensure_own_authority(const std::string& data_directory, Instant now);

// The authority in the files. Faults: StoreUnavailable 500, InvalidCertificate 400 naming the file.
Result<net::CertificateAuthority> read_own_authority(const std::string& data_directory);

// One that nobody keeps.
net::CertificateAuthority make_authority(Instant now);

}  // namespace outcrop::server
