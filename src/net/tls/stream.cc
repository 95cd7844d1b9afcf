#include "net/tls/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"
#include "net/limits.h"
#include "net/tls/openssl.h"

namespace outcrop::net {

namespace {

constexpr size_t record_bytes_max = SSL3_RT_MAX_PLAIN_LENGTH;
// Head, padding, authentication tag: 22 in TLS 1.3, 29 with AES-GCM in TLS 1.2.
constexpr size_t record_overhead_bytes_max = 32;

// Cuts the parts of a write into records; small parts share one.
class RecordCutter {
 public:
  explicit RecordCutter(std::span<const iovec> parts) : parts_(parts) {}

  // The bytes of the next record, at most `bytes_max`; empty at the end. Valid until the next call.
  std::string_view next(size_t bytes_max) {
    size_t wanted = std::min(bytes_max, record_bytes_max), copied = 0;
    while (copied < wanted) {
      std::string_view rest = rest_of_part();
      if (rest.empty()) break;
      std::string_view piece = rest.substr(0, wanted - copied);
      offset_ += piece.size();
      if (copied == 0 && piece.size() == wanted) return piece;
      std::memcpy(gathered_.data() + copied, piece.data(), piece.size());
      copied += piece.size();
    }
    return {gathered_.data(), copied};
  }

 private:
  // Of the first part that has one.
  std::string_view rest_of_part() {
    while (!parts_.empty() && offset_ == parts_.front().iov_len) {
      parts_ = parts_.subspan(1);
      offset_ = 0;
    }
    if (parts_.empty()) return {};
    return {static_cast<const char*>(parts_.front().iov_base) + offset_, parts_.front().iov_len - offset_};
  }

  std::span<const iovec> parts_;
  size_t offset_ = 0;
  std::array<char, record_bytes_max> gathered_;
};

}  // namespace

// Where OpenSSL reads what was received and leaves what is to be sent.
struct TlsStream::Transport {
  static BIO* make(TlsStream& stream) {
    static BIO_METHOD* const method = make_method();
    BIO* bio = BIO_new(method);
    check(bio != nullptr, "OpenSSL makes no BIO");
    BIO_set_data(bio, &stream);
    BIO_set_init(bio, 1);
    return bio;
  }

 private:
  static BIO_METHOD* make_method() {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stream");
    check(method != nullptr, "OpenSSL makes no BIO method");
    BIO_meth_set_read(method, read);
    BIO_meth_set_write(method, write);
    BIO_meth_set_ctrl(method, [](BIO*, int command, long, void*) -> long { return command == BIO_CTRL_FLUSH; });
    return method;
  }

  static int read(BIO* bio, char* out, int bytes_max) {
    Received& received = static_cast<TlsStream*>(BIO_get_data(bio))->received_;
    BIO_clear_retry_flags(bio);
    size_t bytes = std::min(size_t(bytes_max), received.end - received.begin);
    if (bytes == 0) {
      BIO_set_retry_read(bio);
      return -1;
    }
    std::memcpy(out, received.bytes.get() + received.begin, bytes);
    received.begin += bytes;
    return int(bytes);
  }

  static int write(BIO* bio, const char* bytes, int count) {
    TlsStream& stream = *static_cast<TlsStream*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (stream.inner_unwritable_) return count;  // nobody gets it
    if (stream.unsent_.size() >= limits::tls_unsent_bytes_max) stream.flush();
    if (stream.unsent_.size() >= limits::tls_unsent_bytes_max) {
      BIO_set_retry_write(bio);
      return -1;
    }
    stream.unsent_.append(bytes, size_t(count));
    return count;
  }
};

// An inner stream whose reads and waits have not ended yet when nobody needs it any more: it goes when they have.
class TlsStream::Remains final : Stream::Listener {
 public:
  Remains(std::unique_ptr<Stream> inner, Received received, bool reading, bool waiting)
      : inner_(std::move(inner)), received_(std::move(received)), reading_(reading), waiting_(waiting) {
    inner_->listen(*this);
    inner_->close(false);
  }

 private:
  void read_ended(ReadEnd, size_t) override {
    reading_ = false;
    go_when_quiet();
  }
  void writable() override {
    waiting_ = false;
    go_when_quiet();
  }
  void go_when_quiet() {
    if (!reading_ && !waiting_) delete this;
  }

