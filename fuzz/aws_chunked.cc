// An aws-chunked body as untrusted bytes: the first says how it is announced and cut. It decodes to what was declared or is refused,
// whatever the parts it comes in.
#include "auth/aws_chunked.h"
#include "base/check.h"

namespace {

using namespace outcrop;

struct Outcome {
  std::string decoded, fault;
  bool operator==(const Outcome&) const = default;
};

Outcome decode(const auth::AwsChunkedDecoder::Options& options, std::string_view body, size_t part_bytes) {
  auth::AwsChunkedDecoder decoder(options);
  Outcome outcome;
  while (!body.empty()) {
    std::string_view part = body.substr(0, part_bytes);
    body.remove_prefix(part.size());
    Result<void> fed = decoder.feed(part, outcome.decoded);
    check(outcome.decoded.size() <= options.decoded_length, "more than was declared");
    if (!fed) return {"", fed.error().code};
  }
  Result<void> finished = decoder.finish();
  if (!finished) return {"", finished.error().code};
  check(outcome.decoded.size() == options.decoded_length, "another length than declared");
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  auth::AwsChunkedDecoder::Options options{.form = {.is_signed = (data[0] & 1) != 0, .has_trailer = (data[0] & 2) != 0},
                                           .decoded_length = data[1]};
  if (options.form.has_trailer) options.declared_trailers = {"x-amz-checksum-crc32"};
  if (data[0] & 4) options.signing = auth::PayloadSigning{"secret", "us-east-1", "s3", "20261122T191332Z", std::string(64, '0')};
  std::string_view body(reinterpret_cast<const char*>(data) + 2, size - 2);
  Outcome whole = decode(options, body, body.size());
  check(whole == decode(options, body, 1), "the parts matter");
  check(whole == decode(options, body, 5), "the parts matter");
  return 0;
}
