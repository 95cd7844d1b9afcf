// Which programs run functions, and how they are started; with programs that only say who they are.
#include "runner/runtimes/runtimes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "runner/runtimes/bootstraps.h"
#include "runner/runtimes/program.h"
#include "runner/testing/runner_rig.h"

namespace outcrop::runner {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class RuntimesTest : public testing::Test {
 protected:
  RuntimesTest() {
    std::string path = (fs::temp_directory_path() / "outcrop-runtimes-XXXXXX").string();
    EXPECT_NE(::mkdtemp(path.data()), nullptr);
    folder_ = path;
  }
  ~RuntimesTest() override { fs::remove_all(folder_); }

  // A program that writes `text`, whatever it is asked.
  std::string program(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    std::ofstream(path) << "#!/bin/sh\necho '" << text << "'\n";
    fs::permissions(path, fs::perms::owner_all);
    return path.string();
  }

  // A Node.js of that version.
  std::string node(const std::string& version) { return program("node", version + "\t" + (folder_ / "node").string() + "\t"); }

  Runtimes with(std::map<std::string, std::string, std::less<>> executables) {
    return Runtimes({.executables = std::move(executables), .bootstrap_directory = "/run/boot", .library_directory = "/opt/library"});
  }

  FunctionVersion function_of(std::string runtime) {
    FunctionVersion function;
    function.runtime = std::move(runtime);
    function.code_directory = folder_.string();
    function.memory_mb = 256;
    return function;
  }

  fs::path folder_;
};

TEST_F(RuntimesTest, NodeRunsTheBootstrapWithAHeapOfTheFunctionsSize) {
  const std::string node = this->node("22.1.0");
  auto launch = with({{"nodejs22.x", node}}).launch(function_of("nodejs22.x"));
  ASSERT_TRUE(launch) << launch.error().message;
  EXPECT_THAT(launch->arguments,
              ElementsAre(node, "--max-semi-space-size=12", "--max-old-space-size=231", "/run/boot/nodejs/bootstrap.cjs", "/opt/library"));
  EXPECT_THAT(launch->environment, ElementsAre(Pair("NODE_PATH", folder_.string())));
  EXPECT_THAT(launch->directories, ElementsAre("/opt/library/node_modules", "/run/boot"));
}

TEST_F(RuntimesTest, AnOldNodeReadsCertificatesLate) {
  auto launch = with({{"nodejs20.x", node("20.20.2")}}).launch(function_of("nodejs20.x"));
  ASSERT_TRUE(launch);
  EXPECT_THAT(launch->environment, ElementsAre(Pair("NODE_PATH", folder_.string()), Pair("NODE_EXTRA_CA_CERTS", "")));
}

TEST_F(RuntimesTest, AHeapTheFunctionSizesItselfIsLeftAlone) {
  const std::string node = this->node("22.1.0");
  FunctionVersion function = function_of("nodejs22.x");
  function.environment = {{"NODE_OPTIONS", "--max-old-space-size=200"}};
  auto launch = with({{"nodejs22.x", node}}).launch(function);
  ASSERT_TRUE(launch);
  EXPECT_THAT(launch->arguments, ElementsAre(node, "/run/boot/nodejs/bootstrap.cjs", "/opt/library"));
}

TEST_F(RuntimesTest, AProgramThatOnlyStandsForAPythonIsLeftAside) {
  const std::string shim = program("python3.12", "3.12.1\t/usr/lib/real/python3.12\t/opt/python");
  auto launch = with({{"python3.12", shim}}).launch(function_of("python3.12"));
  ASSERT_TRUE(launch);
  EXPECT_THAT(launch->arguments, ElementsAre("/usr/lib/real/python3.12", "/run/boot/python/bootstrap.py"));
  EXPECT_THAT(launch->directories, ElementsAre("/opt/python", "/run/boot"));
}

TEST_F(RuntimesTest, AProgramThatOnlyStandsForANodeIsLeftAside) {
  const std::string shim = program("node", "22.1.0\t/opt/nodes/22.1.0/bin/node\t");
  auto launch = with({{"nodejs22.x", shim}}).launch(function_of("nodejs22.x"));
  ASSERT_TRUE(launch);
  EXPECT_EQ(launch->program, "/opt/nodes/22.1.0/bin/node");
}

TEST_F(RuntimesTest, AWrapperStartsTheRuntime) {
  const std::string python = program("python", "3.12.1\t/usr/bin/python3.12\t/usr");
  FunctionVersion function = function_of("python3.12");
  function.environment = {{"AWS_LAMBDA_EXEC_WRAPPER", "/var/task/wrapper"}};
  auto launch = with({{"python3.12", python}}).launch(function);
  ASSERT_TRUE(launch);
  EXPECT_THAT(launch->arguments, ElementsAre("/var/task/wrapper", "/usr/bin/python3.12", "/run/boot/python/bootstrap.py"));
  EXPECT_EQ(launch->program, "/usr/bin/python3.12");
}

TEST_F(RuntimesTest, AnotherVersionIsAProblemThatIsSaidAndNoFault) {
  Runtimes runtimes = with({{"nodejs24.x", node("20.20.2")}});
  EXPECT_TRUE(runtimes.check("nodejs24.x"));
  for (const Runtimes::Described& described : runtimes.describe()) {
    if (described.identifier != "nodejs24.x") continue;
    EXPECT_EQ(described.version, "20.20.2");
    EXPECT_EQ(described.problem, "is version 20, not 24");
  }
}

TEST_F(RuntimesTest, WithoutAProgramCreationSaysWhatToConfigure) {
  auto checked = with({{"nodejs22.x", "/no/such/node"}}).check("nodejs22.x");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, "InvalidParameterValueException");
  EXPECT_EQ(checked.error().message,
            "This server has no program for the runtime nodejs22.x: there is no /no/such/node that runs. Install one, or name it in "
            "outcrop.yaml, runtimes: {nodejs22.x: PATH}.");
}

