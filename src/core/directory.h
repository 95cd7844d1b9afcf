// Directory: the services of this server and the one way to run their operations. What came over a socket and
// what one service asks of another pass the same admission, validation and metrics.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "core/admission.h"
#include "core/call.h"
#include "core/limits.h"
#include "core/metrics.h"
#include "json/json.h"
#include "wire/operation.h"

namespace outcrop {

// What differs between services in how calls enter.
struct ServicePolicy {
  Fault throttled = {"ThrottlingException", 400, "Rate exceeded"};
  size_t body_bytes_max = limits::body_bytes_default;  // of a request as it comes, and once more when decompressed
  // Its operations wait for nothing but the disk while they hold what a body brought, so a body counts in the server's
  // budget until it is answered. Never for a service whose calls wait for other calls: those could starve each other.
  bool keeps_body_budget = false;
};

class Directory {
 public:
  struct Operation {
    const wire::Operation& model;
    std::unique_ptr<Throttle> throttle;  // null: none
    Counter& begun;
    Counter& calls;  // ended
    LatencyHistogram& latency;
    const wire::Member* input_stream = nullptr;  // the member that is read while the request comes, if there is one
    const wire::Member* output_stream = nullptr;

    // Whether a stream is one of events.
    bool has_events() const { return (input_stream && input_stream->shape->element) || (output_stream && output_stream->shape->element); }
  };
  struct Service {
    const wire::ServiceModel& model;
    void* object;  // of the service's class
    ServicePolicy policy;
    std::map<std::string_view, Operation> operations;  // those that are implemented
  };

  Directory(Admission& admission, Metrics& metrics) : admission_(admission), metrics_(metrics) {}

  // Before the server serves. Model and object must outlive the directory.
  template <class S>
  void add(const wire::ServiceModel& model, S& service, ServicePolicy policy = {}) {
    add_erased(model, &service, std::move(policy));
  }

  // By the model's name; null when there is none.
  const Service* find(std::string_view service) const;
  std::vector<const Service*> services() const;

  // The operation of a service, or null when it is not implemented.
  static const Operation* find(const Service& service, std::string_view operation);

  // Gives the input of a call that was admitted: decoded and validated. Runs once at most.
  using Decode = std::function<Result<wire::Erased>()>;

  // Carries out what `call` names: admits, decodes, runs, measures. What an operation throws is a bug or a broken
  // machine: it is logged here, once, and answered as InternalFailure 500.
  Task<Result<wire::Erased>> carry_out(const Service& service, const Operation& operation, Call& call, const Decode& decode);

  // The same for what counts as an operation and came by a door of its own, which has read it: `work` runs once it is admitted.
  template <class T>
  Task<Result<T>> carry_out(const Service& service, const Operation& operation, Call& call, Task<Result<T>> work) {
    return measured(operation, call, admitted(service, operation, call, std::move(work)));
  }

  // Counts an error of a call. carry_out() counts its own; what ends a stream after it is told here.
  void count_error(const Call& call, const Fault& fault);

  // A call from one service to another on behalf of `parent`. Input and Output are the structs of the operation
  // (checked): invoke<SendMessageOutput>(call, "sqs", "SendMessage", SendMessageInput{…}). A stream of the output is read as
  // an SDK would, and may outlive `parent`; whoever does not read it to its end closes it.
  template <class Output, class Input>
  Task<Result<Output>> invoke(const Call& parent, std::string_view service, std::string_view operation, Input input) {
    wire::Erased output = co_await invoke_erased(parent, service, operation, &Input::shape, wire::erase(std::move(input)), &Output::shape);
    co_return std::move(*static_cast<Output*>(output.get()));
  }

  // The same with JSON, by the model's member names, as state machines and event targets have it. A streamed body is a
  // string there, of at most limits::json_stream_bytes_max; operations with event streams cannot be called this way. Faults as the
  // operation does; UnknownService 400 and UnknownOperationException 400 when there is no such thing.
  Task<Result<json::Value>> invoke_json(const Call& parent, std::string_view service, std::string_view operation, json::Value input);

 private:
  struct Target {
    const Service& service;
    const Operation& operation;
  };
  void add_erased(const wire::ServiceModel& model, void* service, ServicePolicy policy);
  Result<Target> target(std::string_view service, std::string_view operation) const;
  Task<Result<wire::Erased>> invoke_erased(const Call& parent, std::string_view service, std::string_view operation,
                                           const wire::Shape* input_shape, wire::Erased input, const wire::Shape* output_shape);
  Task<Result<void>> admit(const Service& service, const Operation& operation, Call& call);
  Task<Result<wire::Erased>> run(const Service& service, const Operation& operation, Call& call, const Decode& decode);
  static Fault told_as_failure(const Call& call, const std::exception& problem);

  template <class T>
  Task<Result<T>> admitted(const Service& service, const Operation& operation, Call& call, Task<Result<T>> work) {
    co_await admit(service, operation, call);
    co_return co_await keep(std::move(work));
  }
  template <class T>
  Task<Result<T>> measured(const Operation& operation, Call& call, Task<Result<T>> work) {
    const SteadyTime begun = call.world.clock.steady();
    operation.begun.add();
    std::optional<Result<T>> result;
    try {
      result.emplace(co_await keep(std::move(work)));
    } catch (const std::exception& problem) {
      result.emplace(fail(told_as_failure(call, problem)));
    }
    operation.calls.add();
    operation.latency.observe(call.world.clock.steady() - begun);
    if (!*result) count_error(call, result->error());
    co_return std::move(*result);
  }

  Admission& admission_;
  Metrics& metrics_;
  std::map<std::string, Service, std::less<>> services_;
};

}  // namespace outcrop