  std::unique_ptr<Stream> inner_;
  Received received_;  // what is read into
  bool reading_, waiting_;
};

TlsStream::TlsStream(EventLoop& loop, std::unique_ptr<Stream> inner, std::string_view received, Ssl ssl)
    : loop_(loop), inner_(std::move(inner)), ssl_(std::move(ssl)) {
  inner_->listen(*this);
  BIO* transport = Transport::make(*this);
  SSL_set_bio(ssl_.get(), transport, transport);
  SSL_set_msg_callback_arg(ssl_.get(), this);
  SSL_set_msg_callback(ssl_.get(), [](int is_sent, int, int type, const void* message, size_t bytes, SSL*, void* self) {
    bool key_update = !is_sent && type == SSL3_RT_HANDSHAKE && bytes > 0 && *static_cast<const uint8_t*>(message) == SSL3_MT_KEY_UPDATE;
    if (key_update) ++static_cast<TlsStream*>(self)->key_updates_;
  });
  if (received.empty()) return;
  received_ = {std::make_unique_for_overwrite<char[]>(received.size()), received.size(), 0, received.size()};
  std::memcpy(received_.bytes.get(), received.data(), received.size());
}

TlsStream::~TlsStream() {
  check(!reading_ && !waiting_, "a stream is destroyed while it is used");
  if (inner_reading_ || inner_waiting_) new Remains(std::move(inner_), std::move(received_), inner_reading_, inner_waiting_);
}

TlsStream& TlsStream::wrap(Channel& channel, Ssl ssl) {
  struct Parts {
    EventLoop& loop;
    Ssl ssl;
    TlsStream* stream;
  } parts{channel.loop(), std::move(ssl), nullptr};
  channel.wrap(
      [](std::unique_ptr<Stream> inner, std::string received, void* context) -> std::unique_ptr<Stream> {
        Parts& parts = *static_cast<Parts*>(context);
        auto stream = std::make_unique<TlsStream>(parts.loop, std::move(inner), received, std::move(parts.ssl));
        parts.stream = stream.get();
        return stream;
      },
      &parts);
  return *parts.stream;
}

std::string_view TlsStream::protocol() const {
  const unsigned char* name = nullptr;
  unsigned bytes = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &bytes);
  return {reinterpret_cast<const char*>(name), bytes};
}

bool TlsStream::is_resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

void TlsStream::start_read(std::span<char> into) {
  check(!reading_, "two reads of one stream");
  reading_ = true;
  into_ = into;
  bool must_wait = established_ && !failed_ && !closed_ && !inner_end_ && received_.is_empty() && !SSL_has_pending(ssl_.get());
  must_wait ? receive_more() : defer_turn();
}

void TlsStream::cancel_read() {
  if (!reading_) return;
  read_cancelled_ = true;  // the inner stream's read goes on, for the next one
  defer_turn();
}

Stream::Written TlsStream::write_some(std::span<const iovec> parts) {
  if (failed_ || closed_ || writing_shut_ || inner_unwritable_) return {WriteEnd::failed, 0};
  if (established_) flush();
  if (!established_ || !unsent_.empty()) return {WriteEnd::full, 0};
  return encrypt(parts);
}

Stream::Written TlsStream::encrypt(std::span<const iovec> parts) {
  size_t bytes = 0, taken = 0;
  for (const iovec& part : parts) bytes += part.iov_len;
  bytes = std::min(bytes, limits::tls_write_bytes_max);
  unsent_.reserve(bytes + (bytes / record_bytes_max + 1) * record_overhead_bytes_max);
  RecordCutter cutter(parts);
  for (std::string_view record = cutter.next(bytes); !record.empty(); record = cutter.next(bytes - taken)) {
    ERR_clear_error();
    size_t written = 0;
    int result = SSL_write_ex(ssl_.get(), record.data(), record.size(), &written);
    if (result != 1 || written != record.size()) {
      judge_failure(result);
      return {WriteEnd::failed, 0};
    }
    taken += written;
  }
  flush();
  if (inner_unwritable_) return {WriteEnd::failed, 0};
  return {WriteEnd::taken, taken};
}

void TlsStream::wait_writable() {
  check(!waiting_, "two waits for one stream");
  waiting_ = true;
  flushed_some_ = false;
  if (!established_ || wait_is_over()) defer_turn();
}

void TlsStream::shut_down_writing() {
  if (writing_shut_ || closed_) return;
  say_goodbye();
  writing_shut_ = true;
  if (unsent_.empty()) inner_->shut_down_writing();
}

void TlsStream::close(bool reset) {
  if (closed_) return;
  if (!reset && !writing_shut_) say_goodbye();
  closed_ = true;
  unsent_ = {};
  inner_->close(reset);
  if (reading_ || waiting_) defer_turn();
}

// The close_notify alert.
void TlsStream::say_goodbye() {
  if (!established_ || failed_) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
  flush();
}

void TlsStream::read_ended(ReadEnd end, size_t bytes) {
  inner_reading_ = false;
  received_.end += bytes;
  if (end != ReadEnd::bytes) inner_end_ = end;
  if (!turn_.is_waiting()) turn();
}

void TlsStream::writable() {
  inner_waiting_ = false;
  size_t before = unsent_.size();
  flush();
  if (unsent_.size() < before) flushed_some_ = true;
  if (!turn_.is_waiting()) turn();
}

