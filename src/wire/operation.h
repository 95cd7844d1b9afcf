// Services and operations as constant tables: what modelgen's manifest of a service says, and how a request
// that was decoded reaches the function that carries it out.
#pragma once
#include <coroutine>
#include <span>
#include <string_view>

#include "base/task.h"
#include "wire/erased.h"
#include "wire/shape.h"

namespace outcrop {
struct Call;
}

namespace outcrop::wire {

struct Operation;
struct Violation;

// An operation under way: a task whose type only its table knows. Handlers are not coroutines themselves,
// because one coroutine for each of a thousand operations is what compiles slowly.
struct Started {
  Erased task;                   // a Task<Result<Output>>, not yet begun
  std::coroutine_handle<> body;  // its coroutine
  detail::PromiseBase* promise;  // of that coroutine
  // Once it has ended: where its Output is, inside the task; or null and the fault.
  void* (*output)(void* task, Fault& fault);
};

// Makes the task of one operation. `service` is the object of the service's class; `input`, which was decoded
// and validated by Operation::input, is moved from.
using Handler = Started (*)(void* service, Call& call, void* input);

// The protocols AWS's services speak; ServiceModel::protocols lists those of one service, its own first.
enum class ProtocolKind : uint8_t { aws_json_1_0, aws_json_1_1, aws_query, rest_json_1, rest_xml, rpc_v2_cbor };

struct ErrorShape {
  std::string_view name;          // the shape's name: what Fault::code holds
  std::string_view code;          // in the query protocol and x-amzn-query-error: "AWS.SimpleQueueService.NonExistentQueue"
  std::string_view type;          // of __type: "com.amazonaws.sqs#QueueDoesNotExist"
  std::string_view message_name;  // "message" or "Message"
  std::string_view blame_name;    // "Type" of Lambda's errors, which says "User" or "Service" there; else empty
  int status = 400;
  bool sender = true;  // the sender is at fault
};

struct Operation {
  std::string_view name;            // "SendMessage"
  std::string_view method;          // "POST"
  std::string_view uri;             // "/model/{modelId}/invoke", "/{Bucket}/{Key+}?acl"
  int status = 200;                 // of a successful answer
  std::string_view result_wrapper;  // query protocol: "SendMessageResult"; empty when the model names none
  bool is_unsigned = false;         // authtype none: called without credentials
  // Parameters of the query and headers without which a request is not for this operation, when another one has the
  // same path: "uploadId", "x-amz-copy-source".
  std::span<const std::string_view> required_query = {};
  std::span<const std::string_view> required_headers = {};
  bool is_output_unwrapped = false;  // restXml: the output's one member is the root element
  const Shape* input = nullptr;      // null when the operation has no file
  const Shape* output = nullptr;
  Erased (*make_input)() = nullptr;
  Handler handler = nullptr;

  bool is_implemented() const { return handler != nullptr; }
};

// How violations of the model's limits are worded.
enum class Validation : uint8_t {
  collected,  // ValidationException "2 validation errors detected: Value '…' at '…' failed to satisfy constraint: …; …"
  first,      // the same with the first one only
  own,        // ServiceModel::word_violations
};

struct ServiceModel {
  std::string_view name;             // of the model's file and of Call::service: "sqs"
  std::string_view service_id;       // "SQS"
  std::string_view api_version;      // "2012-11-05"
  std::string_view signing_name;     // of the credential scope: "sqs"
  std::string_view endpoint_prefix;  // of host names
  std::string_view target_prefix;    // of X-Amz-Target; empty without a JSON protocol
  std::string_view xml_namespace;    // of XML answers
  std::string_view error_namespace;  // of __type: "com.amazonaws.sqs"; empty: the bare name is sent
  std::span<const ProtocolKind> protocols;
  bool query_compatible = false;  // awsQueryCompatible: errors carry x-amzn-query-error
  bool bare_errors = false;       // restXml, S3: <Error> without <ErrorResponse>, and S3's names of the request id
  bool detailed_errors = false;   // query, SQS: <Error> ends with an empty <Detail>
  Validation validation = Validation::collected;
  // Validation::own: the one answer for all violations, of which there is at least one, in the order of the struct.
  Fault (*word_violations)(const Operation& operation, std::span<const Violation> violations) = nullptr;
  std::span<const Operation> operations;  // all of the model, sorted by name
  std::span<const ErrorShape> errors;     // of the whole service, sorted by name

  const Operation* find_operation(std::string_view name) const;
  const ErrorShape* find_error(std::string_view name) const;
};

// Carries out an operation that is_implemented(): the answer is a struct of operation.output.
Task<Result<Erased>> carry_out(const Operation& operation, void* service, Call& call, Erased input);

// The handler of `function`, a Task<Result<Output>>(Service&, Call&, Input).
template <auto function, class Service, class Input>
Started start(void* service, Call& call, void* input) {
  using Running = decltype(function(*static_cast<Service*>(service), call, std::move(*static_cast<Input*>(input))));
  auto* task = new Running(function(*static_cast<Service*>(service), call, std::move(*static_cast<Input*>(input))));
  return {
      .task = Erased(task, task, [](void* owner) { delete static_cast<Running*>(owner); }),
      .body = task->handle(),
      .promise = &task->handle().promise(),
      .output = [](void* ended, Fault& fault) -> void* {
        auto& result = *static_cast<Running*>(ended)->handle().promise().value;
        if (result) return &*result;
        fault = std::move(result.error());
        return nullptr;
      },
  };
}

}  // namespace outcrop::wire
