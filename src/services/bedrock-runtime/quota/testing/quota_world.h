// What tests of the quotas share: Claude Sonnet 4 by its profile, 200 requests and 200,000 tokens a minute, output that burns five times,
// for an account whose quotas are whole.
#pragma once
#include <gtest/gtest.h>

#include <deque>

#include "base/task_group.h"
#include "core/testing/test_world.h"
#include "services/bedrock-runtime/quota/quotas.h"

namespace outcrop::bedrock_runtime {

class QuotaWorld : public ::testing::Test {
 public:
  explicit QuotaWorld(BudgetOptions budgets = {}) : quotas(book, world.clock, metrics, std::move(budgets)) {}
  ~QuotaWorld() override {
    call_stop.request_stop();
    world.run(tasks.join());
  }

  static constexpr std::string_view model = "us.anthropic.claude-sonnet-4-20250514-v1:0";

  Result<Quotas::Reservation> reserve(Quotas::Demand demand) { return world.run(quotas.reserve(call, target, demand)); }
  // Whether a request came through, and ended with that usage.
  bool settled(Quotas::Demand demand, const inference::Usage& usage) {
    Result<Quotas::Reservation> reservation = reserve(demand);
    if (reservation) settle(*reservation, usage);
    return reservation.has_value();
  }
  void settle(Quotas::Reservation& reservation, const inference::Usage& usage, net::Headers* headers = nullptr) {
    world.run([](Quotas::Reservation& reservation, const inference::Usage& usage, net::Headers* headers) -> Task<void> {
      reservation.settle(usage, headers);
      co_return;
    }(reservation, usage, headers));
  }
  // Uses all tokens of a minute, for good.
  void use_up() { ASSERT_TRUE(settled({.input_tokens = tokens_per_minute()}, {.input = tokens_per_minute()})); }

  // A request that may wait.
  struct Asked {
    Call call;
    std::optional<Result<Quotas::Reservation>> answer = {};

    bool waits() const { return !answer; }
    bool is_admitted() const { return answer && *answer; }
    std::string refusal() const { return answer && !*answer ? answer->error().message : ""; }
  };
  Asked& ask(Quotas::Demand demand, net::Headers headers = {}, std::string access_key = "") {
    Asked& asked = asked_.emplace_back(call);
    asked.call.extra_headers = std::move(headers);
    asked.call.stop = call_stop.get_token();
    asked.call.identity.access_key_id = std::move(access_key);
    world.run(begin(asked, demand));
    return asked;
  }
  Asked& ask_to_wait(int64_t input_tokens, Milliseconds wait, std::string access_key = "") {
    return ask({.input_tokens = input_tokens}, {{"x-outcrop-max-wait-ms", std::to_string(wait.count())}}, std::move(access_key));
  }
  // Lets go on who was woken.
  void settle_down() { world.advance(Milliseconds(0)); }

  // Of a minute's tokens.
  double taken() {
    for (const QuotaFigure& figure : quotas.figures()) {
      if (figure.budget.empty() && figure.unit == Unit::tokens && figure.period == Period::minute) return figure.limit - figure.available;
    }
    return 0;
  }
  int64_t tokens_per_minute() const { return int64_t(target.model->quotas.at("crossRegionTpm").in(call.region)); }
  int64_t requests_per_minute() const { return int64_t(target.model->quotas.at("crossRegionRpm").in(call.region)); }

  TestWorld world;
  inference::Catalog catalog;
  std::stop_source call_stop;
  Call call{.world = world.world, .identity = {.account = "111122223333"}, .region = "us-east-1", .service = "bedrock-runtime"};
  ModelTarget target = *model_target(catalog, call, model);
  Metrics metrics{1};
  QuotaBook book;
  Quotas quotas;
  TaskGroup tasks;

 private:
  Task<void> begin(Asked& asked, Quotas::Demand demand) {
    tasks.spawn(carry_out(asked, demand));
    for (int turn = 0; turn < 4; ++turn) co_await Executor::current()->yield();
  }
  Task<void> carry_out(Asked& asked, Quotas::Demand demand) {
    asked.answer.emplace(co_await keep(quotas.reserve(asked.call, target, demand)));
  }

  std::deque<Asked> asked_;  // go before the quotas
};

}  // namespace outcrop::bedrock_runtime
