// restJson1 on HTTP: where a request's members are found, and what answers and errors look like.
#include <gtest/gtest.h>

#include "base/simple_executor.h"
#include "wire/route.h"
#include "wire/testing/call.h"
#include "wire/testing/rest_services.h"

namespace outcrop::wire {
namespace {

class RestJsonTest : public ::testing::Test {
 protected:
  // Routed, read, carried out and answered.
  Response answer(const net::RequestHead& head, std::string_view body = "") {
    auto route = router_.route(head, "shelf", body);
    if (!route) return route.error().protocol->encode_fault(route.error().service, route.error().fault, "id");
    Erased input = route->operation->make_input();
    missing_ = {};
    Result<void> read = route->protocol->decode(*route->service, *route->operation, {head, body, route->labels}, input.get(), missing_);
    if (!read) return route->protocol->encode_fault(route->service, read.error(), "id");
    Result<Erased> output = executor_.run(carry_out(*route->operation, &shelf_, call_, std::move(input)));
    if (!output) return route->protocol->encode_fault(route->service, output.error(), "id");
    return route->protocol->encode(*route->service, *route->operation, output->get(), "id");
  }

  // An input as the protocol reads it.
  template <class Input>
  Input read(std::string_view operation, net::RequestHead head, std::string_view body = "", std::span<const Label> labels = {}) {
    Input input;
    missing_ = {};
    Result<void> done = rest_json_1().decode(shelf::model, *shelf::model.find_operation(operation), {head, body, labels}, &input, missing_);
    EXPECT_TRUE(done) << done.error().message;
    return input;
  }

  Fault refused(std::string_view operation, net::RequestHead head, std::string_view body = "", std::span<const Label> labels = {}) {
    Erased input = shelf::model.find_operation(operation)->make_input();
    Result<void> done =
        rest_json_1().decode(shelf::model, *shelf::model.find_operation(operation), {head, body, labels}, input.get(), missing_);
    EXPECT_FALSE(done);
    return done ? Fault{} : done.error();
  }

