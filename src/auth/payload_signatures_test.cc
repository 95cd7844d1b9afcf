#include "auth/payload_signatures.h"

#include <gtest/gtest.h>

#include "auth/testing/requests.h"

namespace outcrop::auth {
namespace {

const PayloadSigning signing = {"secret", "us-east-1", "bedrock", "20261122T235959Z", std::string(64, 'a')};

// The steps of the specification, written out.
std::string signed_by_hand(Instant date, std::string_view payload, std::string_view previous) {
  std::string time = iso8601_basic(date), day = time.substr(0, 8), framed = "\x05:date\x08";
  for (int shift = 56; shift >= 0; shift -= 8) framed += char(uint64_t(ms_since_epoch(date)) >> shift);
  std::string key = "AWS4secret";
  for (std::string_view part :
       {std::string_view(day), std::string_view("us-east-1"), std::string_view("bedrock"), std::string_view("aws4_request")})
    key = hmac_sha256(key, part);
  return hmac_sha256(key, "AWS4-HMAC-SHA256-PAYLOAD\n" + time + "\n" + day + "/us-east-1/bedrock/aws4_request\n" + std::string(previous) +
                              "\n" + hex(sha256(framed)) + "\n" + hex(sha256(payload)));
}

TEST(EventSignatures, FormAChainFromTheSeed) {
  Instant first = test::instant("20261122T235959Z") + Milliseconds(123), second = first + Seconds(2);  // of the next day
  std::string one = signed_by_hand(first, "one", signing.seed_signature), two = signed_by_hand(second, "two", hex(one));
  EventSignatures signatures(signing);
  EXPECT_TRUE(signatures.accept(first, "one", one));
  EXPECT_TRUE(signatures.accept(second, "two", two));
  EXPECT_FALSE(signatures.accept(second, "two", two)) << "a message must not count twice";
}

TEST(EventSignatures, CoverDatePayloadAndOrder) {
  Instant date = test::instant("20261122T235959Z");
  std::string one = signed_by_hand(date, "one", signing.seed_signature), two = signed_by_hand(date, "two", hex(one));
  EventSignatures signatures(signing);
  EXPECT_FALSE(signatures.accept(date, "two", two));
  EXPECT_FALSE(signatures.accept(date, "other", one));
  EXPECT_FALSE(signatures.accept(date + Milliseconds(1), "one", one));
  EXPECT_FALSE(signatures.accept(date, "one", ""));
  EXPECT_TRUE(signatures.accept(date, "one", one));
}

}  // namespace
}  // namespace outcrop::auth
