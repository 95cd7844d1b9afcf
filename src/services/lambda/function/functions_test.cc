// Functions as callers have them: what is said of them, how they change, and how they go.
#include <filesystem>

#include "base/digest.h"
#include "base/encoding.h"
#include "services/lambda/testing/function_life.h"

namespace outcrop::lambda {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(FunctionLife, ANewFunctionIsPendingUntilItsCodeIsUnpacked) {
  const CreateFunctionOutput made = create(a_function()).value();
  EXPECT_EQ(made.function_arn, "arn:aws:lambda:us-east-1:111122223333:function:orders");
  EXPECT_EQ(made.version, "$LATEST");
  EXPECT_EQ(made.state, "Pending");
  EXPECT_EQ(made.state_reason, "The function is being created.");
  EXPECT_EQ(made.state_reason_code, "Creating");
  EXPECT_EQ(made.last_update_status, std::nullopt);
  EXPECT_EQ(made.last_modified, "2027-01-15T08:00:00.000+0000");
  EXPECT_EQ(made.code_size, int64_t(a_package().size()));
  EXPECT_EQ(made.code_sha256, base64(sha256(a_package())));
  EXPECT_EQ(made.logging_config->log_group, "/aws/lambda/orders");
  EXPECT_EQ(made.environment, std::nullopt);
  const FunctionConfiguration active = settled("orders");
  EXPECT_EQ(active.state, "Active");
  EXPECT_EQ(active.last_update_status, "Successful");
  EXPECT_NE(active.revision_id, made.revision_id);
}

TEST_F(FunctionLife, ANameIsTakenOnce) {
  make();
  EXPECT_EQ(refusal_of(create(a_function())), "409 ResourceConflictException");
  EXPECT_EQ(message_of(create(a_function())), "Function already exist: orders");
}

TEST_F(FunctionLife, NamesHaveBounds) {
  const std::string longest(64, 'a');
  EXPECT_TRUE(create(a_function(longest)));
  EXPECT_EQ(message_of(create(a_function(longest + "a"))), "1 validation error detected: Value '" + longest +
                                                               "a' at 'functionName' failed to satisfy constraint: Member must have "
                                                               "length less than or equal to 64");
}

TEST_F(FunctionLife, APackageNeedsARuntimeAndAHandler) {
  CreateFunctionInput input = a_function();
  input.runtime.reset();
  EXPECT_EQ(message_of(create(input)), "Runtime is mandatory for functions created with deployment packages.");
  input = a_function();
  input.handler.reset();
  EXPECT_EQ(message_of(create(input)), "Handler is mandatory for functions created with deployment packages.");
}

TEST_F(FunctionLife, PackagesAreLookedThroughFirst) {
  CreateFunctionInput input = a_function();
  input.code.zip_file = "no archive";
  EXPECT_EQ(message_of(create(input)), "Could not unzip uploaded file. Please check your file, then try to upload again.");
  input.code.zip_file = "";
  EXPECT_EQ(message_of(create(input)), "Uploaded file must be a non-empty zip");
  input.code.zip_file.reset();
  EXPECT_EQ(message_of(create(input)), "Please provide a source for function code.");
  input.code.zip_file = std::string((50 << 20) + 1, '\0');
  EXPECT_EQ(refusal_of(create(input)), "413 RequestEntityTooLargeException");
  EXPECT_EQ(message_of(create(input)), "Zipped size must be smaller than 52428800 bytes");
  input.code.zip_file.reset();
  input.code.s3_bucket = "packages";
  input.code.s3_key = "orders.zip";
  EXPECT_THAT(message_of(create(input)), HasSubstr("S3Bucket is not supported by this server"));
}

TEST_F(FunctionLife, WhatThisServerHasNotIsRefusedByName) {
  const auto refuses = [&](auto change, const char* parameter) {
    CreateFunctionInput input = a_function();
    change(input);
    EXPECT_THAT(message_of(create(input)), HasSubstr(std::string(parameter) + " is not supported by this server")) << parameter;
  };
  refuses([](auto& input) { input.package_type = "Image"; }, "PackageType");
  refuses([](auto& input) { input.layers = {"arn:aws:lambda:us-east-1:111122223333:layer:l:1"}; }, "Layers");
  refuses(
      [](auto& input) {
        input.file_system_configs = {{}};
        input.file_system_configs->emplace_back();
      },
      "FileSystemConfigs");
  refuses([](auto& input) { input.image_config.emplace(); }, "ImageConfig");
  refuses([](auto& input) { input.code.image_uri = "i"; }, "ImageUri");
  refuses([](auto& input) { input.durable_config.emplace(); }, "DurableConfig");
}

TEST_F(FunctionLife, NothingExistsInAVpc) {
  CreateFunctionInput input = a_function();
  input.vpc_config = VpcConfig{.subnet_ids = {{"subnet-1"}}, .security_group_ids = {{"sg-1"}}};
  EXPECT_EQ(message_of(create(input)),
            "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error Message: The security group "
            "'sg-1' does not exist");
  input.vpc_config = VpcConfig{.subnet_ids = std::vector<std::string>()};
  EXPECT_EQ(make(input).vpc_config->vpc_id, "");
}

TEST_F(FunctionLife, APackageThatIsBrokenInsideMakesTheFunctionFail) {
  CreateFunctionInput input = a_function();
  input.code.zip_file = ZipMaker().add({.name = "index.js", .content = "1", .wrong_checksum = true}).finish();
  const FunctionConfiguration failed = make(input);
  EXPECT_EQ(failed.state, "Failed");
  EXPECT_EQ(failed.state_reason_code, "InvalidZipFileException");
  EXPECT_EQ(refusal_of(runnable()), "409 ResourceConflictException");
}

TEST_F(FunctionLife, VariablesHaveBoundsAsAwsMeasuresThem) {
  const auto with = [&](wire::Map<std::string> variables) {
    CreateFunctionInput input = a_function();
    input.environment = Environment{.variables = std::move(variables)};
    return create(std::move(input));
  };
  const std::string large(4081, 'x');
  EXPECT_EQ(
      message_of(with({{"LARGE_VAR", large}})),
      "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB "
      "limit. String measured: {\"LARGE_VAR\":\"" +
          large + "\"}");
  EXPECT_TRUE(with({{"LARGE_VAR", large.substr(1)}}));
  EXPECT_THAT(message_of(with({{"AWS_REGION", "x"}, {"MINE", "y"}})), HasSubstr("Reserved keys used in this request: AWS_REGION"));
}

TEST_F(FunctionLife, ChangesAreInProgressAndKeepWhatTheyDoNotSay) {
  make();
  const auto changed = configure({.description = "First", .timeout = 20}).value();
  EXPECT_EQ(changed.last_update_status, "InProgress");
  EXPECT_EQ(changed.last_update_status_reason, "The function is being created.");
  EXPECT_EQ(changed.state, "Active");
  const FunctionConfiguration after = settled("orders");
  EXPECT_EQ(after.last_update_status, "Successful");
  EXPECT_EQ(after.description, "First");
  EXPECT_EQ(after.timeout, 20);
  EXPECT_EQ(after.handler, "index.handler");
}

TEST_F(FunctionLife, OneChangeAtATime) {
  make();
  leave(begin_update);
  const auto second = update_code(a_package("3"));
  EXPECT_EQ(refusal_of(second), "409 ResourceConflictException");
  EXPECT_EQ(message_of(second),
            "The operation cannot be performed at this time. An update is in progress for resource: "
            "arn:aws:lambda:us-east-1:111122223333:function:orders");
}

TEST_F(FunctionLife, ChangesMayNameTheRevisionTheyMean) {
  const FunctionConfiguration made = make();
  EXPECT_EQ(refusal_of(configure({.description = "x", .revision_id = "another"})), "412 PreconditionFailedException");
  EXPECT_TRUE(configure({.description = "x", .revision_id = made.revision_id}));
}

TEST_F(FunctionLife, ARehearsalChangesNothing) {
  const FunctionConfiguration made = make();
  const auto rehearsed = update_code(a_package("2"), {.publish = true, .dry_run = true}).value();
  EXPECT_EQ(rehearsed.code_sha256, base64(sha256(a_package("2"))));
  EXPECT_EQ(get("orders").value(), made);
  EXPECT_THAT(versions(), ElementsAre("$LATEST"));
}

TEST_F(FunctionLife, LevelsOfLogsBelongToJson) {
  make();
  const auto logging = [&](LoggingConfig config) { return configure({.logging_config = std::move(config)}); };
  EXPECT_EQ(refusal_of(logging({.system_log_level = "DEBUG"})), "400 InvalidParameterValueException");
  const auto json = logging({.log_format = "JSON", .system_log_level = "DEBUG"}).value();
  EXPECT_EQ(json.logging_config->application_log_level, "INFO");
  EXPECT_EQ(json.logging_config->system_log_level, "DEBUG");
  settled("orders");
  const auto text = logging({.log_format = "Text"}).value();
  EXPECT_EQ(text.logging_config->application_log_level, std::nullopt);
  EXPECT_EQ(text.logging_config->system_log_level, std::nullopt);
}

TEST_F(FunctionLife, DeletingSaysWhatIsNotThere) {
  EXPECT_EQ(message_of(erase("orders", "1")), "Function not found: arn:aws:lambda:us-east-1:111122223333:function:orders");
  EXPECT_EQ(message_of(erase("orders:$LATEST")), "$LATEST version cannot be deleted without deleting the function.");
  make();
  EXPECT_TRUE(erase("orders", "12"));
  EXPECT_TRUE(erase("orders"));
  EXPECT_EQ(runner.forgotten, std::vector<std::string>{"arn:aws:lambda:us-east-1:111122223333:function:orders"});
  EXPECT_EQ(message_of(get("orders", "1")), "Function not found: arn:aws:lambda:us-east-1:111122223333:function:orders:1");
}

TEST_F(FunctionLife, NothingOfAFunctionOutlivesIt) {
  make();
  publish().value();
  alias("live", "1").value();
  const FunctionKeys keys(place_of(call));
  store::WriteBatch batch;
  for (const std::string& key : {keys.policy("orders", "$LATEST"), keys.event_invoke("orders", "live"), keys.provisioned("orders", "1")})
    batch.put(key, "x");
  ASSERT_TRUE(run(store->write(std::move(batch))));
  ASSERT_TRUE(erase("orders"));
  EXPECT_THAT(run(store->scan(store::Range::prefix("global/lambda"))).value(), IsEmpty());
  EXPECT_TRUE(has_folders(0));
}

TEST_F(FunctionLife, WhoeverKeepsSomethingOfAFunctionHearsOfItsEnd) {
  std::vector<std::string> heard;
  lambda->functions().on_erase([&](store::Transaction&, const FunctionName& name) -> Task<Result<void>> {
    heard.push_back(name.name + "/" + name.qualifier.value_or(""));
    co_return {};
  });
  make();
  publish().value();
  ASSERT_TRUE(erase("orders", "1"));
  ASSERT_TRUE(erase("orders"));
  EXPECT_THAT(heard, ElementsAre("orders/1", "orders/"));
}

TEST_F(FunctionLife, InvocationsGetOneObjectARevision) {
  make();
  const auto first = runnable().value().version;
  EXPECT_EQ(runnable().value().version, first);
  EXPECT_EQ(first->handler, "index.handler");
  EXPECT_EQ(first->version, "$LATEST");
  EXPECT_TRUE(fs::exists(first->code_directory + "/index.js"));
  configure({.environment = Environment{.variables = wire::Map<std::string>{{"STAGE", "test"}}}}).value();
  settled("orders");
  const auto second = runnable().value().version;
  EXPECT_NE(second, first);
  EXPECT_NE(second->revision, first->revision);
  EXPECT_THAT(second->environment, ElementsAre(std::pair<std::string, std::string>("STAGE", "test")));
}

// What environments do not see of a function does not end them.
TEST_F(FunctionLife, AVersionStaysTheSameObjectWhenOnlyTheFunctionChanged) {
  make();
  const auto first = runnable().value().version;
  ASSERT_TRUE(run(lambda->functions().change(named("orders"), [](FunctionRecord& record) -> Result<void> {
    record.reserved_concurrency = 5;
    return {};
  })));
  const auto second = runnable().value();
  EXPECT_EQ(second.version, first);
  EXPECT_EQ(second.reserved_concurrency, 5u);
}

TEST_F(FunctionLife, AFunctionCanBeInvokedBeforeItIsSettled) {
  create(a_function()).value();
  EXPECT_TRUE(runnable());
  EXPECT_EQ(message_of(run(lambda->functions().runnable(named("none")))),
            "Function not found: arn:aws:lambda:us-east-1:111122223333:function:none:$LATEST");
}

TEST_F(FunctionLife, CodeThatRunsStaysThereWhenTheFunctionGoes) {
  make();
  auto running = runnable().value().version;
  ASSERT_TRUE(erase("orders"));
  EXPECT_TRUE(fs::exists(running->code_directory + "/index.js"));
  running = nullptr;
  EXPECT_TRUE(has_folders(0));
}

TEST_F(FunctionLife, CodeIsKeptAsLongAsAVersionHasIt) {
  make();
  publish().value();
  update_code(a_package("2")).value();
  settled("orders");
  EXPECT_TRUE(runnable("1"));
  EXPECT_EQ(folders(), 2u);
  ASSERT_TRUE(erase("orders", "1"));
  EXPECT_TRUE(has_folders(1));
  EXPECT_TRUE(runnable());
}

TEST_F(FunctionLife, WhatAKilledServerLeftIsSettledByTheNext) {
  make();
  leave(begin_creation);
  ASSERT_EQ(get("orders")->state, "Pending");
  ASSERT_TRUE(run(lambda->start()));
  EXPECT_EQ(settled("orders").state, "Active");
  EXPECT_EQ(run(store->get(FunctionKeys(place_of(call)).unsettled("orders", latest))).value(), std::nullopt);
}

TEST_F(FunctionLife, ATaggedFunctionRunsFromItsDirectory) {
  CreateFunctionInput input = a_function();
  input.code.zip_file.reset();
  input.tags = wire::Map<std::string>{{"outcrop:code-directory", directory.path}};
  make(input);
  const auto version = runnable().value().version;
  EXPECT_TRUE(version->code_is_in_place);
  EXPECT_EQ(version->code_directory, directory.path);
  EXPECT_THAT(message_of(publish()), HasSubstr("has no package to publish"));
  input.function_name = "other";
  input.tags = wire::Map<std::string>{{"outcrop:code-directory", directory.path + "/nothing"}};
  EXPECT_THAT(message_of(create(input)), HasSubstr("must name an absolute path of a directory"));
}

TEST_F(FunctionLife, DirectoriesOfTheMachineAreItsOperators) {
  const wire::Map<std::string> tags{{"outcrop:code-directory", directory.path}};
  EXPECT_EQ(code_directory_in(tags, {.below = {"/tmp"}}).value(), directory.path);
  EXPECT_EQ(code_directory_in(tags, {.below = {directory.path}}).value(), directory.path);
  EXPECT_EQ(refusal_of(code_directory_in(tags, {})), "400 InvalidParameterValueException");
  EXPECT_EQ(refusal_of(code_directory_in(tags, {.below = {directory.path + "x", "/usr"}})), "400 InvalidParameterValueException");
  fs::create_directory_symlink("/etc", directory.path + "/link");
  EXPECT_EQ(refusal_of(code_directory_in({{"outcrop:code-directory", directory.path + "/link"}}, {.below = {"/tmp"}})),
            "400 InvalidParameterValueException");
}

TEST_F(FunctionLife, AResetForgetsAnAccountsFunctionsOrAll) {
  make();
  Call other = call_from("us-east-1", "444455556666");
  ASSERT_TRUE(run(create_function(*lambda, other, a_function())));
  ASSERT_TRUE(run(lambda->forget("111122223333")));
  EXPECT_EQ(refusal_of(get("orders")), "404 ResourceNotFoundException");
  EXPECT_TRUE(run(get_function(*lambda, other, {.function_name = "orders"})));
  ASSERT_TRUE(run(lambda->forget(std::nullopt)));
  EXPECT_THAT(run(store->scan(store::Range::prefix("global/lambda"))).value(), IsEmpty());
  EXPECT_TRUE(has_folders(0));
}

TEST_F(FunctionLife, PackagesAreThoseThatVersionsHave) {
  make();
  const std::string named = run(lambda->functions().stored(this->named("orders")))->record.code.blob;
  run(blobs->put("of a server that was killed before its version")).value();
  EXPECT_THAT(run(lambda->functions().packages()).value(), ElementsAre(named));
  ASSERT_TRUE(run(delete_function(*lambda, call, {.function_name = "orders"})));
  EXPECT_THAT(run(lambda->functions().packages()).value(), IsEmpty());
}

TEST_F(FunctionLife, CodeOfAllVersionsCountsForTheAccount) {
  make();
  publish().value();
  EXPECT_EQ(run(lambda->functions().code_bytes(place_of(call))).value(), 2 * a_package().size());
  EXPECT_EQ(run(lambda->functions().count(place_of(call))).value(), 1u);
}

}  // namespace
}  // namespace outcrop::lambda