  RealClock clock_;
  SimpleExecutor executor_{clock_};
  shelf::Shelf shelf_;
  Call call_;
  Router router_{{&shelf::model}};
  Missing missing_;
};

TEST_F(RestJsonTest, TakesLabelsApartBeforeItDecodesThem) {
  Response response = answer({.method = "PUT", .path = "/shelves/7/books/arn%3Aaws%2Fx/part%20two"}, R"({"author":"A"})");
  EXPECT_EQ(response.head.status, 201);
  EXPECT_EQ(response.head.headers.get("x-shelf-version"), "arn:aws/x/part two");
  EXPECT_EQ(answer({.method = "GET", .path = "/shelves/7/covers/a%2Fb"}).body, "a/b");
}

TEST_F(RestJsonTest, ReadsTheQuery) {
  auto input = read<shelf::FindBooksInput>(
      "FindBooks", {.query = "since=2026-01-31T00%3A00%3A00Z&tag=a+b&tag=c&strict=true&limit=5&other=%C3%A9&other=2&strict"});
  EXPECT_EQ(input.since, instant_from_ms(1'769'817'600'000));
  EXPECT_EQ(input.tags, (std::vector<std::string>{"a b", "c"}));
  EXPECT_EQ(input.strict, true);
  EXPECT_EQ(input.limit, 5);
  ASSERT_TRUE(input.all);
  EXPECT_EQ(input.all->size(), 5u);
  EXPECT_EQ(*input.all->find("other"), "é");
  EXPECT_EQ(missing_.paths, std::vector<std::string>{"Shelf"});
}

TEST_F(RestJsonTest, TakesAParameterWithoutAValueForNone) {
  auto input = read<shelf::FindBooksInput>("FindBooks", {.query = "limit=&strict&since="});
  EXPECT_EQ(input.strict, std::nullopt);
  EXPECT_EQ(input.since, std::nullopt);
  EXPECT_EQ(missing_.paths, (std::vector<std::string>{"Shelf", "Limit"}));
}

TEST_F(RestJsonTest, ReadsHeaders) {
  auto input = read<shelf::PutBookInput>("PutBook",
                                         {.headers = {{"X-Shelf-Token", "t"},
                                                      {"X-Shelf-Meta-Color", "red"},
                                                      {"x-shelf-meta-", "nameless"},
                                                      {"x-shelf-printings", "Mon, 16 Dec 2019 23:48:18 GMT, Tue, 17 Dec 2019 00:00:00 GMT"},
                                                      {"x-shelf-ratings", "1,2 , 3"},
                                                      {"x-shelf-ratings", "4"},
                                                      {"x-shelf-labels", R"("b,c", "\"def\"", a,, "")"},
                                                      {"x-shelf-notes", "eyJhIjoxfQ=="}}});
  EXPECT_EQ(input.token, "t");
  EXPECT_EQ(input.meta, (Map<std::string>{{"color", "red"}, {"", "nameless"}}));
  ASSERT_TRUE(input.printings);
  EXPECT_EQ(*input.printings, (std::vector{instant_from_ms(1'576'540'098'000), instant_from_ms(1'576'540'800'000)}));
  EXPECT_EQ(input.ratings, (std::vector<int32_t>{1, 2, 3, 4}));
  EXPECT_EQ(input.labels, (std::vector<std::string>{"b,c", "\"def\"", "a", ""}));
  EXPECT_EQ(input.notes, R"({"a":1})");
}

TEST_F(RestJsonTest, ReadsMembersOfTheBodyBesideTheOthers) {
  Label label = {"Shelf", "7"};
  auto input = read<shelf::ReviewBookInput>("ReviewBook", {.headers = {{"x-shelf-critic", "c"}}}, R"({"stars":5,"At":1.5,"Critic":"x"})",
                                            {&label, 1});
  EXPECT_EQ(input.stars, 5);
  EXPECT_EQ(input.critic, "c");
  EXPECT_EQ(input.at, instant_from_ms(1500));
  EXPECT_TRUE(missing_.paths.empty());
  read<shelf::ReviewBookInput>("ReviewBook", {});
  EXPECT_EQ(missing_.paths, (std::vector<std::string>{"Shelf", "Stars", "Critic"}));
}

TEST_F(RestJsonTest, TakesTheWholeBodyForAPayload) {
  auto book = read<shelf::PutBookInput>("PutBook", {.headers = {{"content-type", "Application/JSON; charset=utf-8"}}},
                                        R"({"author":"A","Printed":"2026-01-31T00:00:00Z","Extra":[1,{"a":null}]})");
  EXPECT_EQ(book.book.author, "A");
  EXPECT_EQ(book.book.printed, instant_from_ms(1'769'817'600'000));
  EXPECT_EQ(book.book.extra, json::parse(R"([1,{"a":null}])").value());
  auto cover = read<shelf::PutCoverInput>("PutCover", {.headers = {{"content-type", "image/png"}}}, std::string_view("\0\xff", 2));
  EXPECT_EQ(cover.image, std::string("\0\xff", 2));
  EXPECT_EQ(cover.image_type, "image/png");
}

TEST_F(RestJsonTest, MissesWhatThePayloadMisses) {
  read<shelf::PutBookInput>("PutBook", {}, "{}");
  EXPECT_EQ(missing_.paths, (std::vector<std::string>{"Book.Author", "Shelf", "Title"}));
  read<shelf::PutBookInput>("PutBook", {}, " ");
  EXPECT_EQ(missing_.paths, (std::vector<std::string>{"Shelf", "Title", "Book"}));
}

TEST_F(RestJsonTest, RefusesAnotherMediaTypeWhereItExpectsJson) {
  net::RequestHead form = {.headers = {{"content-type", "application/x-www-form-urlencoded"}}};
  Fault fault = refused("PutBook", form, R"({"author":"A"})");
  EXPECT_EQ(fault.code, "UnsupportedMediaTypeException");
  EXPECT_EQ(fault.status, 415);
  EXPECT_EQ(refused("ReviewBook", form, "stars=1").status, 415);
}

TEST_F(RestJsonTest, SaysWhichValueItCannotRead) {
  EXPECT_EQ(refused("FindBooks", {.query = "limit=many"}).message, "The value 'many' of the query parameter limit is not an integer");
  EXPECT_EQ(refused("FindBooks", {.query = "limit=%zz"}).code, "SerializationException");
  Label label = {"Shelf", "seven"};
  EXPECT_EQ(refused("FindBooks", {}, "", {&label, 1}).message, "The value 'seven' of the label Shelf is not an integer");
  label.value = "%7";
  EXPECT_EQ(refused("FindBooks", {}, "", {&label, 1}).message, "The label Shelf of the path contains a malformed escape");
  label = {"Title", "%ff"};
  EXPECT_EQ(refused("PutBook", {}, "", {&label, 1}).message, "The value of the label Title is not valid UTF-8");
  EXPECT_EQ(refused("PutBook", {.headers = {{"x-shelf-notes", "bm90IGpzb24="}}}).message, "The header x-shelf-notes is not JSON in base64");
  EXPECT_EQ(refused("PutBook", {}, "[1]").code, "SerializationException");
}

TEST_F(RestJsonTest, AnswersWithHeadersStatusAndAPayloadOfItsOwnType) {
  Response response = answer({.method = "GET", .path = "/shelves/7/covers/x"});
  EXPECT_EQ(response.head.status, 203);
  EXPECT_EQ(response.head.headers.get("content-type"), "image/png");
  EXPECT_EQ(response.head.headers.get("x-amzn-requestid"), "id");
  response = answer({.method = "PUT",
                     .path = "/shelves/7/books/x",
                     .headers = {{"x-shelf-labels", R"(a, "b,c", "")"}, {"x-shelf-meta-a", "1"}, {"x-shelf-notes", "eyJhIjoxfQ=="}}},
                    R"({"author":"A"})");
  EXPECT_EQ(response.head.headers.get("x-shelf-labels"), R"(a, "b,c", "")");
  EXPECT_EQ(response.head.headers.get("x-shelf-meta-a"), "1");
  EXPECT_EQ(response.head.headers.get("x-shelf-notes"), "eyJhIjoxfQ==");
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.head.headers.find("content-type"), nullptr);
}

TEST_F(RestJsonTest, AnswersWithAnObjectWhereTheModelHasAnOutput) {
  EXPECT_EQ(answer({.method = "GET", .path = "/shelves/7/books", .query = "limit=3"}).body, R"({"books":[]})");
  EXPECT_EQ(answer({.method = "POST", .path = "/shelves/7/reviews"}, R"({"stars":1})").body, "{}");
  int unnamed = 0;
  Response response = rest_json_1().encode(shelf::model, *shelf::model.find_operation("DeleteBook"), &unnamed, "id");
  EXPECT_EQ(response.head.status, 204);
  EXPECT_EQ(response.body, "");
}

TEST_F(RestJsonTest, LetsNoValueEndAHeader) {
  shelf::PutBookOutput output = {.version = "a\r\nset-cookie: b"};
  Response response = rest_json_1().encode(shelf::model, *shelf::model.find_operation("PutBook"), &output, "id");
  EXPECT_EQ(response.head.headers.get("x-shelf-version"), "a  set-cookie: b");
}

TEST_F(RestJsonTest, NamesAnErrorInAHeader) {
  Response response = answer({.method = "DELETE", .path = "/shelves/7/books/x"});
  EXPECT_EQ(response.head.status, 404);
  EXPECT_EQ(response.head.headers.get("x-amzn-errortype"), "BookNotFound");
  EXPECT_EQ(response.head.headers.get("content-type"), "application/json");
  EXPECT_EQ(response.body, R"({"Type":"User","Message":"No x"})");
  response = answer({.method = "POST", .path = "/nowhere"});
  EXPECT_EQ(response.head.status, 404);
  EXPECT_EQ(response.head.headers.get("x-amzn-errortype"), "UnknownOperationException");
  EXPECT_EQ(response.body, "{}");
}

}  // namespace
}  // namespace outcrop::wire
