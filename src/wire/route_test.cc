// From a request's head to its operation.
#include "wire/route.h"

#include <gtest/gtest.h>

#include <map>

#include "gen/sample/manifest.h"

namespace outcrop::wire {
namespace {

constexpr ProtocolKind rest_protocols[] = {ProtocolKind::rest_xml};
constexpr ProtocolKind rest_json_protocols[] = {ProtocolKind::rest_json_1};
constexpr std::string_view of_upload[] = {"uploadId"}, of_copy[] = {"x-amz-copy-source"};
constexpr Operation rest_operations[] = {
    {.name = "GetObject", .method = "GET", .uri = "/{Bucket}/{Key+}?x-id=GetObject"},
    {.name = "GetObjectAcl", .method = "GET", .uri = "/{Bucket}/{Key+}?acl"},
    {.name = "ListBuckets", .method = "GET", .uri = "/"},
    {.name = "ListObjects", .method = "GET", .uri = "/{Bucket}"},
    {.name = "ListObjectsV2", .method = "GET", .uri = "/{Bucket}?list-type=2"},
    {.name = "ListParts", .method = "GET", .uri = "/{Bucket}/{Key+}", .required_query = of_upload},
    {.name = "CopyObject", .method = "PUT", .uri = "/{Bucket}/{Key+}", .required_headers = of_copy},
    {.name = "PutObject", .method = "PUT", .uri = "/{Bucket}/{Key+}"},
    {.name = "UploadPart", .method = "PUT", .uri = "/{Bucket}/{Key+}", .required_query = of_upload},
    {.name = "UploadPartCopy", .method = "PUT", .uri = "/{Bucket}/{Key+}", .required_query = of_upload, .required_headers = of_copy},
};
constexpr ServiceModel store = {.name = "store", .signing_name = "store", .protocols = rest_protocols, .operations = rest_operations};
constexpr Operation model_operations[] = {
    {.name = "ApplyGuardrail", .method = "POST", .uri = "/guardrail/{id}/version/{version}/apply"},
    {.name = "CreateAgent", .method = "PUT", .uri = "/agents/"},
    {.name = "InvokeModel", .method = "POST", .uri = "/model/{modelId}/invoke"},
    {.name = "ListAgents", .method = "POST", .uri = "/agents/"},
    {.name = "PrepareAgent", .method = "POST", .uri = "/agents/{agentId}/"},
    {.name = "PostToConnection", .method = "POST", .uri = "/@connections/{connectionId}"},
};
constexpr ServiceModel models = {
    .name = "models", .signing_name = "models", .protocols = rest_json_protocols, .operations = model_operations};
// Another API of the same signing name.
constexpr Operation session_operations[] = {
    {.name = "InvokeInlineAgent", .method = "POST", .uri = "/agents/{sessionId}"},
};
constexpr ServiceModel sessions = {
    .name = "sessions", .signing_name = "models", .protocols = rest_json_protocols, .operations = session_operations};

class RouterTest : public ::testing::Test {
 protected:
  std::string routed(const net::RequestHead& head, std::string_view scope = "sample", std::string_view body = "") {
    auto route = router_.route(head, scope, body);
    if (!route) {
      EXPECT_NE(route.error().protocol, nullptr);
      return std::to_string(route.error().fault.status) + " " + route.error().fault.code + ": " + route.error().fault.message;
    }
    static const std::map<const Protocol*, std::string> names = {{&aws_query(), "query "},
                                                                 {&aws_json_1_0(), "json 1.0 "},
                                                                 {&aws_json_1_1(), "json 1.1 "},
                                                                 {&rest_json_1(), "rest json "},
                                                                 {&rest_xml(), "rest xml "}};
    std::string text = names.at(route->protocol);
    return text.append(route->operation->name);
  }

  static net::RequestHead targeted(std::string target, std::string type = "application/x-amz-json-1.1") {
    return {.method = "POST", .path = "/", .headers = {{"X-Amz-Target", std::move(target)}, {"Content-Type", std::move(type)}}};
  }
  static net::RequestHead form() {
    return {.method = "POST", .path = "/", .headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}}};
  }

  Router router_{{&sample::model, &store, &models, &sessions}};
};

TEST_F(RouterTest, GoesByTheTarget) {
  EXPECT_EQ(routed(targeted("Sample_20260131.PutThing")), "json 1.1 PutThing");
  EXPECT_EQ(routed(targeted("Sample_20260131.PutThing"), ""), "json 1.1 PutThing");
}

TEST_F(RouterTest, AnswersInTheVersionOfJsonThatTheClientSpeaks) {
  EXPECT_EQ(routed(targeted("Sample_20260131.PutThing", "application/x-amz-json-1.0")), "json 1.0 PutThing");
  EXPECT_EQ(routed(targeted("Sample_20260131.PutThing", "application/json")), "json 1.1 PutThing");
}

