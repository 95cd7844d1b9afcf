#include "core/request_stream.h"

#include "auth/aws_chunked.h"
#include "base/digest.h"
#include "base/encoding.h"

namespace outcrop {

namespace {

constexpr std::string_view payload_hash_header = "x-amz-content-sha256";

// The parts of a body as the exchange has them; against `expected_hash` (hex) unless that is empty.
class ExchangeBody final : public wire::StreamSource {
 public:
  ExchangeBody(net::Exchange& exchange, std::string expected_hash) : exchange_(exchange), expected_hash_(std::move(expected_hash)) {}

  Task<Result<void*>> pull() override {
    do {
      part_ = co_await exchange_.read_some();
      if (!part_) co_return end();
    } while (part_->empty());
    if (!expected_hash_.empty()) hash_.add(*part_);
    co_return &*part_;
  }
  net::Headers trailers() const override { return exchange_.trailers(); }

 private:
  Result<void*> end() {
    if (!expected_hash_.empty() && hex(hash_.finish()) != expected_hash_)
      return fail("XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not match what was computed.");
    return nullptr;
  }

  net::Exchange& exchange_;
  const std::string expected_hash_;
  Sha256 hash_;
  std::optional<std::string> part_;
};

class ChunkedBody final : public wire::StreamSource {
 public:
  ChunkedBody(net::Exchange& exchange, auth::AwsChunkedDecoder::Options options) : exchange_(exchange), decoder_(std::move(options)) {}

  Task<Result<void*>> pull() override {
    part_.clear();
    while (part_.empty()) {
      std::optional<std::string> encoded = co_await exchange_.read_some();
      if (!encoded) {
        co_await decoder_.finish();
        co_return nullptr;
      }
      co_await decoder_.feed(*encoded, part_);
    }
    co_return &part_;
  }
  net::Headers trailers() const override { return decoder_.trailers(); }

 private:
  net::Exchange& exchange_;
  auth::AwsChunkedDecoder decoder_;
  std::string part_;
};

}  // namespace

std::string_view signed_payload_hash(const net::RequestHead& head) { return head.headers.get(payload_hash_header); }

Result<wire::BodySource> stream_body(net::Exchange& exchange, const auth::Caller& caller) {
  if (std::optional<auth::ChunkedForm> form = auth::ChunkedForm::named(signed_payload_hash(exchange.head()))) {
    auto options = auth::AwsChunkedDecoder::options_of(exchange.head(), *form, caller.payload_signing);
    if (!options) return fail(std::move(options.error()));
    const uint64_t length = options->decoded_length;
    return wire::BodySource(std::make_unique<ChunkedBody>(exchange, std::move(*options)), length);
  }
  constexpr size_t hash_characters = 64;
  std::string expected = caller.payload_hash.size() == hash_characters ? caller.payload_hash : "";
  return wire::BodySource(std::make_unique<ExchangeBody>(exchange, std::move(expected)), exchange.content_length());
}

wire::MessageReader stream_messages(net::Exchange& exchange, const auth::Caller& caller) {
  wire::BodySource body(std::make_unique<ExchangeBody>(exchange, ""), exchange.content_length());
  if (signed_payload_hash(exchange.head()) != auth::streaming_events) return wire::MessageReader(std::move(body));
  wire::AcceptSignature accept;
  if (caller.payload_signing) {
    accept = [signatures = auth::EventSignatures(*caller.payload_signing)](Instant date, std::string_view payload,
                                                                           std::string_view signature) mutable {
      return signatures.accept(date, payload, signature);
    };
  }
  return wire::MessageReader(std::move(body), std::move(accept));
}

}  // namespace outcrop