// Does what can be done now, asks the inner stream for what is missing, and ends what has ended. Nothing ends within a call of who asked
// for it: only what is under way has its turn deferred, and ends in it, so that the stream lives until then.
void TlsStream::turn() {
  if (!established_ && (reading_ || waiting_)) shake_hands();
  std::optional<ReadEnd> end;
  if (reading_) end = decrypt();
  flush();
  bool wait_over = waiting_ && wait_is_over();
  bool wants_bytes = (reading_ && !end) || (waiting_ && !established_ && !wait_over);
  if (wants_bytes && needs_bytes()) receive_more();
  if (end) {
    reading_ = read_cancelled_ = false;
    listener_->read_ended(*end, read_bytes_);  // without a wait, the stream may be gone now
  }
  if (wait_over) {
    waiting_ = false;
    listener_->writable();
  }
}

void TlsStream::shake_hands() {
  if (failed_ || closed_) return;
  ERR_clear_error();
  int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    established_ = true;
    return;
  }
  int error = SSL_get_error(ssl_.get(), result);
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return judge_failure(result);
  if (error == SSL_ERROR_WANT_READ && inner_end_) fail("the peer ended the connection during the handshake");
}

// How the read under way ends, if it does. Fills the reader's space, but does not wait for that.
std::optional<Stream::ReadEnd> TlsStream::decrypt() {
  read_bytes_ = 0;
  if (failed_ || closed_ || read_cancelled_) return ReadEnd::failed;
  if (!established_) return std::nullopt;
  int error = SSL_ERROR_NONE;
  while (error == SSL_ERROR_NONE && read_bytes_ < into_.size()) {
    ERR_clear_error();
    size_t bytes = 0;
    int result = SSL_read_ex(ssl_.get(), into_.data() + read_bytes_, into_.size() - read_bytes_, &bytes);
    error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_SSL || error == SSL_ERROR_SYSCALL) judge_failure(result);
    if (key_updates_ > limits::tls_key_updates_max) {  // what OpenSSL read after them does not count
      fail("the peer changes its keys without end");
      break;
    }
    if (result == 1) key_updates_ = 0;
    read_bytes_ += bytes;
  }
  if (read_bytes_ > 0) return ReadEnd::bytes;
  if (failed_) return ReadEnd::failed;
  if (error == SSL_ERROR_ZERO_RETURN) return ReadEnd::end_of_stream;
  if (!inner_end_ || error != SSL_ERROR_WANT_READ) return std::nullopt;
  if (*inner_end_ == ReadEnd::end_of_stream && SSL_is_server(ssl_.get())) return ReadEnd::end_of_stream;
  problem_ = "the connection ended without the peer's close_notify";
  return ReadEnd::failed;
}

bool TlsStream::needs_bytes() const { return !inner_reading_ && !inner_end_ && received_.is_empty(); }

bool TlsStream::wait_is_over() const {
  if (failed_ || closed_ || inner_unwritable_) return true;
  return established_ && (unsent_.empty() || flushed_some_);
}

// A read that filled the buffer doubles it, one that did not lets it return to an idle connection's.
void TlsStream::receive_more() {
  if (inner_reading_) return;
  bool filled = received_.capacity > 0 && received_.end == received_.capacity;
  size_t wanted = filled ? std::min(std::max(received_.capacity * 2, limits::idle_buffer_bytes), limits::read_part_bytes_max)
                         : limits::idle_buffer_bytes;
  if (wanted != received_.capacity) received_ = {std::make_unique_for_overwrite<char[]>(wanted), wanted};
  received_.begin = received_.end = 0;
  inner_reading_ = true;
  inner_->start_read({received_.bytes.get(), received_.capacity});
}

void TlsStream::flush() {
  if (unsent_.empty() || inner_waiting_ || closed_) return;
  size_t sent = 0;
  while (sent < unsent_.size() && !inner_waiting_) {
    iovec rest{unsent_.data() + sent, unsent_.size() - sent};
    Written written = inner_->write_some({&rest, 1});
    sent += written.bytes;
    if (written.end == WriteEnd::full) {
      inner_waiting_ = true;
      inner_->wait_writable();
    } else if (written.end == WriteEnd::failed) {
      inner_unwritable_ = true;
      sent = unsent_.size();
    }
  }
  unsent_.erase(0, sent);
  if (!unsent_.empty()) return;
  std::string().swap(unsent_);
  if (writing_shut_) inner_->shut_down_writing();
}

void TlsStream::fail(std::string problem) {
  failed_ = true;
  problem_ = std::move(problem);
}

void TlsStream::judge_failure(int result) {
  // Without an error in the queue there is nothing to say but what kind it was.
  bool ssl_error = SSL_get_error(ssl_.get(), result) == SSL_ERROR_SSL;
  fail(ssl_error ? take_openssl_problem() : "the transport failed");
  long verdict = SSL_get_verify_result(ssl_.get());
  if (!established_ && verdict != X509_V_OK) problem_ += fmt::format(": {}", X509_verify_cert_error_string(verdict));
}

}  // namespace outcrop::net
