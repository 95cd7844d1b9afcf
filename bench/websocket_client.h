// What the load generators for WebSocket servers share: a client's handshake and its frames.
#pragma once
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "base/pch.h"
#include "loopback.h"

namespace bench {

[[noreturn]] inline void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

inline void send_all(int fd, std::string_view bytes) {
  if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != ssize_t(bytes.size())) give_up("send");
}

// Another one each time, also in programs beside this one (RFC 6455, section 4.1): what 16 bytes look like in base64.
inline std::string websocket_key() {
  static int count = 0;
  return fmt::format("{:011}{:010}A==", ::getpid(), ++count);
}

// A connection that the server has accepted; it does not block.
inline int open_websocket(int port, std::string_view path) {
  const int fd = connect_to(port);
  if (fd < 0) give_up("connect");
  // What a browser sends, in length.
  send_all(
      fd,
      fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n"
                  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n"
                  "Upgrade: websocket\r\nOrigin: http://127.0.0.1:{}\r\nSec-WebSocket-Version: 13\r\nAccept-Encoding: gzip, deflate, br\r\n"
                  "Accept-Language: en-US,en;q=0.9\r\nSec-WebSocket-Key: {}\r\n\r\n",
                  path, port, port, websocket_key()));
  std::string answer;
  for (char c; !answer.ends_with("\r\n\r\n"); answer += c) {
    if (::recv(fd, &c, 1, 0) != 1) give_up("handshake");
  }
  if (!answer.starts_with("HTTP/1.1 101")) give_up("no upgrade");
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

// A text message in one frame, with a mask that changes nothing.
inline std::string client_frame(std::string_view text) {
  std::string frame = "\x81";
  if (text.size() < 126) {
    frame += char(0x80 | text.size());
  } else {
    frame += char(0x80 | 126);
    frame += char(text.size() >> 8);
    frame += char(text.size());
  }
  frame.append(4, '\0');
  return frame.append(text);
}

}  // namespace bench
