#include "runner/runtimes/runtimes.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <mutex>
#include <span>

#include "base/log.h"
#include "runner/runtimes/program.h"

namespace outcrop::runner {

namespace {

enum class Language { node, python, provided };

struct KnownRuntime {
  std::string_view identifier;
  Language language;
  std::string_view release = {};  // as versions begin: "22", "3.12"
};

constexpr KnownRuntime known_runtimes[] = {
    {"nodejs18.x", Language::node, "18"},     {"nodejs20.x", Language::node, "20"},     {"nodejs22.x", Language::node, "22"},
    {"nodejs24.x", Language::node, "24"},     {"python3.9", Language::python, "3.9"},   {"python3.10", Language::python, "3.10"},
    {"python3.11", Language::python, "3.11"}, {"python3.12", Language::python, "3.12"}, {"python3.13", Language::python, "3.13"},
    {"python3.14", Language::python, "3.14"}, {"provided.al2", Language::provided},     {"provided.al2023", Language::provided},
};

// What AWS still creates functions of and this server has not, and what AWS creates no more (Developer Guide, "Lambda runtimes").
constexpr std::string_view foreign_runtimes[] = {"java8.al2", "java11",  "java17",  "java21",  "java25",  "dotnet6",    "dotnet8",
                                                 "dotnet10",  "ruby3.2", "ruby3.3", "ruby3.4", "ruby4.0", "nodejs16.x", "python3.8"};
constexpr std::string_view retired_runtimes[] = {"nodejs",     "nodejs4.3",     "nodejs4.3-edge", "nodejs6.10",    "nodejs8.10",
                                                 "nodejs10.x", "nodejs12.x",    "nodejs14.x",     "python2.7",     "python3.6",
                                                 "python3.7",  "dotnetcore1.0", "dotnetcore2.0",  "dotnetcore2.1", "dotnetcore3.1",
                                                 "java8",      "go1.x",         "ruby2.5",        "ruby2.7",       "provided"};

// As AWS lists them, in its order.
constexpr std::string_view offered_by_aws =
    "nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, java25, python3.10, python3.11, java21, "
    "ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, java17, nodejs16.x, dotnet10, dotnet8, java11, dotnet6, nodejs18.x, provided.al2, "
    "java8.al2";

std::unexpected<Fault> invalid_parameter(std::string message) { return fail("InvalidParameterValueException", 400, std::move(message)); }

bool is_among(std::span<const std::string_view> identifiers, std::string_view identifier) {
  return std::ranges::find(identifiers, identifier) != identifiers.end();
}

Result<const KnownRuntime*> find_runtime(std::string_view identifier) {
  auto known = std::ranges::find(known_runtimes, identifier, &KnownRuntime::identifier);
  if (known != std::end(known_runtimes)) return known;
  if (is_among(foreign_runtimes, identifier)) {
    return invalid_parameter(
        fmt::format("This server has no runtime {}: it runs nodejs18.x to nodejs24.x, python3.9 to python3.14, provided.al2 and "
                    "provided.al2023. A function of another language can bring its own runtime client as provided.al2023.",
                    identifier));
  }
  if (is_among(retired_runtimes, identifier)) {
    return invalid_parameter(
        fmt::format("The runtime parameter of {} is no longer supported for creating or updating AWS Lambda functions. We recommend you "
                    "use a supported runtime while creating or updating functions.",
                    identifier));
  }
  return invalid_parameter(
      fmt::format("Value {} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [{}] or be a valid ARN",
                  identifier, offered_by_aws));
}

std::string_view program_name(Language language) { return language == Language::node ? "node" : "python3"; }

struct Program {
  std::string executable, version, problem;  // no executable: none was found, and the problem says where
  std::string home = {};                     // where its own library is, if it has one
};

// What makes a program say who it is: its version, itself and, for Python, where its library is, with tabs between. So those that only
// stand for another (pyenv's, nodenv's) can be left aside in favour of it.
std::vector<std::string> questions(Language language) {
  if (language == Language::node) return {"-p", "[process.versions.node, process.execPath, ''].join('\\t')"};
  return {"-S", "-c", "import platform, sys; print(platform.python_version(), sys.executable, sys.base_prefix, sep='\\t')"};
}

// None when it does not answer.
std::optional<Program> ask(const std::string& path, Language language) {
  std::vector<std::string> arguments = questions(language);
  arguments.insert(arguments.begin(), path);
  const auto line = first_line_of(arguments);
  if (!line) return std::nullopt;
  const size_t first = line->find('\t'), second = line->rfind('\t');
  if (first == second) return std::nullopt;
  return Program{line->substr(first + 1, second - first - 1), line->substr(0, first), "", line->substr(second + 1)};
}

// "20" of "20.20.2", "3.11" of "3.11.7".
std::string_view release_of(std::string_view version, Language language) {
  size_t end = version.find('.');
  if (language == Language::python && end != std::string_view::npos) end = version.find('.', end + 1);
  return version.substr(0, end);
}

Program choose(const KnownRuntime& runtime, const RuntimeSettings& settings) {
  std::vector<std::string> names;
  if (auto configured = settings.executables.find(runtime.identifier); configured != settings.executables.end()) {
    names.push_back(configured->second);
  } else {
    if (runtime.language == Language::python) names.emplace_back(runtime.identifier);
    names.emplace_back(program_name(runtime.language));
  }
  for (const std::string& name : names) {
    auto path = find_program(name);
    auto program = path ? ask(*path, runtime.language) : std::nullopt;
    if (!program) continue;
    if (auto release = release_of(program->version, runtime.language); release != runtime.release) {
      program->problem = fmt::format("is version {}, not {}", release, runtime.release);
    }
    return std::move(*program);
  }
  return {.executable = "", .version = "", .problem = fmt::format("there is no {} that runs", names.back())};
}

// Of the heap, as AWS sizes it: a tenth of the memory for what is new, the rest for what is kept. Unless the function says so itself.
void add_heap_sizes(std::vector<std::string>& arguments, const FunctionVersion& function) {
  for (const auto& [name, value] : function.environment) {
    if (name == "NODE_OPTIONS" && value.contains("space")) return;
  }
  const int fresh_mb = function.memory_mb / 10;
  arguments.push_back(fmt::format("--max-semi-space-size={}", std::max(1, fresh_mb / 2)));
  arguments.push_back(fmt::format("--max-old-space-size={}", function.memory_mb - fresh_mb));
}

void add_directory(Launch& launch, const std::string& directory) {
  if (directory.empty()) return;
  launch.directories.push_back(directory);
  std::error_code error;
  const std::string real = std::filesystem::canonical(directory, error).string();
  if (!error && real != directory) launch.directories.push_back(real);
}

Result<Launch> launch_provided(const FunctionVersion& function) {
  Launch launch;
  launch.arguments.push_back(function.code_directory + "/bootstrap");
  std::error_code ignored;
  const std::string& path = launch.arguments[0];
  if (!std::filesystem::is_regular_file(path, ignored) || ::access(path.c_str(), X_OK) != 0) {
    return fail("Runtime.InvalidEntrypoint", 400, "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
  }
  return launch;
}

}  // namespace

// What was found out about programs, by identifier.
struct Runtimes::Programs {
  std::mutex mutex;
  std::map<std::string_view, std::shared_future<Program>> asked;  // guarded by mutex; what is being asked, too

