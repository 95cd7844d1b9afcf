// A load generator for SQS over HTTP/1.1: one thread, epoll, as many connections as asked for, each with one
// request in flight. Prints one JSON object: what it did, how fast, and the latencies it saw.
//
// usage: bench_sqs_load --port N --mode send|batch|consume|poll|hold --queue URL [--connections N] [--seconds S] [--bytes N] [--count N]
//   send     SendMessage of `bytes`
//   batch    SendMessageBatch of 10
//   consume  ReceiveMessage of `count` messages (1 or 10), then their deletion
//   poll     one long poll at a time; time from writing a SendMessage to the poll's answer; `count` times
//   hold     every connection sends one SendMessage, all at once
#include <CLI/CLI.hpp>

#include "http_load.h"

namespace {

using http_load::Clock;

struct Options {
  int port = 4566;
  std::string mode = "send", queue;
  int connections = 64;
  double seconds = 5;
  size_t bytes = 1024;
  int count = 1;
};

std::string request_text(const std::string& operation, const std::string& body) {
  return http_load::aws_json_request("sqs", "AmazonSQS." + operation, body);
}

class Load {
 public:
  explicit Load(const Options& options) : options_(options), connections_(size_t(options.connections), options.port) {
    const std::string text(options.bytes, 'x'), url = "{\"QueueUrl\":\"" + options.queue + "\",";
    send_ = request_text("SendMessage", url + "\"MessageBody\":\"" + text + "\"}");
    std::string entries;
    for (int i = 0; i < 10; ++i) entries += fmt::format("{}{{\"Id\":\"{}\",\"MessageBody\":\"{}\"}}", i ? "," : "", i, text);
    batch_ = request_text("SendMessageBatch", url + "\"Entries\":[" + entries + "]}");
    receive_ = request_text("ReceiveMessage", fmt::format("{}\"MaxNumberOfMessages\":{},\"VisibilityTimeout\":600}}", url, options.count));
    poll_ = request_text("ReceiveMessage", url + "\"WaitTimeSeconds\":20}");
    receipts_.resize(connections_.size());
  }

  void run() {
    if (options_.mode == "poll") return run_polls();
    began_ = Clock::now();
    end_ = http_load::seconds_after(began_, options_.seconds);
    for (size_t i = 0; i < connections_.size(); ++i) start_next(i);
    while (in_flight_ > 0) connections_.wait([&](size_t i) { answered(i); });
    http_load::report(items_, began_, latencies_us_);
  }

 private:
  void start_next(size_t i) {
    ++in_flight_;
    connections_.begin(i, options_.mode == "batch" ? batch_ : options_.mode == "consume" ? receive_ : send_);
  }

  void answered(size_t i) {
    std::vector<std::string>& receipts = receipts_[i];
    latencies_us_.push_back(http_load::us_since(connections_[i].began));
    if (options_.mode == "consume" && receipts.empty() && start_deletion(i)) return;
    items_ += options_.mode == "batch" ? 10 : options_.mode == "consume" ? receipts.size() : 1;
    bool drained = options_.mode == "consume" && receipts.empty();
    receipts.clear();
    --in_flight_;
    if (drained) end_ = Clock::now();
    if (options_.mode != "hold" && Clock::now() < end_) start_next(i);
  }

  // Deletes what a receive gave; false when it gave nothing.
  bool start_deletion(size_t i) {
    const http_load::Connection& c = connections_[i];
    std::vector<std::string>& receipts = receipts_[i];
    static constexpr std::string_view key = "\"ReceiptHandle\":\"";
    for (size_t at = c.in.find(key, c.head_end); at != std::string::npos; at = c.in.find(key, at)) {
      at += key.size();
      receipts.push_back(c.in.substr(at, c.in.find('"', at) - at));
    }
    if (receipts.empty()) return false;
    std::string body = "{\"QueueUrl\":\"" + options_.queue + "\",";
    if (options_.count == 1) {
      connections_.begin(i, request_text("DeleteMessage", body + "\"ReceiptHandle\":\"" + receipts[0] + "\"}"));
      return true;
    }
    for (size_t k = 0; k < receipts.size(); ++k)
      body += fmt::format("{}{{\"Id\":\"{}\",\"ReceiptHandle\":\"{}\"}}", k ? "," : "\"Entries\":[", k, receipts[k]);
    connections_.begin(i, request_text("DeleteMessageBatch", body + "]}"));
    return true;
  }

  // Connection 0 polls and then deletes, connection 1 sends while it polls.
  void run_polls() {
    began_ = Clock::now();
    for (int round = 0; round < options_.count; ++round) {
      connections_.begin(0, poll_);
      // The poll is waiting once a later request on another connection was answered and some time has passed
      // in the server; a second answered request makes sure.
      for (int k = 0; k < 2; ++k)
        exchange(1, request_text("GetQueueUrl", "{\"QueueName\":\"" + options_.queue.substr(options_.queue.rfind('/') + 1) + "\"}"));
      Clock::time_point sent = Clock::now();
      connections_.begin(1, send_);
      bool polled = false, confirmed = false;
      while (!polled || !confirmed) {
        connections_.wait([&](size_t i) {
          if (i == 0) {
            polled = true;
            latencies_us_.push_back(http_load::us_since(sent));
          } else {
            confirmed = true;
          }
        });
      }
      receipts_[0].clear();
      bool deleting = start_deletion(0);
      while (deleting) connections_.wait([&](size_t) { deleting = false; });
      receipts_[0].clear();
    }
    http_load::report(latencies_us_.size(), began_, latencies_us_);
  }

  void exchange(size_t i, const std::string& text) {
    connections_.begin(i, text);
    for (bool done = false; !done;) connections_.wait([&](size_t j) { done = i == j; });
  }

  Options options_;
  http_load::Connections connections_;
  std::vector<std::vector<std::string>> receipts_;  // of each connection
  std::string send_, batch_, receive_, poll_;
  std::vector<double> latencies_us_;
  Clock::time_point began_, end_;
  size_t items_ = 0;
  int in_flight_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app;
  app.add_option("--port", options.port);
  app.add_option("--mode", options.mode);
  app.add_option("--queue", options.queue);
  app.add_option("--connections", options.connections);
  app.add_option("--seconds", options.seconds);
  app.add_option("--bytes", options.bytes);
  app.add_option("--count", options.count);
  CLI11_PARSE(app, argc, argv);
  if (options.mode == "poll") options.connections = 2;
  Load(options).run();
}
