#include "services/lambda/async/async_events.h"

#include "json/json.h"
#include "services/lambda/invoke/limits.h"
#include "services/lambda/testing/function_world.h"

namespace outcrop::lambda {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr std::string_view error = R"({"errorMessage":"no stock","errorType":"Error"})";

class RecordedDestinations final : public Destinations {
 public:
  Task<Result<void>> send(const Place&, std::string_view arn, const DestinationMessage& message) override {
    if (!faults.empty()) {
      Fault fault = faults.back();
      faults.pop_back();
      co_return fail(std::move(fault));
    }
    sent.emplace_back(arn, message);
    co_return {};
  }
  std::vector<std::pair<std::string, DestinationMessage>> sent;
  std::vector<Fault> faults;  // of the next sendings, the last one first
};

class AsynchronousInvocation : public FunctionWorld {
 public:
  AsynchronousInvocation() { begin(); }
  ~AsynchronousInvocation() override { end(); }

  // A server, and its end.
  void begin() {
    shards_ = world.run(Shards::open(world.world, 1)).value();
    events_.emplace(AsyncEvents::Parts{world.world, *shards_, functions, invoker, destinations});
    world.run(events_->start()).value();
    settle();
  }
  void end() {
    events_->begin_stop();
    runner.release();
    world.run(events_->stop());
    world.run(shards_->close());
    settle();
  }

  Result<void> add(std::string payload, FunctionName name = named("orders")) {
    Result<void> added = world.run(events_->add(name, {.request_id = "id-1", .payload = std::move(payload)}, limits::event_bytes_max));
    settle();
    return added;
  }
  void configure(EventInvokeRecord record, std::string_view qualifier = latest) {
    store::WriteBatch batch;
    batch.put(FunctionKeys(named("orders").place).event_invoke("orders", qualifier), wire::encode_record(record));
    world.run(world.store.write(std::move(batch))).value();
  }
  void set_dead_letter_queue() {
    put("orders", [](FunctionRecord&, VersionRecord& version) { version.dead_letter_target = "arn:dead"; });
  }
  void settle() { world.executor.run_until_idle(); }
  void advance(Milliseconds by) {
    world.advance(by);
    settle();
  }
  size_t tries() const { return runner.invocations.size(); }
  json::Value record(size_t index = 0) const { return json::parse(destinations.sent.at(index).second.body).value(); }

  RecordedDestinations destinations;

 private:
  std::unique_ptr<Shards> shards_;
  std::optional<AsyncEvents> events_;
};

TEST_F(AsynchronousInvocation, RunsTheFunctionWithTheRequestsId) {
  add(R"({"order":1})").value();
  ASSERT_EQ(tries(), 1u);
  EXPECT_EQ(runner.invocations[0].payload, R"({"order":1})");
  EXPECT_EQ(runner.invocations[0].request_id, "id-1");
  EXPECT_EQ(metrics.sums["AsyncEventsReceived orders"], 1);
  EXPECT_EQ(metrics.samples["AsyncEventAge orders"], 1);
}

TEST_F(AsynchronousInvocation, RetriesAnErrorAfterOneMinuteAndThenTwo) {
  runner.answer(std::string(error), "Unhandled");
  add("{}").value();
  EXPECT_EQ(tries(), 1u);
  advance(59s);
  EXPECT_EQ(tries(), 1u);
  advance(1s);
  EXPECT_EQ(tries(), 2u);
  advance(119s);
  EXPECT_EQ(tries(), 2u);
  advance(1s);
  EXPECT_EQ(tries(), 3u);
  advance(24h);
  EXPECT_EQ(tries(), 3u);
  for (const auto& invocation : runner.invocations) EXPECT_EQ(invocation.request_id, "id-1");
  EXPECT_EQ(metrics.sums["AsyncEventsDropped orders"], 1);
}

TEST_F(AsynchronousInvocation, TellsTheFailureDestinationWhatHappened) {
  configure({.retries_max = 0, .on_success = "arn:success", .on_failure = "arn:failure"});
  runner.answer(std::string(error), "Unhandled");
  add(R"({"order":1})").value();
  ASSERT_EQ(destinations.sent.size(), 1u);
  EXPECT_EQ(destinations.sent[0].first, "arn:failure");
  EXPECT_EQ(destinations.sent[0].second.body,
            R"({"version":"1.0","timestamp":"2027-01-15T08:00:00Z","requestContext":{"requestId":"id-1","functionArn":)"
            R"("arn:aws:lambda:us-east-1:000000000000:function:orders:$LATEST","condition":"RetriesExhausted","approximateInvokeCount":1},)"
            R"("requestPayload":{"order":1},"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},)"
            R"("responsePayload":{"errorMessage":"no stock","errorType":"Error"}})");
}

