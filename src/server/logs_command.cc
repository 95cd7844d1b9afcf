#include "server/logs_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <unordered_set>

#include "base/arn.h"
#include "base/encoding.h"
#include "core/timers.h"
#include "server/admin_client.h"
#include "server/command_line.h"
#include "wire/event_stream.h"

namespace outcrop::server {

namespace {

constexpr Seconds until_a_group_is_there{1};  // how often one that is not there yet is looked for
// What was read of the past may come once more from the live stream, in its first updates.
constexpr int updates_that_repeat = 3;
constexpr size_t remembered_events_max = 100'000;

std::string text_of(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member && member->is_string() ? std::string(member->as_string()) : "";
}

int64_t number_of(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member ? member->as_int64().value_or(0) : 0;
}

std::span<const json::Value> elements_of(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member && member->is_array() ? std::span<const json::Value>(member->as_array()) : std::span<const json::Value>();
}

void print_event(const json::Value& event) {
  std::string message = text_of(event, "message");
  while (message.ends_with('\n') || message.ends_with('\r')) message.pop_back();
  fmt::print("{}  {}\n", iso8601(instant_from_ms(number_of(event, "timestamp")), true), message);
}

size_t hash_of(const json::Value& event) {
  return std::hash<std::string>()(fmt::format("{} {} {} {}", text_of(event, "logStreamName"), number_of(event, "timestamp"),
                                              number_of(event, "ingestionTime"), text_of(event, "message")));
}

ApiRequest logs_request(std::string_view operation, json::Object input) {
  return {.signing_name = "logs",
          .headers = {{"content-type", "application/x-amz-json-1.1"}, {"x-amz-target", fmt::format("Logs_20140328.{}", operation)}},
          .body = json::write(json::Value(std::move(input)))};
}

// One run of the command.
class LogReader {
 public:
  LogReader(AdminClient& client, const LogsFlags& flags) : client_(client), flags_(flags) {}

  Task<Result<void>> print() {
    group_ = co_await group();
    if (flags_.follow) co_return co_await keep(follow());
    co_return co_await keep(print_past());
  }

 private:
  // A function says where it logs; what is no function's name is a group's.
  Task<Result<std::string>> group() {
    if (flags_.of.starts_with('/')) co_return flags_.of;
    const auto arn = parse_arn(flags_.of);
    std::string name(arn && arn->resource.starts_with("function:") ? arn->resource.substr(9) : flags_.of);
    name = name.substr(0, name.find(':'));
    auto configuration = co_await keep(client_.call(
        {.signing_name = "lambda", .method = "GET", .path = fmt::format("/2015-03-31/functions/{}/configuration", percent_encode(name))}));
    if (!configuration && configuration.error().status != 404) co_return fail(std::move(configuration.error()));
    const json::Value* logging = configuration ? configuration->find("LoggingConfig") : nullptr;
    std::string group = logging ? text_of(*logging, "LogGroup") : "";
    co_return group.empty() ? "/aws/lambda/" + name : group;
  }

  Task<Result<void>> print_past() {
    const int64_t from = ms_since_epoch(client_.clock().real_wall() - flags_.since);
    std::string token;
    do {
      json::Object input{{"logGroupName", group_}, {"startTime", from}};
      if (!flags_.filter.empty()) input.set("filterPattern", flags_.filter);
      if (!token.empty()) input.set("nextToken", token);
      const json::Value page = co_await client_.call(logs_request("FilterLogEvents", std::move(input)));
      for (const json::Value& event : elements_of(page, "events")) {
        print_event(event);
        if (flags_.follow && printed_.size() < remembered_events_max) printed_.insert(hash_of(event));
      }
      token = text_of(page, "nextToken");
    } while (!token.empty());
    std::fflush(stdout);
    co_return {};
  }

  // A session lasts three hours on AWS and here; the next one goes on.
  Task<Result<void>> follow() {
    for (bool is_first = true;; is_first = false) {
      std::unique_ptr<net::ClientExchange> session = co_await open_session();
      if (is_first) co_await print_past();
      Result<void> ended = co_await keep(print_session(*session));
      if (!ended && ended.error().code != "SessionTimeoutException") co_return ended;
    }
  }

  // Waits for a group that is not there yet: a function has one from its first line on.
  Task<Result<std::unique_ptr<net::ClientExchange>>> open_session() {
    for (bool is_first = true;; is_first = false) {
      json::Object input{{"logGroupIdentifiers", json::Array{group_}}};
      if (!flags_.filter.empty()) input.set("logEventFilterPattern", flags_.filter);
      auto session = co_await keep(client_.begin(logs_request("StartLiveTail", std::move(input))));
      if (session || session.error().code != "ResourceNotFoundException") co_return session;
      if (is_first) fmt::print(stderr, "outcrop: {} has no lines yet; waiting for the first\n", group_);
      co_await steady_until(client_.clock().steady() + until_a_group_is_there);
    }
  }

  Task<Result<void>> print_session(net::ClientExchange& session) {
    wire::MessageDecoder decoder;
    while (std::optional<std::string> part = co_await session.read_some()) {
      decoder.add(*part);
      while (std::optional<wire::Message> message = co_await decoder.next()) co_await print_message(*message);
    }
    co_return fail("StreamEnded", 502, "the server ended the stream");
  }

  Result<void> print_message(const wire::Message& message) {
    const json::Value payload = json::parse(message.payload).value_or(json::Value());
    if (!message.text(":exception-type").empty())
      return fail(std::string(message.text(":exception-type")), 400, text_of(payload, "message"));
    if (message.text(":event-type") != "sessionUpdate") return {};
    for (const json::Value& event : elements_of(payload, "sessionResults")) {
      if (auto known = printed_.find(hash_of(event)); known != printed_.end())
        printed_.erase(known);
      else
        print_event(event);
    }
    const json::Value* metadata = payload.find("sessionMetadata");
    const json::Value* sampled = metadata ? metadata->find("sampled") : nullptr;
    if (sampled && sampled->is_bool() && sampled->as_bool())
      fmt::print(stderr, "outcrop: more than 500 lines in a second: a sample of them is shown\n");
    std::fflush(stdout);
    if (++updates_ == updates_that_repeat) printed_.clear();
    return {};
  }

  AdminClient& client_;
  const LogsFlags& flags_;
  std::string group_;
  std::unordered_multiset<size_t> printed_;  // of the past
  int updates_ = 0;
};

// Without credentials the caller is an open server's default account, in whatever Region is asked for.
Result<AdminTarget> logs_target(const LogsFlags& flags) {
  auto target = AdminTarget::from(flags.endpoint, process_environment);
  if (!target) return target;
  if (flags.region) target->region = *flags.region;
  if (!target->credentials) target->credentials = auth::SigningCredentials{"000000000000", "none"};
  return target;
}

}  // namespace

int show_logs(const LogsFlags& flags) {
  auto target = logs_target(flags);
  Result<void> shown = fail("", 0, "");
  if (!target) {
    shown = fail(std::move(target.error()));
  } else {
    shown = AdminClient::run(*target, [&flags](AdminClient& client) -> Task<Result<void>> {
      LogReader reader(client, flags);
      co_return co_await keep(reader.print());
    });
  }
  if (shown) return exit_ok;
  const std::string where = target ? fmt::format(" at {}://{}", target->url.scheme(), target->url.authority()) : "";
  fmt::print(stderr, "outcrop: the logs of {}{} cannot be shown: {}\n", flags.of, where, shown.error().message);
  return exit_failed;
}

}  // namespace outcrop::server
