// ExecutionLog: what a stage's execution log says of one event, line by line, in the words of AWS where they are known (API Gateway
// Developer Guide, "Configure logging for WebSocket APIs"; re:Post, "How do I turn on CloudWatch Logs to troubleshoot my API?"). Lines
// gather while the event is carried out and are stored when it is over, so that no event waits for its log.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/log_sink.h"
#include "gateway/event/route_event.h"
#include "net/http.h"

namespace outcrop::gateway {

class ExecutionLog {
 public:
  // By the settings of the event's route; null where they say OFF, which is the default. `clock` must outlive it.
  static std::shared_ptr<ExecutionLog> of(const RouteEvent& event, const Clock& clock);

  // Left out where only errors are wanted.
  void info(std::string_view text);
  // Left out unless the route traces data: see traces_data() before making what is not cheap.
  void data(std::string_view text);
  void error(std::string_view text);

  bool traces_data() const { return traces_data_; }
  bool has_error() const { return has_error_; }

  // For how long the integration, which was asked now, takes.
  void asked() { asked_at_ = clock_.steady(); }
  double latency_ms() const;

  std::vector<LogSink::Line> take_lines() { return std::move(lines_); }

 private:
  ExecutionLog(const RouteEvent& event, const Clock& clock, bool has_info, bool traces_data);
  void add(std::string_view text);

  const Clock& clock_;
  const std::string request_id_;
  const bool has_info_, traces_data_;
  bool has_error_ = false;
  SteadyTime asked_at_ = {};
  std::vector<LogSink::Line> lines_;
};

// The group of a stage's execution log: "/aws/apigateway/a1b2c3d4e5/prod".
std::string execution_log_group(const ServedStage& stage);

// What is said of an event at its steps; nothing where its log is null.

// It goes to its route now.
void log_start(const RouteEvent& event, std::string_view body);
// A backend, or the function of an authorizer, is asked.
void log_request(const RouteEvent& event, std::string_view uri, const net::Headers& headers, std::string_view body);
// It answered; `request_id`: its own id of the request, or empty.
void log_response(const RouteEvent& event, int status, const net::Headers& headers, std::string_view body, std::string_view request_id);
// It ends: as its status says, or with what it failed with.
void log_end(const RouteEvent& event);

// "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:…:function:ask/invocations": where AWS asks a function.
std::string function_url(std::string_view function_arn);

}  // namespace outcrop::gateway