TEST_F(RouterTest, KnowsNoOperationForAWrongOrAbsentTarget) {
  EXPECT_EQ(routed(targeted("Sample_20260131.PutThings")), "400 UnknownOperationException: ");
  EXPECT_EQ(routed(targeted("Sample.PutThing")), "400 UnknownOperationException: ");
  EXPECT_EQ(routed(targeted("PutThing")), "400 UnknownOperationException: ");
  net::RequestHead head = targeted("");
  head.headers.erase("x-amz-target");
  EXPECT_EQ(routed(head), "400 UnknownOperationException: ");
}

TEST_F(RouterTest, WantsATargetToComeWithJson) {
  EXPECT_EQ(routed(targeted("Sample_20260131.PutThing", "text/plain")), "404 UnknownOperationException: ");
}

TEST_F(RouterTest, GoesByTheActionOfAFormOrQuery) {
  EXPECT_TRUE(Router::needs_body(form()));
  EXPECT_FALSE(Router::needs_body(targeted("x", "application/x-www-form-urlencoded")));
  EXPECT_EQ(routed(form(), "sample", "Name=a&Action=PutThing&Version=2026-01-31"), "query PutThing");
  EXPECT_EQ(routed(form(), "", "Action=PutThing&Version=2026-01-31"), "query PutThing");
  EXPECT_EQ(routed({.method = "GET", .path = "/123456789012/queue", .query = "Action=DeleteThing"}), "query DeleteThing");
}

TEST_F(RouterTest, SaysWhatIsWrongWithAnAction) {
  EXPECT_EQ(routed(form(), "sample", "Name=a"), "400 MissingAction: The request must contain the parameter Action.");
  EXPECT_EQ(routed(form(), "sample", "Action=Put&Version=2026-01-31"),
            "400 InvalidAction: Could not find operation Put for version 2026-01-31");
  EXPECT_EQ(routed(form(), "sample", "Action=PutThing&Version=2001-01-01"),
            "400 InvalidAction: Could not find operation PutThing for version 2001-01-01");
  EXPECT_EQ(routed(form(), "sample", "Action=Put"), "400 InvalidAction: The action Put is not valid for this endpoint.");
}

TEST_F(RouterTest, GoesByThePathForRestServices) {
  EXPECT_EQ(routed({.method = "GET", .path = "/bucket/key"}, "store"), "rest xml GetObject");
  EXPECT_EQ(routed({.method = "POST", .path = "/agents/a"}, "models"), "rest json InvokeInlineAgent");
}

TEST_F(RouterTest, AnswersWithoutAnOperationInTheProtocolOfTheScope) {
  EXPECT_EQ(routed({.method = "PATCH", .path = "/bucket/key"}, "store"),
            "405 MethodNotAllowed: The specified method is not allowed against this resource.");
  EXPECT_EQ(routed({.method = "PATCH", .path = "/agents/a"}, "models"), "404 UnknownOperationException: ");
}

TEST_F(RouterTest, LeavesFormsOfServicesWithoutActionsToTheirPaths) {
  net::RequestHead head = form();
  head.path = "/nowhere";
  EXPECT_EQ(routed(head, "models"), "404 UnknownOperationException: ");
}

TEST(HostPrefixes, AreStripped) {
  EXPECT_EQ(without_host_prefix("sync-states.example:4566"), "states.example:4566");
  EXPECT_EQ(without_host_prefix("stream-localhost"), "localhost");
  EXPECT_EQ(without_host_prefix("streaming-logs.example"), "logs.example");
  EXPECT_EQ(without_host_prefix("data-x"), "x");
  EXPECT_EQ(without_host_prefix("synclocalhost"), "synclocalhost");
}

class PathTrieTest : public ::testing::Test {
 protected:
  PathTrieTest() {
    for (const Operation& operation : rest_operations) trie_.add(store, operation);
    for (const Operation& operation : model_operations) trie_.add(models, operation);
    for (const Operation& operation : session_operations) trie_.add(sessions, operation);
  }

  std::string found(std::string_view method, std::string_view path, std::string_view query = "", std::string_view scope = "store") {
    net::RequestHead head = {.method = std::string(method), .path = std::string(path), .query = std::string(query), .headers = headers_};
    auto match = trie_.find(head, scope);
    if (!match) return "none";
    std::string text(match->operation->name);
    for (const Label& label : match->labels) text.append(" ").append(label.name).append("=").append(label.value);
    return text;
  }

  PathTrie trie_;
  net::Headers headers_;
};

TEST_F(PathTrieTest, CutsLabelsAsTheyAreOnTheWire) {
  EXPECT_EQ(found("POST", "/model/arn%3Aaws%3Abedrock%2Fx/invoke", "", "models"), "InvokeModel modelId=arn%3Aaws%3Abedrock%2Fx");
  EXPECT_EQ(found("POST", "/guardrail/g/version/1/apply", "", ""), "ApplyGuardrail id=g version=1");
}