TEST_F(RuntimesTest, AProgramThatAnswersNothingIsNone) { EXPECT_FALSE(with({{"nodejs22.x", program("node", "")}}).check("nodejs22.x")); }

TEST_F(RuntimesTest, AProgramIsFoundOnceItIsInstalled) {
  Runtimes runtimes = with({{"nodejs22.x", (folder_ / "node").string()}});
  EXPECT_FALSE(runtimes.check("nodejs22.x"));
  node("22.1.0");
  EXPECT_TRUE(runtimes.check("nodejs22.x"));
}

TEST_F(RuntimesTest, WhoeverNeedsTheSameProgramWaitsForOneAnswer) {
  const fs::path path = folder_ / "node", asked = folder_ / "asked", may_answer = folder_ / "may_answer";
  ASSERT_EQ(::mkfifo(may_answer.c_str(), 0600), 0);
  std::ofstream(path) << "#!/bin/sh\necho >> " << asked.string() << "\nread line < " << may_answer.string() << "\nprintf '22.1.0\\t"
                      << path.string() << "\\t\\n'\n";
  fs::permissions(path, fs::perms::owner_all);
  const Runtimes runtimes = with({{"nodejs22.x", path.string()}});
  std::atomic<int> launched = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 8; ++caller) {
      callers.emplace_back([&] { launched += runtimes.launch(function_of("nodejs22.x")).has_value(); });
    }
    std::ofstream(may_answer) << "now\n";  // opens once somebody asks; a second program would wait for ever, and answer nothing
  }
  EXPECT_EQ(launched, 8);
  EXPECT_EQ(fs::file_size(asked), 1u);
}

TEST_F(RuntimesTest, OtherIdentifiersAreRefusedForWhatTheyAre) {
  Runtimes runtimes = with({});
  EXPECT_THAT(runtimes.check("java21").error().message, HasSubstr("This server has no runtime java21"));
  EXPECT_THAT(runtimes.check("go1.x").error().message,
              HasSubstr("The runtime parameter of go1.x is no longer supported for creating or updating AWS Lambda functions."));
  EXPECT_THAT(runtimes.check("cobol85").error().message, HasSubstr("Value cobol85 at 'runtime' failed to satisfy constraint: Member must"));
}

TEST_F(RuntimesTest, AProvidedRuntimeRunsTheFunctionsOwnBootstrap) {
  Runtimes runtimes = with({});
  EXPECT_TRUE(runtimes.check("provided.al2023"));
  auto lacking = runtimes.launch(function_of("provided.al2023"));
  ASSERT_FALSE(lacking);
  EXPECT_EQ(lacking.error().code, "Runtime.InvalidEntrypoint");
  const std::string bootstrap = program("bootstrap", "");
  EXPECT_THAT(runtimes.launch(function_of("provided.al2023"))->arguments, ElementsAre(bootstrap));
}

TEST_F(RuntimesTest, BootstrapsArePutWhereEverybodyCanReadThem) {
  auto directory = install_bootstraps((folder_ / "runtimes").string());
  ASSERT_TRUE(directory) << directory.error().message;
  ASSERT_FALSE(bootstrap_files().empty());
  for (const BootstrapFile& file : bootstrap_files()) {
    struct stat status;
    const std::string path = *directory + "/" + std::string(file.path);
    ASSERT_EQ(::stat(path.c_str(), &status), 0) << path;
    EXPECT_EQ(status.st_mode & 0777, 0644u);
    EXPECT_EQ(size_t(status.st_size), file.text.size());
  }
}

TEST_F(RuntimesTest, ABootstrapThatLostItsContentIsPutAnew) {
  const std::string parent = (folder_ / "runtimes").string();
  const std::string file = install_bootstraps(parent).value() + "/" + std::string(bootstrap_files().front().path);
  fs::resize_file(file, 0);
  ASSERT_TRUE(install_bootstraps(parent));
  EXPECT_EQ(fs::file_size(file), bootstrap_files().front().text.size());
}

TEST_F(RuntimesTest, BootstrapsOfOtherReleasesGoAndTheSameStay) {
  const std::string parent = (folder_ / "runtimes").string();
  fs::create_directories(parent + "/0123456789abcdef");
  auto first = install_bootstraps(parent);
  ASSERT_TRUE(first);
  EXPECT_FALSE(fs::exists(parent + "/0123456789abcdef"));
  EXPECT_EQ(install_bootstraps(parent).value(), *first);
}

TEST(Program, EndsWhatTheProgramStarted) {
  const auto started = first_line_of({"/bin/sh", "-c", "tail -f /dev/null > /dev/null & echo $!; wait"});
  ASSERT_TRUE(started);
  EXPECT_TRUE(RunnerRig::wait_until([&] { return has_ended(std::stoi(*started)); }));
}

TEST(Program, WaitsForNoProgramThatWritesALineAndStays) {
  EXPECT_EQ(first_line_of({"/bin/sh", "-c", "echo here; exec tail -f /dev/null"}), "here");
  EXPECT_EQ(first_line_of({"/no/such/program"}), std::nullopt);
  EXPECT_TRUE(find_program("sh"));
  EXPECT_FALSE(find_program("no-such-program-anywhere"));
}

}  // namespace
}  // namespace outcrop::runner