TEST_F(AsynchronousInvocation, TellsTheSuccessDestinationWhatCameOfIt) {
  configure({.on_success = "arn:success", .on_failure = "arn:failure"});
  runner.answer(R"({"ok":true})");
  add("{}").value();
  ASSERT_EQ(destinations.sent.size(), 1u);
  EXPECT_EQ(destinations.sent[0].first, "arn:success");
  EXPECT_EQ(record().find("requestContext")->find("condition")->as_string(), "Success");
  EXPECT_EQ(json::write(*record().find("responsePayload")), R"({"ok":true})");
  EXPECT_EQ(record().find("responseContext")->find("functionError"), nullptr);
}

TEST_F(AsynchronousInvocation, TheDeadLetterQueueGetsTheEventAndWhy) {
  configure({.retries_max = 0});
  set_dead_letter_queue();
  runner.answer(std::string(error), "Unhandled");
  add(R"({"order":1})").value();
  ASSERT_EQ(destinations.sent.size(), 1u);
  const DestinationMessage& letter = destinations.sent[0].second;
  EXPECT_EQ(letter.body, R"({"order":1})");
  ASSERT_EQ(letter.attributes.size(), 3u);
  EXPECT_EQ(letter.attributes[0].value, "id-1");
  EXPECT_EQ(letter.attributes[1].value, "200");
  EXPECT_EQ(letter.attributes[2].value, "no stock");
}

TEST_F(AsynchronousInvocation, ARefusedEventBacksOffUntilItIsTaken) {
  runner.refuse(runner::account_concurrency_exceeded);
  add("{}").value();
  for (Seconds wait : {1s, 2s, 4s, 8s}) {
    const size_t before = tries();
    advance(wait - 1ms);
    EXPECT_EQ(tries(), before);
    advance(1ms);
    EXPECT_EQ(tries(), before + 1);
  }
  runner.answer("null");
  advance(16s);
  EXPECT_EQ(metrics.sums["Invocations orders"], 1);
  advance(24h);
  EXPECT_EQ(metrics.sums["Invocations orders"], 1);
  EXPECT_EQ(metrics.sums["AsyncEventsDropped orders"], 0);
}

TEST_F(AsynchronousInvocation, AnEventThatIsNeverTakenEndsWithItsAge) {
  configure({.age_seconds_max = 60, .on_failure = "arn:failure"});
  runner.refuse(runner::account_concurrency_exceeded);
  add("{}").value();
  advance(59s);
  EXPECT_TRUE(destinations.sent.empty());
  advance(1s);
  ASSERT_EQ(destinations.sent.size(), 1u);
  EXPECT_EQ(record().find("requestContext")->find("condition")->as_string(), "EventAgeExceeded");
}

TEST_F(AsynchronousInvocation, ARetryThatWouldComeTooLateIsNone) {
  configure({.age_seconds_max = 60, .on_failure = "arn:failure"});
  runner.answer(std::string(error), "Unhandled");
  add("{}").value();
  ASSERT_EQ(destinations.sent.size(), 1u);
  EXPECT_EQ(record().find("requestContext")->find("condition")->as_string(), "EventAgeExceeded");
  EXPECT_EQ(record().find("responsePayload")->find("errorMessage")->as_string(), "no stock");
}

TEST_F(AsynchronousInvocation, AFunctionThatIsSwitchedOffIsNotTried) {
  configure({.on_failure = "arn:failure"});
  put("orders", [](FunctionRecord& function, VersionRecord&) { function.reserved_concurrency = 0; });
  add("{}").value();
  EXPECT_EQ(tries(), 0u);
  ASSERT_EQ(destinations.sent.size(), 1u);
  EXPECT_EQ(record().find("requestContext")->find("condition")->as_string(), "ZeroReservedConcurrency");
  EXPECT_EQ(record().find("responseContext"), nullptr);
}

