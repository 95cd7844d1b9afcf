// An exchange without a socket: a request that a test made, and what was answered.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/http.h"

namespace outcrop {

class TestExchange final : public net::Exchange {
 public:
  explicit TestExchange(net::RequestHead head, std::string body = "") : head_(std::move(head)), body_(std::move(body)) {}

  std::optional<net::ResponseHead> response;
  std::string answer;               // the body
  std::vector<std::string> writes;  // of a streamed one
  bool finished = false;
  // What takes a write; a fault is that of a peer that has gone.
  std::function<Task<Result<void>>()> before_write = []() -> Task<Result<void>> { co_return {}; };
  bool aborted = false;
  bool released = false;
  size_t part_bytes = 4;                    // of what read_some() gives
  std::optional<uint64_t> declared_length;  // of a streamed answer
  std::stop_source stop;

  int status() const { return response ? response->status : 0; }

  const net::RequestHead& head() const override { return head_; }
  std::optional<uint64_t> content_length() const override { return body_.size(); }
  Task<Result<std::optional<std::string>>> read_some() override {
    if (body_.empty()) co_return std::nullopt;
    std::string part = body_.substr(0, part_bytes);
    body_.erase(0, part_bytes);
    co_return part;
  }
  Task<Result<std::string>> read_body(size_t limit) override {
    if (body_.size() > limit) co_return fail("RequestEntityTooLarge", 413, "The body is too large.");
    co_return body_;
  }
  void release_body_budget() override { released = true; }
  Task<Result<void>> respond(net::ResponseHead head, std::string body) override {
    response = std::move(head);
    answer = std::move(body);
    co_return {};
  }
  Task<Result<void>> start(net::ResponseHead head, std::optional<uint64_t> length) override {
    response = std::move(head);
    declared_length = length;
    co_return {};
  }
  Task<Result<void>> write(std::string_view bytes) override {
    co_await before_write();
    writes.emplace_back(bytes);
    answer += bytes;
    co_return {};
  }
  Task<Result<void>> finish(net::Headers) override {
    finished = true;
    co_return {};
  }
  void abort() override { aborted = true; }
  std::stop_token stop_token() const override { return stop.get_token(); }

 private:
  net::RequestHead head_;
  std::string body_;
};

}  // namespace outcrop
