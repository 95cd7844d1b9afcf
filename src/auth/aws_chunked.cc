#include "auth/aws_chunked.h"

#include <algorithm>
#include <charconv>

#include "auth/limits.h"
#include "auth/refusal.h"
#include "auth/sigv4.h"
#include "base/encoding.h"

namespace outcrop::auth {

namespace {

constexpr std::string_view chunk_signature_name = "chunk-signature=", trailer_signature_name = "x-amz-trailer-signature";

std::unexpected<Fault> incomplete_body() { return fail("IncompleteBody", 400, "The request body terminated unexpectedly"); }

std::unexpected<Fault> malformed_trailer() {
  return fail("MalformedTrailerError", 400,
              "The request contained trailing data that was not well-formed or did not conform to our published schema.");
}

std::unexpected<Fault> wrong_chunk_signature() {
  return fail(refuse(Dialect::s3, Refusal::signature_mismatch,
                     "The request signature we calculated does not match the signature you provided. Check your key and signing method."));
}

template <class Number>
std::optional<Number> read_number(std::string_view text, int base) {
  Number number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<ChunkedForm> ChunkedForm::named(std::string_view payload_hash) {
  if (payload_hash == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD") return ChunkedForm{.is_signed = true, .has_trailer = false};
  if (payload_hash == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER") return ChunkedForm{.is_signed = true, .has_trailer = true};
  if (payload_hash == "STREAMING-UNSIGNED-PAYLOAD-TRAILER") return ChunkedForm{.is_signed = false, .has_trailer = true};
  return std::nullopt;
}

Result<AwsChunkedDecoder::Options> AwsChunkedDecoder::options_of(const net::RequestHead& head, ChunkedForm form,
                                                                 std::optional<PayloadSigning> signing) {
  Options options{.form = form, .signing = std::move(signing)};
  std::optional<uint64_t> length = read_number<uint64_t>(head.headers.get("x-amz-decoded-content-length"), 10);
  if (!length) return fail("MissingContentLength", 411, "You must provide the Content-Length HTTP header.");
  options.decoded_length = *length;
  for (const net::Header& header : head.headers) {
    if (!ascii_equal_ignoring_case(header.name, "x-amz-trailer")) continue;
    std::string_view names = header.value;
    while (!names.empty()) {
      size_t end = std::min(names.find(','), names.size());
      std::string_view name = trimmed(names.substr(0, end));
      if (!name.empty()) options.declared_trailers.push_back(ascii_lower(name));
      names.remove_prefix(std::min(end + 1, names.size()));
    }
  }
  if (options.declared_trailers.size() > trailers_max || (!options.declared_trailers.empty() && !form.has_trailer))
    return fail("InvalidRequest", 400, "The value specified in the x-amz-trailer header is not supported");
  return options;
}

AwsChunkedDecoder::AwsChunkedDecoder(Options options) : options_(std::move(options)) {
  if (options_.form.is_signed && options_.signing) signatures_.emplace(*options_.signing);
}

size_t AwsChunkedDecoder::line_bytes_max() const { return state_ == State::trailer_line ? trailer_line_bytes_max : chunk_line_bytes_max; }

Result<void> AwsChunkedDecoder::feed(std::string_view input, std::string& decoded) {
  while (!input.empty()) {
    if (state_ == State::done) return incomplete_body();  // more than the encoding has
    if (state_ == State::data) {
      size_t taken = size_t(std::min<uint64_t>(chunk_left_, input.size()));
      decoded += input.substr(0, taken);
      if (chunk_hash_) chunk_hash_->add(input.substr(0, taken));
      input.remove_prefix(taken);
      chunk_left_ -= taken;
      if (chunk_left_ == 0) state_ = State::data_end;
      continue;
    }
    size_t end = std::min(input.find('\n'), input.size());
    if (line_.size() + end > line_bytes_max()) return state_ == State::trailer_line ? malformed_trailer() : incomplete_body();
    line_ += input.substr(0, end);
    bool is_whole = end < input.size();
    input.remove_prefix(std::min(end + 1, input.size()));
    if (!is_whole) break;
    if (!line_.ends_with('\r')) return state_ == State::trailer_line ? malformed_trailer() : incomplete_body();
    line_.pop_back();
    Result<void> taken = take_line(line_);
    if (!taken) return taken;
    line_.clear();
  }
  return {};
}

Result<void> AwsChunkedDecoder::take_line(std::string_view line) {
  switch (state_) {
    case State::size_line:
      return begin_chunk(line);
    case State::data_end:
      if (!line.empty()) return incomplete_body();
      return end_chunk();
    case State::trailer_line:
      return line.empty() ? end_trailer() : take_trailer(line);
    case State::data:
    case State::done:
      break;
  }
  return incomplete_body();
}

// "10000;chunk-signature=…" in hexadecimal, or "10000" alone.
Result<void> AwsChunkedDecoder::begin_chunk(std::string_view line) {
  size_t semicolon = std::min(line.find(';'), line.size());
  std::optional<uint64_t> size = read_number<uint64_t>(trimmed(line.substr(0, semicolon)), 16);
  if (!size) return incomplete_body();
  std::string_view extension = trimmed(line.substr(std::min(semicolon + 1, line.size())));
  if (options_.form.is_signed && !extension.starts_with(chunk_signature_name)) return incomplete_body();
  chunk_signature_ = extension.starts_with(chunk_signature_name) ? extension.substr(chunk_signature_name.size()) : "";
  if (*size > options_.decoded_length - decoded_bytes_) return incomplete_body();
  if (*size > 0 && short_chunk_seen_) {
    return fail("InvalidChunkSizeError", 403, "Only the last chunk is allowed to have a size less than 8192 bytes");
  }
  short_chunk_seen_ = *size < chunk_bytes_min;
  chunk_size_ = chunk_left_ = *size;
  decoded_bytes_ += *size;
  if (signatures_) chunk_hash_.emplace();
  if (*size > 0) {
    state_ = State::data;
    return {};
  }
  return end_chunk();
}

Result<void> AwsChunkedDecoder::end_chunk() {
  if (signatures_ && !signatures_->accept_chunk(hex(chunk_hash_->finish()), chunk_signature_)) return wrong_chunk_signature();
  chunk_hash_.reset();
  // The last chunk is followed by the trailer, or by the empty line that would end one.
  state_ = chunk_size_ > 0 ? State::size_line : State::trailer_line;
  return {};
}

Result<void> AwsChunkedDecoder::take_trailer(std::string_view line) {
  size_t colon = line.find(':');
  if (colon == std::string_view::npos || !options_.form.has_trailer) return malformed_trailer();
  std::string name = ascii_lower(trimmed(line.substr(0, colon)));
  std::string_view value = trimmed(line.substr(colon + 1));
  if (name == trailer_signature_name) {
    if (!trailer_signature_.empty()) return malformed_trailer();
    trailer_signature_ = value;
    return {};
  }
  bool is_declared = std::ranges::find(options_.declared_trailers, name) != options_.declared_trailers.end();
  if (!is_declared || trailers_.find(name) || !trailer_signature_.empty()) return malformed_trailer();
  trailer_lines_ += name + ":" + std::string(value) + "\n";
  trailers_.add(std::move(name), std::string(value));
  return {};
}

Result<void> AwsChunkedDecoder::end_trailer() {
  if (trailers_.size() != options_.declared_trailers.size()) return malformed_trailer();
  bool must_be_signed = signatures_ && options_.form.has_trailer;
  if (must_be_signed && !signatures_->accept_trailer(trailer_lines_, trailer_signature_)) return wrong_chunk_signature();
  state_ = State::done;
  return {};
}

Result<void> AwsChunkedDecoder::finish() const {
  if (state_ != State::done || decoded_bytes_ != options_.decoded_length) return incomplete_body();
  return {};
}

}  // namespace outcrop::auth
