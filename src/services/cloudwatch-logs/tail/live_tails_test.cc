// Live Tail: what a session hears of, when, and how much.
#include "services/cloudwatch-logs/tail/live_tails.h"

#include "gen/cloudwatch-logs/start_live_tail.h"
#include "services/cloudwatch-logs/limits.h"
#include "services/cloudwatch-logs/testing/logs_harness.h"

namespace outcrop::cloudwatch_logs {
namespace {

class LiveTailing : public LogsHarness {
 public:
  LiveTailing() { make("app", {"one", "two"}); }

  static GroupName app() { return {"111122223333", "eu-central-1", "app"}; }

  Result<LiveTails::Session> open(std::string_view pattern = "", std::vector<std::string> names = {},
                                  std::vector<std::string> prefixes = {}) {
    return logs->tails().open({.groups = {app()},
                               .stream_names = std::move(names),
                               .stream_prefixes = std::move(prefixes),
                               .pattern = FilterPattern::parse(pattern).value()},
                              world.random);
  }
  static Messages taken(const Result<LiveTails::Session>& session) {
    Messages texts;
    const LiveTailSessionUpdate update = (**session).take();
    for (const auto& event : *update.session_results) texts.push_back(*event.message);
    return texts;
  }
  Result<StartLiveTailOutput> start(StartLiveTailInput input) {
    call.emplace(
        Call{.world = world.world, .identity = {.account = "111122223333"}, .region = "eu-central-1", .service = "cloudwatch-logs"});
    return world.run(start_live_tail(*logs, *call, std::move(input)));
  }
  std::string refused(StartLiveTailInput input) { return refusal(start(std::move(input))); }

  std::optional<Call> call;
};

TEST_F(LiveTailing, TellsWhatIsWrittenOnceAndInTheOrderInWhichItCame) {
  put("one", {{0s, "before the session"}});
  const auto session = open();
  put("one", {{5s, "a"}, {6s, "b"}});
  put("two", {{0s, "c"}});
  EXPECT_THAT(taken(session), ElementsAre("a", "b", "c"));
  EXPECT_THAT(taken(session), IsEmpty());
}

TEST_F(LiveTailing, SaysOfAnEventWhereItStandsAndWhenItCame) {
  const auto session = open();
  put("one", {{-5s, "early"}});
  const auto update = (**session).take();
  const auto& event = update.session_results->at(0);
  EXPECT_EQ(event.log_stream_name, "one");
  EXPECT_EQ(event.log_group_identifier, "111122223333:app");
  EXPECT_EQ(event.timestamp, now_ms() - 5000);
  EXPECT_EQ(event.ingestion_time, now_ms());
  EXPECT_EQ(update.session_metadata->sampled, false);
}

TEST_F(LiveTailing, HearsOfWhatServicesLog) {
  const auto session = open();
  std::vector<LogSink::Line> lines;
  lines.push_back({now(), "START"});
  ASSERT_TRUE(world.run(logs->append({"111122223333", "eu-central-1", "app", "three"}, std::move(lines))));
  EXPECT_THAT(taken(session), ElementsAre("START"));
}

TEST_F(LiveTailing, ChoosesByPatternAndByStream) {
  const auto errors = open("ERROR"), named = open("", {"two"}), prefixed = open("", {}, {"on", "x"});
  put("one", {{0s, "ERROR of one"}, {0s, "INFO of one"}});
  put("two", {{0s, "ERROR of two"}});
  EXPECT_THAT(taken(errors), ElementsAre("ERROR of one", "ERROR of two"));
  EXPECT_THAT(taken(named), ElementsAre("ERROR of two"));
  EXPECT_THAT(taken(prefixed), ElementsAre("ERROR of one", "INFO of one"));
}

TEST_F(LiveTailing, DoesNotHearOfWhatWasRejected) {
  const auto session = open();
  ASSERT_TRUE(put_events("one", {{now_ms() - 15 * 86'400'000LL, "too old"}, {now_ms(), "taken"}}));
  EXPECT_THAT(taken(session), ElementsAre("taken"));
}

TEST_F(LiveTailing, SamplesWhatIsMoreThanAnUpdateHolds) {
  const auto session = open();
  std::vector<std::pair<Milliseconds, std::string>> events;
  for (int i = 0; i < 2000; ++i) events.emplace_back(Milliseconds(i), fmt::format("{:04}", i));
  put("one", events);
  const auto update = (**session).take();
  EXPECT_EQ(update.session_metadata->sampled, true);
  ASSERT_EQ(update.session_results->size(), limits::update_events_max);
  Messages texts;
  for (const auto& event : *update.session_results) texts.push_back(*event.message);
  EXPECT_TRUE(std::ranges::is_sorted(texts)) << "in the order in which they came";
  EXPECT_GT(texts.back(), "1000") << "not the first ones alone";
  put("one", {{0s, "the next second"}});
  EXPECT_EQ((**session).take().session_metadata->sampled, false);
}

TEST_F(LiveTailing, AnUpdateIsBoundedInBytes) {
  const auto session = open();
  for (int i = 0; i < 8; ++i) put("one", {{0s, std::string(900'000, char('a' + i))}});
  const auto update = (**session).take();
  EXPECT_EQ(update.session_results->size(), limits::update_bytes_max / 900'000);
  EXPECT_EQ(update.session_metadata->sampled, true);
}

TEST_F(LiveTailing, AnAccountHasSoManySessionsAndOneThatEndsMakesRoom) {
  std::vector<Result<LiveTails::Session>> sessions;
  for (size_t i = 0; i < limits::tail_sessions_of_account_max; ++i) sessions.push_back(open());
  EXPECT_THAT(refusal(open()), testing::StartsWith("LimitExceededException: "));
  sessions.pop_back();
  EXPECT_TRUE(open());
}

TEST_F(LiveTailing, RefusesWhatItCannotFollow) {
  EXPECT_EQ(refused({.log_group_identifiers = {"nowhere"}}), "ResourceNotFoundException: The specified log group does not exist.");
  EXPECT_THAT(refused({.log_group_identifiers = {"app"}, .log_event_filter_pattern = "{ $."}),
              testing::StartsWith("InvalidParameterException: "));
  EXPECT_THAT(refused({.log_group_identifiers = {"app"},
                       .log_stream_names = std::vector<std::string>{"one"},
                       .log_stream_name_prefixes = std::vector<std::string>{"t"}}),
              testing::StartsWith("InvalidParameterException: "));
  EXPECT_THAT(refused({.log_group_identifiers = {"app", "app"}}), testing::StartsWith("InvalidParameterException: "));
}

TEST_F(LiveTailing, AStreamBeginsWithWhatWasAskedForAndGoesOnWithUpdates) {
  auto output = start({.log_group_identifiers = {app().arn()}, .log_event_filter_pattern = "a"});
  ASSERT_TRUE(output) << refusal(output);
  put("one", {{0s, "a while ago"}});
  const auto first = world.run(output->response_stream->next()).value();
  EXPECT_THAT(*first->session_start->log_group_identifiers, ElementsAre(app().arn()));
  EXPECT_EQ(first->session_start->log_event_filter_pattern, "a");
  EXPECT_FALSE(first->session_start->session_id->empty());
  const auto second = world.run(output->response_stream->next()).value();
  EXPECT_EQ(second->session_update->session_results->at(0).message, "a while ago");
  world.run(output->response_stream->close());
}

}  // namespace
}  // namespace outcrop::cloudwatch_logs
