// What is on disk of function URLs, in the form that it was first released in.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "gen/records/lambda.h"
#include "services/lambda/function/keys.h"
#include "wire/record.h"

namespace outcrop::lambda {
namespace {

TEST(UrlRecords, AUrlHasTheseBytes) {
  UrlRecord record;
  record.id = "abcdefghijklmnopqrstuvwxyz012345";
  record.auth_type = "AWS_IAM";
  record.invoke_mode = "RESPONSE_STREAM";
  record.cors = CorsRecord{.allow_credentials = true,
                           .allow_headers = {{"x-token"}},
                           .allow_methods = {{"GET", "PUT"}},
                           .allow_origins = {{"*"}},
                           .expose_headers = {{"date"}},
                           .max_age = 60};
  record.created_at = instant_from_ms(1'800'000'000'000);
  record.modified_at = instant_from_ms(1'800'000'001'000);
  const std::string bytes = wire::encode_record(record);
  EXPECT_EQ(hex(bytes),
            "0106206162636465666768696a6b6c6d6e6f707172737475767778797a3031323334350a074157535f49414d0e0f524553504f4e53455f53"
            "545245414d122704020a090107782d746f6b656e0e09020347455403505554120301012a160601046461746518781480c0e285e36818d0cf"
            "e285e368");
  EXPECT_EQ(wire::decode_record<UrlRecord>(bytes).value(), record);
}

TEST(UrlRecords, UrlsLieUnderTheseKeys) {
  EXPECT_EQ(FunctionKeys({"111122223333", "us-east-1"}).url("orders", latest), "global/lambda/111122223333/us-east-1/u/orders/$LATEST");
  EXPECT_EQ(FunctionKeys::url_id("abc"), "global/lambda-url/abc");
}

}  // namespace
}  // namespace outcrop::lambda
