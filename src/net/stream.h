// Stream: the byte transport under a connection: a TCP socket, and TLS over one. It never calls back from
// within a call, so that a connection is free to change its state around each.
#pragma once
#include <sys/uio.h>

#include <cstddef>
#include <span>

namespace outcrop::net {

class Stream {
 public:
  enum class ReadEnd { bytes, end_of_stream, failed };

  // Told on the loop's thread. What it does may destroy the stream.
  class Listener {
   public:
    virtual void read_ended(ReadEnd end, size_t bytes) = 0;
    virtual void writable() = 0;  // or not yet: try again

   protected:
    ~Listener() = default;
  };

  // It may be destroyed only when no read and no wait is under way.
  virtual ~Stream() = default;
  virtual void listen(Listener& listener) = 0;

  // Reads at least one byte; ends with exactly one read_ended. One at a time.
  virtual void start_read(std::span<char> into) = 0;
  // Ends a read under way with ReadEnd::failed, unless it has ended by itself.
  virtual void cancel_read() = 0;

  enum class WriteEnd { taken, full, failed };
  struct Written {
    WriteEnd end;
    size_t bytes;
  };
  // Takes what fits now, from the front of the parts.
  virtual Written write_some(std::span<const iovec> parts) = 0;
  // One call of writable() follows. One at a time.
  virtual void wait_writable() = 0;
  // Of the bytes taken, those that wait in the stream itself; a close loses them. wait_writable() waits for fewer.
  virtual size_t unsent_bytes() const { return 0; }

  // The peer sees the end of the stream behind what was written; reading goes on.
  virtual void shut_down_writing() = 0;
  // Ends what is under way. `reset`: the peer sees an error and not an end.
  virtual void close(bool reset) = 0;
};

}  // namespace outcrop::net
