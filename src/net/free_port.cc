#include "net/free_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace outcrop::net {

Result<uint16_t> free_loopback_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  const bool taken = socket >= 0 && bind(socket, any, length) == 0 && getsockname(socket, any, &length) == 0;
  const int error = errno;
  if (socket >= 0) close(socket);
  if (taken) return ntohs(address.sin_port);
  return fail("NoFreePort", 500, "no port is free: " + std::error_code(error, std::generic_category()).message());
}

}  // namespace outcrop::net
