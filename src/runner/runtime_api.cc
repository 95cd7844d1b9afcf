#include "runner/runtime_api.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "json/writer.h"
#include "runner/limits.h"

namespace outcrop::runner {

namespace {

constexpr std::string_view runtime_prefix = "/2018-06-01/runtime/";
constexpr std::string_view invocation_prefix = "invocation/";

Task<void> respond_json(net::Exchange& exchange, int status, std::string body) {
  (void)co_await exchange.respond({status, {{"Content-Type", "application/json"}}}, std::move(body));
}

Task<void> accept(net::Exchange& exchange) { return respond_json(exchange, 202, "{\"status\":\"OK\"}\n"); }

Task<void> refuse(net::Exchange& exchange, int status, std::string_view type, std::string_view message) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object();
  writer.name("errorMessage");
  writer.string(message);
  writer.name("errorType");
  writer.string(type);
  writer.end_object();
  return respond_json(exchange, status, std::move(body));
}

Task<void> refuse_too_large(net::Exchange& exchange, uint64_t bytes_max) {
  return refuse(exchange, 413, "RequestEntityTooLarge", fmt::format("Exceeded maximum allowed payload size ({} bytes).", bytes_max));
}

Task<void> refuse_state(net::Exchange& exchange, std::string_view what) { return refuse(exchange, 403, "InvalidStateTransition", what); }

Task<void> refuse_body(net::Exchange& exchange, const Fault& fault) { return refuse(exchange, fault.status, fault.code, fault.message); }

// What a field's value may not hold.
std::string field_text(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return clean;
}

std::string error_type_of(const net::Headers& fields) {
  const std::string_view type = fields.get("Lambda-Runtime-Function-Error-Type");
  if (type.empty()) return "Unhandled";
  return field_text(type.substr(0, limits::error_type_bytes_max));
}

// The runtime's own words where it has some.
Failure reported(std::string type, std::string payload) {
  if (payload.empty()) return failure_of(type, "");
  return {std::move(type), std::move(payload)};
}

// What the runtime says at the end of a stream: nothing, or what went wrong in its midst.
std::optional<Failure> failure_told_after(const net::Headers& trailers) {
  if (!trailers.find("Lambda-Runtime-Function-Error-Type")) return std::nullopt;
  const std::string_view encoded = trailers.get("Lambda-Runtime-Function-Error-Body");
  return reported(error_type_of(trailers), unbase64(encoded).value_or(std::string(encoded)));
}

}  // namespace

struct RuntimeApi::PollGone {
  RuntimeApi& api;
  Poll& poll;
  void operator()() const {
    if (api.poll_ == &poll) api.end_poll();  // and this is gone
  }
};

Task<void> RuntimeApi::serve(net::Exchange& exchange) {
  std::string_view path = exchange.head().path;
  const std::string_view method = exchange.head().method;
  if (is_closed_) {
    exchange.abort();
    co_return;
  }
  if (path.starts_with(runtime_prefix)) {
    path.remove_prefix(runtime_prefix.size());
    if (method == "GET" && path == "invocation/next") co_return co_await serve_next(exchange);
    if (method == "POST" && path == "init/error") co_return co_await take_init_error(exchange);
    if (method == "POST" && path.starts_with(invocation_prefix)) {
      co_return co_await serve_invocation(exchange, path.substr(invocation_prefix.size()));
    }
  }
  (void)co_await exchange.respond({404, {{"Content-Type", "text/plain; charset=utf-8"}}}, "404 page not found\n");
}

// Not while it owes an answer, unless its event did not reach it.
bool RuntimeApi::may_poll() {
  if (poll_) return false;
  if (stage_ == Stage::truncated) {
    stage_ = Stage::answered;
    owner_.failed(truncated_response(event_.execution->invocation().request_id));
  }
  return stage_ == Stage::none || stage_ == Stage::given || stage_ == Stage::answered;
}

Task<void> RuntimeApi::serve_next(net::Exchange& exchange) {
  if (!may_poll()) co_return co_await refuse_state(exchange, "The runtime has an event that it did not answer, or asks for one already.");
  if (stage_ == Stage::given) co_return co_await deliver(exchange);
  event_ = {};
  stage_ = Stage::none;
  {
    Poll poll;
    poll_ = &poll;
    std::stop_callback gone(exchange.stop_token(), PollGone{*this, poll});
    if (!poll.is_over) owner_.polled();
    while (!poll.is_over) co_await poll.over.wait();
  }
  if (stage_ == Stage::given) co_return co_await deliver(exchange);
  exchange.abort();
}

void RuntimeApi::end_poll() {
  Poll& poll = *std::exchange(poll_, nullptr);
  poll.is_over = true;
  poll.over.notify_all();
}

void RuntimeApi::give(RuntimeEvent event) {
  check(is_polling(), "an event was given to a runtime that does not wait for one");
  event_ = std::move(event);
  stage_ = Stage::given;
  end_poll();
}

void RuntimeApi::close() {
  is_closed_ = true;
  event_ = {};
  stage_ = Stage::none;
  if (poll_) end_poll();
}

