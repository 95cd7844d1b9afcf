// The aws-chunked content encoding of S3's streaming uploads, decoded as it arrives: "SIZE;chunk-signature=…\r\nDATA\r\n…0\r\n"
// and a trailer, each piece checked against its signature (S3 API reference, "Transferring Payload in Multiple Chunks").
// Memory is bounded whatever the client sends: data passes through, lines have a limit.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/payload_signatures.h"
#include "base/digest.h"
#include "base/result.h"
#include "net/http.h"

namespace outcrop::auth {

// What x-amz-content-sha256 announces.
struct ChunkedForm {
  bool is_signed = false;    // STREAMING-AWS4-HMAC-SHA256-PAYLOAD…
  bool has_trailer = false;  // …-TRAILER

  // None for what is not aws-chunked.
  static std::optional<ChunkedForm> named(std::string_view payload_hash);
};

class AwsChunkedDecoder {
 public:
  struct Options {
    ChunkedForm form;
    uint64_t decoded_length = 0;                 // x-amz-decoded-content-length
    std::vector<std::string> declared_trailers;  // of x-amz-trailer, lower case
    std::optional<PayloadSigning> signing = {};  // none: signatures are read and not checked (open mode)
  };
  // From the head of a request that announces such a body. Faults: MissingContentLength 411 without a readable decoded length,
  // InvalidRequest 400 when x-amz-trailer and the form disagree.
  static Result<Options> options_of(const net::RequestHead& head, ChunkedForm form, std::optional<PayloadSigning> signing);

  explicit AwsChunkedDecoder(Options options);

  // Appends what `input` decodes to. Data comes out before the signature of its chunk was checked: whoever takes it must not let
  // it count until finish() agreed. Faults, after which the decoder is spent: SignatureDoesNotMatch 403, InvalidChunkSizeError 403,
  // IncompleteBody 400, MalformedTrailerError 400.
  Result<void> feed(std::string_view input, std::string& decoded);
  // At the end of the body. IncompleteBody 400 when it ended early or decoded to another length than declared.
  Result<void> finish() const;

  const net::Headers& trailers() const { return trailers_; }  // complete once finish() agreed

 private:
  enum class State { size_line, data, data_end, trailer_line, done };

  Result<void> take_line(std::string_view line);
  Result<void> begin_chunk(std::string_view line);
  Result<void> end_chunk();
  Result<void> take_trailer(std::string_view line);
  Result<void> end_trailer();
  size_t line_bytes_max() const;

  const Options options_;
  std::optional<ChunkSignatures> signatures_;
  State state_ = State::size_line;
  std::string line_;            // the one under way, without its end
  uint64_t chunk_left_ = 0;     // bytes of data
  uint64_t decoded_bytes_ = 0;  // of all chunks so far
  uint64_t chunk_size_ = 0;
  bool short_chunk_seen_ = false;
  std::string chunk_signature_;
  std::optional<Sha256> chunk_hash_;
  net::Headers trailers_;
  std::string trailer_lines_;  // canonical
  std::string trailer_signature_;
};

}  // namespace outcrop::auth
