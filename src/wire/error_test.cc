#include "wire/error.h"
#include "wire/blame.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "gen/depot/errors.h"
#include "gen/depot/manifest.h"
#include "gen/sample/errors.h"
#include "gen/sample/manifest.h"
#include "gen/shelf/errors.h"
#include "gen/shelf/manifest.h"
#include "wire/blame.h"
#include "wire/event_stream_shapes.h"
#include "wire/protocol.h"

namespace outcrop::wire {
namespace {

Fault thing_is_gone() {
  sample::Value last{.s = std::string("here")};
  wire::Map<sample::Value> where;
  where["a"] = last;
  return sample::ThingIsGone{.message = "It is gone.", .last = where, .since = instant_from_ms(1'500)};
}
Fault book_is_lent() { return shelf::BookIsLent{.message = "Lent.", .until = instant_from_ms(86'400'000), .days = 3}; }
Fault bin_is_full() { return depot::BinIsFull{.message = "Full.", .parts = {{{.number = 1}, {.number = 2}}}, .most = 2}; }

TEST(ModelledError, IsAFaultWithItsCodeStatusAndMessage) {
  Result<int> result = fail(shelf::BookIsLent{.message = "Lent.", .days = 3});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "BookIsLent");
  EXPECT_EQ(result.error().status, 423);
  EXPECT_EQ(result.error().message, "Lent.");
}

TEST(ModelledError, KeepsItsMembersInCopiesToo) {
  Fault copy;
  {
    const Fault fault = book_is_lent();
    copy = fault;
  }
  const auto* error = error_in<shelf::BookIsLent>(copy);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->days, 3);
  EXPECT_FALSE(error_in<depot::BinIsFull>(copy));
  EXPECT_FALSE(error_in<shelf::BookIsLent>(shelf::book_is_lent("Lent.")));
}

// Results are everywhere: what few faults need may cost the others one pointer.
TEST(ModelledError, CostsOtherFaultsAPointer) { EXPECT_EQ(sizeof(FaultDetails), sizeof(void*)); }

TEST(ModelledError, IsWrittenInJsonByTheModelsNames) {
  Response answer = aws_json_1_1().encode_fault(&sample::model, thing_is_gone(), "id");
  EXPECT_EQ(answer.head.status, 410);
  EXPECT_EQ(answer.body, R"({"__type":"ThingIsGone","Message":"It is gone.","Last":{"a":{"S":"here"}},"Since":1.5})");
}

TEST(ModelledError, IsWrittenInRestJsonByTheWiresNamesAndBindings) {
  Response answer = rest_json_1().encode_fault(&shelf::model, book_is_lent(), "id");
  EXPECT_EQ(answer.head.status, 423);
  EXPECT_EQ(answer.head.headers.get("x-amzn-errortype"), "BookIsLent");
  EXPECT_EQ(answer.head.headers.get("retry-after"), "3");
  EXPECT_EQ(answer.body, R"({"Type":"User","Message":"Lent.","until":86400})");
}

TEST(ModelledError, MayLeaveUnsaidWhoIsToBlame) {
  const Fault fault = without_blame(shelf::book_is_lent("Lent."));
  EXPECT_EQ(rest_json_1().encode_fault(&shelf::model, Fault(fault), "id").body, R"({"Message":"Lent."})");
}

TEST(ModelledError, IsWrittenInXmlBehindItsMessage) {
  Response answer = rest_xml().encode_fault(&depot::model, bin_is_full(), "id");
  EXPECT_EQ(answer.head.status, 409);
  EXPECT_EQ(answer.head.headers.get("x-amz-most"), "2");
  EXPECT_TRUE(
      answer.body.contains("<Code>BinIsFull</Code><Message>Full.</Message><Parts><Number>1</Number></Parts>"
                           "<Parts><Number>2</Number></Parts>"))
      << answer.body;
}

TEST(ModelledError, IsWrittenInTheQueryProtocolBehindItsMessage) {
  Response answer = aws_query().encode_fault(&sample::model, thing_is_gone(), "id");
  EXPECT_TRUE(
      answer.body.contains("<Code>Sample.Gone</Code><Message>It is gone.</Message><Last><entry><key>a</key>"
                           "<value><S>here</S></value></entry></Last><Since>1970-01-01T00:00:01.500Z</Since></Error>"))
      << answer.body;
}

TEST(ModelledError, IsWrittenInCborByTheModelsNames) {
  Response answer = rpc_v2_cbor().encode_fault(&sample::model, sample::ThingIsGone{.message = "m", .since = instant_from_ms(1'500)}, "id");
  EXPECT_EQ(hex(answer.body), "bf665f5f74797065" + hex("kThingIsGone") + hex("gMessageameSince") + "c1fb3ff8000000000000" + "ff");
}

TEST(ModelledError, EndsAnEventStreamWithAllItsMembers) {
  static constexpr StreamError errors[] = {{"bookIsLent", "BookIsLent", "Message"}};
  static constexpr Shape events = {.kind = Kind::union_, .name = "Events", .stream_errors = errors};
  Message message = write_stream_fault(events, book_is_lent(), rest_json_payload);
  EXPECT_EQ(message.text(":exception-type"), "bookIsLent");
  EXPECT_EQ(message.payload, R"({"Message":"Lent.","until":86400})");
}

TEST(ModelledError, WithoutAMessageHasNone) {
  EXPECT_EQ(aws_json_1_1().encode_fault(&sample::model, sample::ThingIsGone{.since = Instant{}}, "id").body,
            R"({"__type":"ThingIsGone","Since":0})");
}

}  // namespace
}  // namespace outcrop::wire