TEST_F(AsynchronousInvocation, ADestinationThatRefusesIsCounted) {
  configure({.on_success = "arn:success"});
  destinations.faults = {{"UnsupportedDestination", 400, "no"}};
  add("{}").value();
  EXPECT_EQ(metrics.sums["DestinationDeliveryFailures orders"], 1);
  EXPECT_EQ(tries(), 1u);
}

TEST_F(AsynchronousInvocation, ADestinationThatFailsIsToldAgain) {
  configure({.on_success = "arn:success"});
  destinations.faults = {{"InternalFailure", 500, "no"}};
  add("{}").value();
  EXPECT_TRUE(destinations.sent.empty());
  advance(1s);
  EXPECT_EQ(destinations.sent.size(), 1u);
  EXPECT_EQ(tries(), 1u);
  EXPECT_EQ(metrics.sums["DestinationDeliveryFailures orders"], 0);
}

TEST_F(AsynchronousInvocation, ADeadLetterQueueThatRefusesIsCounted) {
  configure({.retries_max = 0});
  set_dead_letter_queue();
  destinations.faults = {{"QueueDoesNotExist", 400, "no"}};
  runner.answer(std::string(error), "Unhandled");
  add("{}").value();
  EXPECT_EQ(metrics.sums["DeadLetterErrors orders"], 1);
}

TEST_F(AsynchronousInvocation, EventsOfAFunctionThatCannotBeRunEndWithTheirAge) {
  configure({.age_seconds_max = 60});
  set_dead_letter_queue();
  add("{}").value();
  put("orders", [](FunctionRecord&, VersionRecord& version) {
    version.dead_letter_target = "arn:dead";
    version.last_update_reason_code = "InvalidZipFileException";
  });
  add("{}").value();
  EXPECT_EQ(tries(), 1u);
  EXPECT_TRUE(destinations.sent.empty());
  advance(60s);
  EXPECT_EQ(destinations.sent.size(), 1u);
  EXPECT_EQ(metrics.sums["AsyncEventsDropped orders"], 1);
}

TEST_F(AsynchronousInvocation, WhatADestinationWasNotToldWhenTheServerEndsIsToldByTheNextOne) {
  configure({.on_success = "arn:success"});
  destinations.faults = {{"InternalFailure", 500, "no"}, {"InternalFailure", 500, "no"}};
  add("{}").value();
  end();
  EXPECT_TRUE(destinations.sent.empty());
  begin();
  EXPECT_EQ(destinations.sent.size(), 1u);
  EXPECT_EQ(metrics.sums["DestinationDeliveryFailures orders"], 0);
}

TEST_F(AsynchronousInvocation, WhatRunsWhenTheServerEndsRunsAgain) {
  runner.hold();
  runner.answer(std::string(error), "Unhandled");
  add("{}").value();
  end();
  EXPECT_EQ(tries(), 1u);
  begin();
  EXPECT_EQ(tries(), 2u);
}

TEST_F(AsynchronousInvocation, WhatEndsWellWhileTheServerEndsIsOver) {
  runner.hold();
  add("{}").value();
  end();
  begin();
  EXPECT_EQ(tries(), 1u);
}

TEST_F(AsynchronousInvocation, EventsOfAFunctionThatIsGoneAreDropped) {
  runner.answer(std::string(error), "Unhandled");
  add("{}").value();
  store::WriteBatch batch;
  batch.erase(FunctionKeys(named("orders").place).function("orders"));
  world.run(world.store.write(std::move(batch))).value();
  advance(60s);
  EXPECT_EQ(tries(), 1u);
  EXPECT_EQ(metrics.sums["AsyncEventsDropped orders"], 1);
}

TEST_F(AsynchronousInvocation, AnEventForNobodyIsRefused) {
  Result<void> added = add("{}", named("nobody"));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, "ResourceNotFoundException");
}

TEST_F(AsynchronousInvocation, AnEventOfMoreThanOneMegabyteIsRefused) {
  Result<void> added = add("\"" + std::string(limits::event_bytes_max, 'x') + "\"");
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().status, 413);
  EXPECT_EQ(added.error().message, "1048578 byte payload is too large for the Event invocation type (limit 1048576 bytes)");
}

}  // namespace
}  // namespace outcrop::lambda
