// Random messages, failures, refusals, settings and pauses against what a poller promises: every message is processed at least once, none
// is deleted without an invocation that succeeded, and a group's messages are processed in their order.
#include <random>

#include "services/lambda/testing/poller_harness.h"

namespace outcrop::lambda {
namespace {

using Answer = EventFunction::Answer;

class PollerProperty : public PollerHarness {
 protected:
  void run_with(uint64_t seed);
  uint64_t below(uint64_t bound) { return chance_() % bound; }
  bool one_in(uint64_t count) { return below(count) == 0; }

  Result<Answer> answer_by_chance(const json::Value& event);
  void note_success(const std::string& body);
  PollerSettings settings_by_chance();

  std::mt19937_64 chance_;
  bool is_kind_ = false;  // nothing fails any more
  bool is_fifo_ = false, reports_item_failures_ = false;
  std::set<std::string> succeeded_;
  std::map<std::string, int> last_of_group_;  // the highest number of each group that was processed
};

PollerSettings PollerProperty::settings_by_chance() {
  PollerSettings settings;
  is_fifo_ = settings.is_fifo = one_in(2);
  settings.batch_size = 1 + int32_t(below(10));
  if (!is_fifo_ && one_in(2)) {
    settings.window = Seconds(1 + below(20));
    settings.batch_size = 1 + int32_t(below(50));
  }
  reports_item_failures_ = settings.reports_item_failures = one_in(2);
  settings.concurrency_max = 2 + uint32_t(below(8));
  return settings;
}

// A body is "GROUP/NUMBER".
void PollerProperty::note_success(const std::string& body) {
  const size_t slash = body.find('/');
  const std::string group = body.substr(0, slash);
  const int number = std::stoi(body.substr(slash + 1));
  if (is_fifo_ && !succeeded_.contains(body)) {
    EXPECT_GT(number, last_of_group_[group]) << "out of order: " << body;
    last_of_group_[group] = number;
  }
  succeeded_.insert(body);
}

Result<Answer> PollerProperty::answer_by_chance(const json::Value& event) {
  if (!is_kind_ && one_in(6)) return fail(throttled());
  if (!is_kind_ && one_in(8)) return fail("ServiceException", 500, "The environment ended.");
  if (!is_kind_ && one_in(6)) return Answer{true, R"({"errorMessage":"no"})"};
  json::Array failures;
  bool one_failed = false;
  for (const json::Value& record : event.find("Records")->as_array()) {
    // As the guide asks of functions on FIFO queues: what follows the first failure is reported, too.
    one_failed = one_failed && is_fifo_;
    one_failed |= reports_item_failures_ && !is_kind_ && one_in(5);
    if (one_failed)
      failures.push_back(json::Object{{"itemIdentifier", record.find("messageId")->as_string()}});
    else
      note_success(std::string(record.find("body")->as_string()));
  }
  return Answer{false, json::write(json::Object{{"batchItemFailures", std::move(failures)}})};
}

void PollerProperty::run_with(uint64_t seed) {
  chance_.seed(seed);
  function.answer = [this](const json::Value& event) { return answer_by_chance(event); };
  std::map<int, std::string> sent;
  queue.on_remove = [&](int number) { EXPECT_TRUE(succeeded_.contains(sent.at(number))) << sent.at(number) << " went unprocessed"; };
  start(settings_by_chance());
  std::map<std::string, int> numbers;
  for (int step = 0; step < 60; ++step) {
    for (uint64_t i = below(12); i > 0; --i) {
      const std::string group(1, char('a' + below(4)));
      const std::string body = group + "/" + std::to_string(++numbers[group]);
      sent.emplace(queue.send(body, is_fifo_ ? group : ""), body);
    }
    if (one_in(10)) queue.fault_with(Fault{"ServiceUnavailable", 503, "not now"});
    if (one_in(4)) queue.fault_with(std::nullopt);
    function.is_holding = one_in(3);
    if (!function.is_holding) function.release();
    advance(Milliseconds(below(8000)));
  }
  is_kind_ = true;
  queue.fault_with(std::nullopt);
  function.release();
  for (int turn = 0; turn < 60 && queue.size() > 0; ++turn) advance(10s);
  EXPECT_EQ(queue.size(), 0u);
  EXPECT_EQ(succeeded_.size(), sent.size());
  stop();
}

TEST_F(PollerProperty, KeepsItsPromisesWhateverFails) { run_with(test_seed()); }

class PollerPropertySeeds : public PollerProperty, public testing::WithParamInterface<uint64_t> {};

TEST_P(PollerPropertySeeds, KeepsItsPromisesWhateverFails) { run_with(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Seeds, PollerPropertySeeds, testing::Range<uint64_t>(1, 25));

}  // namespace
}  // namespace outcrop::lambda