Task<void> RuntimeApi::deliver(net::Exchange& exchange) {
  const std::shared_ptr<Execution> execution = event_.execution;
  const Invocation& invocation = execution->invocation();
  net::ResponseHead head{200, {}};
  head.headers.reserve(6);
  head.headers.add("Content-Type", "application/json");
  head.headers.add("Lambda-Runtime-Aws-Request-Id", invocation.request_id);
  head.headers.add("Lambda-Runtime-Deadline-Ms", std::to_string(event_.deadline_ms));
  head.headers.add("Lambda-Runtime-Invoked-Function-Arn", field_text(invocation.invoked_arn));
  head.headers.add("Lambda-Runtime-Trace-Id", field_text(event_.trace_header));
  if (!invocation.client_context.empty()) head.headers.add("Lambda-Runtime-Client-Context", field_text(invocation.client_context));
  stage_ = Stage::delivered;  // its answer may come before the write is known to have ended
  const Result<void> sent = co_await exchange.respond(std::move(head), invocation.payload);
  if (!sent && event_.execution == execution && stage_ == Stage::delivered) stage_ = Stage::given;
}

// "ID/response" or "ID/error".
Task<void> RuntimeApi::serve_invocation(net::Exchange& exchange, std::string_view rest) {
  const size_t slash = rest.find('/');
  const std::string_view id = rest.substr(0, slash), what = slash == rest.npos ? std::string_view() : rest.substr(slash + 1);
  if (what != "response" && what != "error") {
    (void)co_await exchange.respond({404, {{"Content-Type", "text/plain; charset=utf-8"}}}, "404 page not found\n");
    co_return;
  }
  if (!event_.execution || event_.execution->invocation().request_id != id) {
    co_return co_await refuse(exchange, 400, "InvalidRequestID", "Invalid request ID");
  }
  if (stage_ != Stage::delivered) co_return co_await refuse_state(exchange, "The invocation was answered already.");
  stage_ = Stage::answering;
  if (what == "response") {
    co_await take_response(exchange);
  } else {
    co_await take_error(exchange);
  }
}

Task<void> RuntimeApi::take_response(net::Exchange& exchange) {
  const std::string_view mode = exchange.head().headers.get("Lambda-Runtime-Function-Response-Mode");
  return ascii_equal_ignoring_case(mode, "streaming") ? take_stream(exchange) : take_whole(exchange);
}

Task<void> RuntimeApi::take_whole(net::Exchange& exchange) {
  const std::shared_ptr<Execution> execution = event_.execution;
  Result<std::string> body = co_await exchange.read_body(limits::response_bytes_max);
  exchange.release_body_budget();
  if (!is_of(*execution)) co_return exchange.abort();  // its time was over meanwhile
  if (body) {
    stage_ = Stage::answered;
    owner_.answered(std::move(*body), false);
    co_return co_await accept(exchange);
  }
  if (body.error().status == 413) {
    stage_ = Stage::answered;
    owner_.failed(response_too_large(limits::response_bytes_max));
    co_return co_await refuse_too_large(exchange, limits::response_bytes_max);
  }
  stage_ = Stage::truncated;
  co_await refuse_body(exchange, body.error());
}

// Part by part, each when the one before was taken.
Task<void> RuntimeApi::take_stream(net::Exchange& exchange) {
  const std::shared_ptr<Execution> execution = event_.execution;
  const uint64_t bytes_max = execution->invocation().is_streamed ? limits::streamed_response_bytes_max : limits::response_bytes_max;
  const std::string_view content_type = exchange.head().headers.get("Content-Type");
  execution->begin(std::string(content_type.empty() ? "application/octet-stream" : content_type));
  for (uint64_t bytes = 0;;) {
    Result<std::optional<std::string>> part = co_await exchange.read_some();
    if (!is_of(*execution)) co_return exchange.abort();
    if (!part) {
      stage_ = Stage::truncated;
      co_return co_await refuse_body(exchange, part.error());
    }
    if (!*part) break;
    bytes += (*part)->size();
    if (bytes > bytes_max) {
      stage_ = Stage::answered;
      owner_.failed(response_too_large(bytes_max));
      co_return co_await refuse_too_large(exchange, bytes_max);
    }
    co_await execution->give(std::move(**part));
    if (!is_of(*execution)) co_return exchange.abort();
  }
  stage_ = Stage::answered;
  if (std::optional<Failure> failure = failure_told_after(exchange.trailers())) {
    owner_.failed(std::move(*failure));
  } else {
    owner_.answered({}, true);
  }
  co_await accept(exchange);
}

Task<void> RuntimeApi::take_error(net::Exchange& exchange) {
  const std::shared_ptr<Execution> execution = event_.execution;
  Result<std::string> body = co_await exchange.read_body(limits::response_bytes_max);
  exchange.release_body_budget();
  if (!is_of(*execution)) co_return exchange.abort();
  stage_ = Stage::answered;
  owner_.failed(body ? reported(error_type_of(exchange.head().headers), std::move(*body))
                     : truncated_response(execution->invocation().request_id));
  if (body) co_return co_await accept(exchange);
  co_await refuse_body(exchange, body.error());
}

Task<void> RuntimeApi::take_init_error(net::Exchange& exchange) {
  Result<std::string> body = co_await exchange.read_body(limits::response_bytes_max);
  exchange.release_body_budget();
  if (is_closed_) co_return exchange.abort();
  if (!body) co_return co_await refuse_body(exchange, body.error());
  owner_.init_failed(reported(error_type_of(exchange.head().headers), std::move(*body)));
  co_await accept(exchange);
}

}  // namespace outcrop::runner
