// restXml on HTTP, in S3's manner.
#include <gtest/gtest.h>

#include "wire/protocol.h"
#include "wire/testing/rest_services.h"

namespace outcrop::wire {
namespace {

const Operation& depot_operation(std::string_view name) { return *depot::model.find_operation(name); }

template <class Input>
Result<Input> read_xml(std::string_view operation, std::string_view body, net::RequestHead head = {}) {
  Input input;
  Missing missing;
  Result<void> done = rest_xml().decode(depot::model, depot_operation(operation), {head, body}, &input, missing);
  if (!done) return fail(done.error());
  return input;
}

constexpr std::string_view grants_xml = R"(<?xml version="1.0"?>
<AccessGrants xmlns="http://depot.example/doc/">
  <Owner>a</Owner><Unknown/><Owner> b </Owner>
  <GrantList>
    <Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="User"><ID>1 &amp; 2</ID></Grantee>
      <Permission>READ</Permission></Grant>
  </GrantList>
  <Limits><entry><Kind>hour</Kind><Most> 5 </Most></entry></Limits>
</AccessGrants>)";

depot::Grants grants() {
  return {.grants = {{{.grantee = depot::Grantee{.id = "1 & 2", .type = "User"}, .permission = "READ"}}},
          .owners = {{"a", " b "}},
          .limits = Map<int32_t>{{"hour", 5}}};
}

TEST(RestXml, ReadsListsMapsAndAttributesOfAPayload) {
  auto input = read_xml<depot::PutGrantsInput>("PutGrants", grants_xml, {.headers = {{"X-Amz-Meta-Color", "red"}}});
  ASSERT_TRUE(input) << input.error().message;
  EXPECT_EQ(input->grants, grants());
  EXPECT_EQ(input->meta, (Map<std::string>{{"color", "red"}}));
}

TEST(RestXml, TakesNoBodyForNoPayload) {
  EXPECT_EQ(read_xml<depot::PutGrantsInput>("PutGrants", " \n")->grants, std::nullopt);
  EXPECT_EQ(read_xml<depot::PutGrantsInput>("PutGrants", "<AccessGrants/>")->grants, depot::Grants());
}

TEST(RestXml, RefusesWhatIsNoXmlOrDoesNotFit) {
  for (std::string_view body : {"{}", "<a>", "<AccessGrants><Limits><entry><Kind>a</Kind></entry></Limits></AccessGrants>",
                                "<AccessGrants><Limits><entry><Kind>a</Kind><Most>b</Most></entry></Limits></AccessGrants>"}) {
    auto input = read_xml<depot::PutGrantsInput>("PutGrants", body);
    ASSERT_FALSE(input) << body;
    EXPECT_EQ(input.error().code, "MalformedXML");
    EXPECT_EQ(input.error().status, 400);
  }
  EXPECT_EQ(read_xml<depot::ListPartsInput>("ListParts", "", {.query = "max-parts=all"}).error().code, "InvalidArgument");
}

TEST(RestXml, NotesWhatIsMissingWhereItIs) {
  depot::PutGrantsInput input;
  Missing missing;
  net::RequestHead head;
  ASSERT_TRUE(rest_xml().decode(depot::model, depot_operation("PutGrants"),
                                {head, "<AccessGrants><GrantList><Grant/></GrantList></AccessGrants>"}, &input, missing));
  EXPECT_EQ(missing.paths, (std::vector<std::string>{"Grants.Grants.0.Permission", "Bin"}));
}

TEST(RestXml, WritesAPayloadUnderItsOwnName) {
  depot::PutGrantsOutput output = {.grants = grants(), .version = "3"};
  Response response = rest_xml().encode(depot::model, depot_operation("PutGrants"), &output, "id");
  EXPECT_EQ(response.head.headers.get("content-type"), "application/xml");
  EXPECT_EQ(response.head.headers.get("x-amz-version-id"), "3");
  EXPECT_EQ(response.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<AccessGrants xmlns=\"http://depot.example/doc/\"><GrantList><Grant>"
            "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"User\"><ID>1 &amp; 2</ID></Grantee>"
            "<Permission>READ</Permission></Grant></GrantList><Owner>a</Owner><Owner> b </Owner>"
            "<Limits><entry><Kind>hour</Kind><Most>5</Most></entry></Limits></AccessGrants>");
}

TEST(RestXml, WritesAnOutputUnderTheNameOfItsShape) {
  depot::ListPartsOutput output = {.parts = {{{.number = 1, .sum = "abc"}, {.number = 2}}},
                                   .is_truncated = false,
                                   .modified = instant_from_ms(1'576'540'098'123),
                                   .charged = "requester"};
  Response response = rest_xml().encode(depot::model, depot_operation("ListParts"), &output, "id");
  EXPECT_EQ(response.head.headers.get("x-amz-request-charged"), "requester");
  EXPECT_EQ(
      response.body,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<ListPartsResult xmlns=\"http://depot.example/doc/\"><Part><Number>1</Number><Sum>YWJj</Sum></Part><Part><Number>2</Number></Part>"
      "<IsTruncated>false</IsTruncated><Modified>2019-12-16T23:48:18.123Z</Modified></ListPartsResult>");
}

TEST(RestXml, WritesAnUnwrappedOutputAsItsOneMember) {
  depot::GetPlaceOutput output = {.place = "eu-west-1"};
  constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  EXPECT_EQ(rest_xml().encode(depot::model, depot_operation("GetPlace"), &output, "id").body,
            std::string(declaration) + "<PlaceConstraint xmlns=\"http://depot.example/doc/\">eu-west-1</PlaceConstraint>");
  output.place.reset();
  EXPECT_EQ(rest_xml().encode(depot::model, depot_operation("GetPlace"), &output, "id").body,
            std::string(declaration) + "<PlaceConstraint xmlns=\"http://depot.example/doc/\"/>");
}

TEST(RestXml, WritesATextPayloadAsItIs) {
  depot::GetPolicyOutput output = {.policy = "{}"};
  Response response = rest_xml().encode(depot::model, depot_operation("GetPolicy"), &output, "id");
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(response.head.headers.get("content-type"), "text/plain");
}

TEST(RestXml, AnswersErrorsBareWithBothIdsLikeS3) {
  Response response = rest_xml().encode_fault(&depot::model, {"NoSuchBin", 404, "No <bin>"}, "id");
  EXPECT_EQ(response.head.status, 404);
  EXPECT_EQ(response.head.headers.get("x-amz-request-id"), "id");
  std::string host(response.head.headers.get("x-amz-id-2"));
  EXPECT_EQ(response.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchBin</Code><Message>No &lt;bin&gt;</Message>"
            "<RequestId>id</RequestId><HostId>" +
                host + "</HostId></Error>");
}

TEST(RestXml, AnswersErrorsOfOtherServicesWrapped) {
  ServiceModel plain = {.name = "plain"};
  Response response = rest_xml().encode_fault(&plain, {"Busy", 503, "Wait."}, "id");
  EXPECT_EQ(response.head.headers.get("x-amzn-requestid"), "id");
  EXPECT_EQ(response.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ErrorResponse><Error><Type>Receiver</Type><Code>Busy</Code>"
            "<Message>Wait.</Message></Error><RequestId>id</RequestId></ErrorResponse>");
}

}  // namespace
}  // namespace outcrop::wire
