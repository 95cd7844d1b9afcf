// An operation from its table to the function in its file and back.
#include "wire/operation.h"

#include <gtest/gtest.h>

#include "base/simple_executor.h"
#include "gen/sample/errors.h"
#include "gen/sample/manifest.h"
#include "wire/route.h"
#include "wire/testing/call.h"
#include "wire/testing/sample_service.h"

namespace outcrop::sample {

Task<Result<PutThingOutput>> put_thing(Sample& sample, Call& call, PutThingInput input) {
  ++call.calls;
  co_await Executor::current()->yield();
  if (input.amount == 13) throw std::runtime_error("thirteen");
  if (input.amount > 50) co_return fail(thing_is_busy("Too much at once."));
  sample.last_name = input.name;
  co_return PutThingOutput{.thing_id = "thing-" + input.name};
}

Task<Result<DeleteThingOutput>> delete_thing(Sample& sample, Call& call, DeleteThingInput input) {
  sample.last_name.clear();
  co_return DeleteThingOutput{};
}

}  // namespace outcrop::sample

namespace outcrop::wire {
namespace {

class OperationTest : public ::testing::Test {
 protected:
  Result<Erased> put(std::string name, int amount) { return executor_.run(task_of(std::move(name), amount)); }

  Task<Result<Erased>> task_of(std::string name, int amount) {
    const Operation& operation = *sample::model.find_operation("PutThing");
    Erased input = operation.make_input();
    *static_cast<sample::PutThingInput*>(input.get()) = {.name = std::move(name), .amount = amount};
    return carry_out(operation, &service_, call_, std::move(input));
  }

  RealClock clock_;
  SimpleExecutor executor_{clock_};
  sample::Sample service_;
  Call call_;
};

TEST_F(OperationTest, RunsTheFunctionOfItsFile) {
  Result<Erased> output = put("bolt", 1);
  ASSERT_TRUE(output);
  EXPECT_EQ(static_cast<sample::PutThingOutput*>(output->get())->thing_id, "thing-bolt");
  EXPECT_EQ(service_.last_name, "bolt");
  EXPECT_EQ(call_.calls, 1);
}

TEST_F(OperationTest, GivesTheFaultOfItsFunction) {
  Result<Erased> output = put("bolt", 51);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, "ThingIsBusy");
  EXPECT_EQ(output.error().status, 409);
}

Task<std::string> exception_of(Task<Result<Erased>> task) {
  try {
    static_cast<void>(co_await keep(std::move(task)));
  } catch (const std::runtime_error& exception) {
    co_return exception.what();
  }
  co_return "none";
}

TEST_F(OperationTest, LetsExceptionsPassToTheDispatcher) { EXPECT_EQ(executor_.run(exception_of(task_of("bolt", 13))), "thirteen"); }

TEST(ServiceModel, KnowsItsOperationsAndErrorsByName) {
  const ServiceModel& model = sample::model;
  EXPECT_EQ(model.find_operation("PutThing")->name, "PutThing");
  EXPECT_EQ(model.find_operation("PutThings"), nullptr);
  EXPECT_EQ(model.find_error("ThingIsBusy")->code, "Sample.Busy");
  EXPECT_EQ(model.find_error("ThingIsBusy")->message_name, "Message");
  EXPECT_EQ(model.find_error("Nothing"), nullptr);
}

TEST(ServiceModel, NamesAnOperationThatIsNotImplemented) {
  Operation later{.name = "PolishThing"};
  EXPECT_FALSE(later.is_implemented());
  EXPECT_EQ(not_implemented(sample::model, later).message, "Outcrop does not implement PolishThing of Sample");
}

}  // namespace
}  // namespace outcrop::wire
