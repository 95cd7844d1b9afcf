#include "runner/loop_runner.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/arn.h"
#include "core/timers.h"
#include "runner/code_fingerprint.h"

namespace outcrop::runner {

namespace {

Fault stopping() { return {"ServiceException", 500, "The server is being stopped."}; }

Fault no_room(const MachineRoom& room) {
  return {std::string(account_concurrency_exceeded), 429,
          fmt::format("Rate Exceeded. All {} environments that this server may have are in use.", room.max())};
}

}  // namespace

// A turn to start an environment: over when it is let go, or after a while, so that functions that take long do not hold up others.
struct LoopRunner::Turn {
  explicit Turn(LoopRunner& runner) : runner(runner) {
    ++runner.turns_;
    timer = runner.loop().start_timer(runner.now() + limits::start_turn, [this] { end(); });
  }
  ~Turn() { end(); }
  void end() {
    if (std::exchange(is_over, true)) return;
    --runner.turns_;
    runner.begin_turns();
  }

  LoopRunner& runner;
  bool is_over = false;
  Timer timer;
};

LoopRunner::LoopRunner(EnvironmentParts parts, AccountConcurrencies& accounts, MachineRoom& room, Milliseconds idle_timeout,
                       MakeRoom make_room)
    : parts_(parts), accounts_(accounts), room_(room), idle_timeout_(idle_timeout), make_room_(std::move(make_room)) {}

LoopRunner::Function& LoopRunner::function_of(const FunctionVersion& function) {
  const std::string arn = function.arn();
  auto known = functions_.find(arn);
  if (known != functions_.end()) return known->second;
  Function added{.concurrency = std::make_shared<FunctionConcurrency>(accounts_, function.account, function.region), .versions = {}};
  return functions_.emplace(arn, std::move(added)).first->second;
}

// Of the newest revision that was seen: an invocation of one before it that comes late runs the new one.
Pool& LoopRunner::pool_of(Function& known, FunctionVersionRef function) {
  Version& version = known.versions[function->version];
  const std::string& revision = function->revision;
  if (version.pool && version.pool->function().revision == revision) return *version.pool;
  if (version.pool && std::ranges::find(version.past_revisions, revision) != version.past_revisions.end()) return *version.pool;
  std::erase_if(version.past_pools, [](const auto& pool) { return pool->is_empty(); });
  if (version.pool) {
    version.past_revisions.push_back(version.pool->function().revision);
    if (version.past_revisions.size() > limits::past_revisions_max) version.past_revisions.pop_front();
    version.pool->retire();
    version.past_pools.push_back(version.pool);
  }
  version.pool = std::make_shared<Pool>(static_cast<Pool::Host&>(*this), std::move(function), known.concurrency);
  if (version.provisioned > 0) version.pool->provision(version.provisioned);
  return *version.pool;
}

Task<Result<std::shared_ptr<Execution>>> LoopRunner::begin(FunctionVersionRef function, Invocation invocation) {
  if (function->code_is_in_place) co_await look_for_changes(function);
  if (is_stopping_) co_return fail(stopping());
  Function& known = function_of(*function);
  ConcurrencySlot slot = co_await known.concurrency->take(invocation.reserved_concurrency, now());
  co_return pool_of(known, std::move(function)).begin(std::move(invocation), std::move(slot));
}

// An invocation after a change runs the changed code.
Task<void> LoopRunner::look_for_changes(FunctionVersionRef function) {
  {
    const Version& version = function_of(*function).versions[function->version];
    if (version.code_checked + limits::code_check_interval > now()) co_return;
  }
  const SteadyTime began = now();
  const uint64_t fingerprint = co_await parts_.world.pool.run([&] { return code_fingerprint(function->code_directory); });
  Version& version = function_of(*function).versions[function->version];
  version.code_checked = began;
  const bool has_changed = std::exchange(version.code_fingerprint, fingerprint) != fingerprint;
  if (has_changed && version.pool) version.pool->renew();
}

void LoopRunner::provision(FunctionVersionRef function, uint32_t count) {
  if (is_stopping_) return;
  Function& known = function_of(*function);
  known.versions[function->version].provisioned = count;
  pool_of(known, std::move(function)).provision(count);
}

ProvisionedState LoopRunner::provisioned_state(const FunctionVersion& function) const {
  auto known = functions_.find(function.arn());
  if (known == functions_.end()) return {};
  auto version = known->second.versions.find(function.version);
  if (version == known->second.versions.end() || !version->second.pool) return {};
  return version->second.pool->provisioned_state();
}

// Starts.

void LoopRunner::wants_start(Pool& pool) {
  auto wanting = pool.shared_from_this();
  if (is_stopping_) return pool.refuse_start(stopping());
  if (std::ranges::find(wanting_, wanting) != wanting_.end()) return;
  wanting_.push_back(std::move(wanting));
  loop().post([this] { begin_turns(); });
}

// One of each pool in turn: one that wants many does not keep the others waiting.
void LoopRunner::begin_turns() {
  if (is_stopping_) return refuse_turns();
  while (turns_ < limits::starts_at_once && !wanting_.empty()) {
    std::shared_ptr<Pool> pool = std::move(wanting_.front());
    wanting_.pop_front();
    tasks_.spawn(start_one(std::move(pool)));
  }
}

void LoopRunner::refuse_turns() {
  for (const auto& pool : std::exchange(wanting_, {})) {
    while (pool->wants_start()) pool->refuse_start(stopping());
  }
}

Task<void> LoopRunner::start_one(std::shared_ptr<Pool> pool) {
  StartGrant grant{.room = room_.take(), .turn = std::make_shared<Turn>(*this)};
  if (!grant.room && co_await make_room_()) {
    StartGrant again{.room = room_.take(), .turn = std::move(grant.turn)};
    give(*pool, std::move(again));
  } else {
    give(*pool, std::move(grant));
  }
  if (pool->wants_start()) wants_start(*pool);
}

void LoopRunner::give(Pool& pool, StartGrant grant) {
  if (is_stopping_) return pool.refuse_start(stopping());
  if (!grant.room) return pool.refuse_start(no_room(room_));
  pool.start(std::move(grant));
}

// Environments that are free.

void LoopRunner::may_let_go(Environment& environment) {
  must_keep(environment);
  environment.place = may_let_go_.insert(may_let_go_.end(), &environment);
  watch_idle();
}

void LoopRunner::must_keep(Environment& environment) {
  if (environment.place) may_let_go_.erase(*environment.place);
  environment.place.reset();
}

bool LoopRunner::let_go_one() {
  if (may_let_go_.empty()) return false;
  may_let_go_.front()->retire();
  return true;
}

void LoopRunner::watch_idle() {
  if (idle_timer_ || may_let_go_.empty()) return;
  idle_timer_ = loop().start_timer(may_let_go_.front()->free_since() + idle_timeout_, [this] {
    idle_timer_.reset();
    let_go_of_idle();
    watch_idle();
  });
}

void LoopRunner::let_go_of_idle() {
  const SteadyTime free_before = now() - idle_timeout_;
  while (!may_let_go_.empty() && may_let_go_.front()->free_since() <= free_before) may_let_go_.front()->retire();
}

// Ends.

Task<void> LoopRunner::forget(std::string arn) {
  std::map<std::string, Function, std::less<>> gone;
  if (auto node = functions_.extract(arn)) gone.insert(std::move(node));
  co_await kill(std::move(gone));
}

Task<void> LoopRunner::forget_account(std::optional<std::string> account) {
  std::map<std::string, Function, std::less<>> gone;
  for (auto at = functions_.begin(); at != functions_.end();) {
    auto next = std::next(at);
    if (!account || parse_arn(at->first)->account == *account) gone.insert(functions_.extract(at));
    at = next;
  }
  co_await kill(std::move(gone));
}

Task<void> LoopRunner::kill(std::map<std::string, Function, std::less<>> functions) {
  std::vector<std::shared_ptr<Pool>> pools;
  for (auto& [arn, function] : functions) {
    for (auto& [name, version] : function.versions) {
      if (version.pool) version.past_pools.push_back(version.pool);
      for (auto& pool : version.past_pools) pools.push_back(pool);
    }
  }
  for (auto& pool : pools) pool->kill();
  while (!std::ranges::all_of(pools, [](const auto& pool) { return pool->is_empty(); })) co_await environment_ended_.wait();
}

// What runs may end; then it is ended.
Task<void> LoopRunner::stop() {
  is_stopping_ = true;
  idle_timer_.reset();
  for (auto& [arn, function] : functions_) {
    for (auto& [name, version] : function.versions) {
      if (version.pool) version.pool->retire();
    }
  }
  Timer timer = loop().start_timer(now() + limits::stop_grace, [this] {
    for (auto& [arn, function] : functions_) {
      for (auto& [name, version] : function.versions) {
        if (version.pool) version.pool->kill();
        for (auto& pool : version.past_pools) pool->kill();
      }
    }
  });
  co_await tasks_.join();
  functions_.clear();
}

}  // namespace outcrop::runner