TEST_F(PathTrieTest, GivesGreedyLabelsTheRestOfThePath) {
  EXPECT_EQ(found("PUT", "/bucket/a/b%2Fc/d"), "PutObject Bucket=bucket Key=a/b%2Fc/d");
  EXPECT_EQ(found("PUT", "/bucket/folder/"), "PutObject Bucket=bucket Key=folder/");
  EXPECT_EQ(found("PUT", "/bucket//x"), "PutObject Bucket=bucket Key=/x");
}

TEST_F(PathTrieTest, PrefersWhatTheQueryNames) {
  EXPECT_EQ(found("GET", "/bucket/key", "acl"), "GetObjectAcl Bucket=bucket Key=key");
  EXPECT_EQ(found("GET", "/bucket/key", "acl="), "GetObjectAcl Bucket=bucket Key=key");
  EXPECT_EQ(found("GET", "/bucket/key", "x-id=GetObject"), "GetObject Bucket=bucket Key=key");
  EXPECT_EQ(found("GET", "/bucket/key"), "GetObject Bucket=bucket Key=key");
  EXPECT_EQ(found("GET", "/bucket", "list-type=2&prefix=a"), "ListObjectsV2 Bucket=bucket");
  EXPECT_EQ(found("GET", "/bucket/", "prefix=a"), "ListObjects Bucket=bucket");
  EXPECT_EQ(found("GET", "/"), "ListBuckets");
}

TEST_F(PathTrieTest, TellsOperationsOfOnePathApartByWhatTheyRequire) {
  EXPECT_EQ(found("PUT", "/bucket/key", "partNumber=1&uploadId=u"), "UploadPart Bucket=bucket Key=key");
  EXPECT_EQ(found("GET", "/bucket/key", "uploadId=u"), "ListParts Bucket=bucket Key=key");
  headers_.add("X-Amz-Copy-Source", "/other/key");
  EXPECT_EQ(found("PUT", "/bucket/key"), "CopyObject Bucket=bucket Key=key");
  EXPECT_EQ(found("PUT", "/bucket/key", "uploadId=u"), "UploadPartCopy Bucket=bucket Key=key");
}

TEST_F(PathTrieTest, TellsServicesOfOneSigningNameApartByPathAndItsEnd) {
  EXPECT_EQ(found("PUT", "/agents/", "", "models"), "CreateAgent");
  EXPECT_EQ(found("POST", "/agents/", "", "models"), "ListAgents");
  EXPECT_EQ(found("POST", "/agents", "", "models"), "ListAgents");
  EXPECT_EQ(found("POST", "/agents/a/", "", "models"), "PrepareAgent agentId=a");
  EXPECT_EQ(found("POST", "/agents/a", "", "models"), "InvokeInlineAgent sessionId=a");
}

TEST_F(PathTrieTest, KnowsLiteralsThatClientsEncode) {
  EXPECT_EQ(found("POST", "/@connections/a%3D", "", "models"), "PostToConnection connectionId=a%3D");
  EXPECT_EQ(found("POST", "/%40connections/a%3D", "", "models"), "PostToConnection connectionId=a%3D");
  EXPECT_EQ(found("POST", "/%4connections/a", "", "models"), "none");
}

TEST_F(PathTrieTest, FindsConnectionsBehindThePathOfAnEndpoint) {
  EXPECT_EQ(found("POST", "/prod/@connections/a%3D", "", "models"), "PostToConnection connectionId=a%3D");
  EXPECT_EQ(found("POST", "/_aws/execute-api/abc/prod/%40connections/a%3D", "", "models"), "PostToConnection connectionId=a%3D");
  EXPECT_EQ(found("POST", "/@x/@connections/a", "", "models"), "PostToConnection connectionId=a");
  EXPECT_EQ(found("POST", "/prod/@connections", "", "models"), "none");
  EXPECT_EQ(found("POST", "/prod/@other/a", "", "models"), "none");
  EXPECT_EQ(found("PUT", "/bucket/@connections/a"), "PutObject Bucket=bucket Key=@connections/a");
}

TEST_F(PathTrieTest, TakesAKeyOfSlashesForAKey) {
  EXPECT_EQ(found("PUT", "/bucket//"), "PutObject Bucket=bucket Key=/");
  EXPECT_EQ(found("GET", "/bucket///"), "GetObject Bucket=bucket Key=//");
  EXPECT_EQ(found("GET", "/bucket/"), "ListObjects Bucket=bucket");
}

TEST_F(PathTrieTest, FindsNothingForAnotherMethodPathOrScope) {
  EXPECT_EQ(found("DELETE", "/bucket"), "none");
  EXPECT_EQ(found("POST", "/model/x", "", "models"), "none");
  EXPECT_EQ(found("POST", "/model/x/invoke", "", "store"), "none");
}

}  // namespace
}  // namespace outcrop::wire