  // One caller asks, without the lock, and whoever needs the same one waits for that answer: a program may take seconds to give it
  // (pyenv's are scripts), and longer when it is asked many times at once.
  Program of(const KnownRuntime& runtime, const RuntimeSettings& settings) {
    std::promise<Program> answer;
    std::unique_lock lock(mutex);
    const auto [entry, is_first] = asked.try_emplace(runtime.identifier);
    if (!is_first) {
      auto awaited = entry->second;
      lock.unlock();
      return awaited.get();
    }
    entry->second = answer.get_future().share();
    lock.unlock();
    Program program = choose(runtime, settings);
    if (program.executable.empty()) {
      lock.lock();
      asked.erase(runtime.identifier);  // it may be installed at any time
    } else if (!program.problem.empty()) {
      log::warning("a runtime's program has another version",
                   {{"runtime", runtime.identifier}, {"executable", program.executable}, {"version", program.version}});
    }
    answer.set_value(program);
    return program;
  }

  // The program of a runtime that needs one.
  Result<Program> needed(const KnownRuntime& runtime, const RuntimeSettings& settings) {
    Program program = of(runtime, settings);
    if (!program.executable.empty()) return program;
    return invalid_parameter(
        fmt::format("This server has no program for the runtime {}: {}. Install one, or name it in outcrop.yaml, runtimes: {{{}: PATH}}.",
                    runtime.identifier, program.problem, runtime.identifier));
  }
};

std::vector<std::string_view> chosen_identifiers() {
  std::vector<std::string_view> identifiers;
  for (const KnownRuntime& runtime : known_runtimes) {
    if (runtime.language != Language::provided) identifiers.push_back(runtime.identifier);
  }
  return identifiers;
}

Runtimes::Runtimes(RuntimeSettings settings) : settings_(std::move(settings)), programs_(std::make_unique<Programs>()) {}
Runtimes::~Runtimes() = default;

Result<void> Runtimes::check(std::string_view identifier) const {
  auto runtime = find_runtime(identifier);
  if (!runtime) return fail(std::move(runtime.error()));
  if ((*runtime)->language == Language::provided) return {};
  if (auto program = programs_->needed(**runtime, settings_); !program) return fail(std::move(program.error()));
  return {};
}

Result<Launch> Runtimes::launch(const FunctionVersion& function) const {
  auto runtime = find_runtime(function.runtime);
  if (!runtime) return fail(std::move(runtime.error()));
  const Language language = (*runtime)->language;
  if (language == Language::provided) return launch_provided(function);
  auto program = programs_->needed(**runtime, settings_);
  if (!program) return fail(std::move(program.error()));

  Launch launch;
  // A program that the function wants to be started by, with the rest as its arguments (Developer Guide, "Modifying the runtime
  // environment").
  for (const auto& [name, value] : function.environment) {
    if (name == "AWS_LAMBDA_EXEC_WRAPPER" && !value.empty()) launch.arguments.push_back(value);
  }
  launch.arguments.push_back(program->executable);
  launch.program = program->executable;
  if (language == Language::node) {
    add_heap_sizes(launch.arguments, function);
    launch.arguments.push_back(settings_.bootstrap_directory + "/nodejs/bootstrap.cjs");
    launch.arguments.push_back(settings_.library_directory);
    launch.environment.emplace_back("NODE_PATH", function.code_directory);  // as on AWS: require("lib/x") is the function's own
    // Older ones read what that names at each start, 40 ms; the bootstrap does when TLS is used first.
    if (std::atoi(program->version.c_str()) < 22) launch.environment.emplace_back("NODE_EXTRA_CA_CERTS", "");
    if (!settings_.library_directory.empty()) add_directory(launch, settings_.library_directory + "/node_modules");
  } else {
    launch.arguments.push_back(settings_.bootstrap_directory + "/python/bootstrap.py");
    if (program->home != "/usr") add_directory(launch, program->home);
  }
  add_directory(launch, settings_.bootstrap_directory);
  return launch;
}

std::vector<Runtimes::Described> Runtimes::describe() const {
  std::vector<Described> described;
  for (const KnownRuntime& runtime : known_runtimes) {
    if (runtime.language == Language::provided) {
      described.push_back({std::string(runtime.identifier), "bootstrap", "", "what the function ships"});
      continue;
    }
    Program program = choose(runtime, settings_);
    described.push_back(
        {std::string(runtime.identifier), std::move(program.executable), std::move(program.version), std::move(program.problem)});
  }
  return described;
}

}  // namespace outcrop::runner
