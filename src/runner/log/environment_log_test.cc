#include "runner/log/environment_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing/test_world.h"
#include "runner/limits.h"
#include "runner/log/record_frames.h"

namespace outcrop::runner {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

// Keeps what it is given, or fails.
class KeptLines final : public LogSink {
 public:
  Task<Result<void>> append(Stream to, std::vector<Line> lines) override {
    ++appends;
    if (broken) co_return fail("StoreFailed", 500, "the disk is gone");
    streams.push_back(to.account + " " + to.region + " " + to.group);
    for (Line& line : lines) texts.push_back(std::move(line.text));
    co_return {};
  }

  bool broken = false;
  int appends = 0;
  std::vector<std::string> streams, texts;
};

class EnvironmentLogTest : public testing::Test {
 public:
  ~EnvironmentLogTest() override {
    if (log) world.run(log->close());
  }

  void open(LogSettings settings = {}) {
    FunctionVersion function{.account = "111122223333", .region = "eu-central-1", .name = "orders", .version = "7"};
    function.log = std::move(settings);
    function.log.group = "/aws/lambda/orders";
    log.emplace(world.world, sink, std::make_shared<const FunctionVersion>(std::move(function)));
  }
  // On the executor's thread, as the log is written.
  void write(std::function<void(EnvironmentLog&)> lines) { world.run(written(*log, lines)); }
  static Task<void> written(EnvironmentLog& log, const std::function<void(EnvironmentLog&)>& lines) {
    lines(log);
    co_return;
  }
  const std::vector<std::string>& stored() {
    world.run(log->flush());
    return sink.texts;
  }
  Instant now() const { return world.clock.wall(); }

  TestWorld world;
  KeptLines sink;
  std::optional<EnvironmentLog> log;
};

const Report well{.request_id = "r-1", .duration_ms = 1.372, .billed_ms = 2, .memory_mb = 128, .memory_used_mb = 66, .init_ms = 142.1};

TEST_F(EnvironmentLogTest, AStreamIsNamedByDayVersionAndChance) {
  open();
  EXPECT_THAT(log->stream(), MatchesRegex("2027/01/15/\\[7\\][0-9a-f]+"));
  EXPECT_EQ(log->stream().size(), std::string_view("2027/01/15/[7]").size() + 32);
}

TEST_F(EnvironmentLogTest, AnInvocationReadsAsOnAws) {
  open();
  write([&](EnvironmentLog& log) { log.init_started("nodejs:22.11.0", "on-demand"); });
  write([&](EnvironmentLog& log) { log.began("r-1"); });
  write([&](EnvironmentLog& log) { log.wrote(now(), "hello"); });
  write([&](EnvironmentLog& log) { log.ended(well); });
  EXPECT_THAT(stored(),
              ElementsAre("INIT_START Runtime Version: nodejs:22.11.0", "START RequestId: r-1 Version: 7", "hello", "END RequestId: r-1",
                          "REPORT RequestId: r-1\tDuration: 1.37 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: "
                          "66 MB\tInit Duration: 142.10 ms\t"));
  EXPECT_THAT(sink.streams.front(), "111122223333 eu-central-1 /aws/lambda/orders");
}

TEST_F(EnvironmentLogTest, AFailureIsSaidWithItsKind) {
  open();
  write([&](EnvironmentLog& log) { log.began("r-1"); });
  write([&](EnvironmentLog& log) { log.failed("r-1", "Task timed out after 3.00 seconds"); });
  Report report{.request_id = "r-1", .duration_ms = 3000, .billed_ms = 3000, .memory_mb = 128, .memory_used_mb = 30, .status = "timeout"};
  write([&](EnvironmentLog& log) { log.ended(report); });
  report.status = "error";
  report.error_type = "Runtime.ExitError";
  write([&](EnvironmentLog& log) { log.ended(report); });
  write([&](EnvironmentLog& log) { log.init_failed(10'000, "timeout", ""); });
  EXPECT_EQ(stored()[1], "2027-01-15T08:00:00.000Z r-1 Task timed out after 3.00 seconds");
  EXPECT_THAT(sink.texts[3], HasSubstr("Max Memory Used: 30 MB\tStatus: timeout"));
  EXPECT_THAT(sink.texts[5], HasSubstr("\tStatus: error\tError Type: Runtime.ExitError"));
  EXPECT_EQ(sink.texts[6], "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout");
}

TEST_F(EnvironmentLogTest, InJsonThePlatformWritesEvents) {
  open({.json = true});
  write([&](EnvironmentLog& log) { log.began("r-1"); });
  write([&](EnvironmentLog& log) { log.ended(well); });
  EXPECT_THAT(stored(),
              ElementsAre(R"({"time":"2027-01-15T08:00:00.000Z","type":"platform.start","record":{"requestId":"r-1",)"
                          R"("functionArn":"arn:aws:lambda:eu-central-1:111122223333:function:orders","version":"7"}})",
                          R"({"time":"2027-01-15T08:00:00.000Z","type":"platform.report","record":{"requestId":"r-1","metrics":)"
                          R"({"durationMs":1.372,"billedDurationMs":2,"memorySizeMB":128,"maxMemoryUsedMB":66,"initDurationMs":142.1},)"
                          R"("status":"success"}})"));
}

TEST_F(EnvironmentLogTest, TheSystemLevelLeavesOutWhatIsLess) {
  open({.json = true, .system_level = "WARN"});
  write([&](EnvironmentLog& log) { log.began("r-1"); });
  write([&](EnvironmentLog& log) { log.ended(well); });
  write([&](EnvironmentLog& log) { log.ended({.request_id = "r-2", .status = "error", .error_type = "Runtime.ExitError"}); });
  ASSERT_EQ(stored().size(), 2u);
  EXPECT_THAT(sink.texts[0], HasSubstr(R"("type":"platform.runtimeDone","record":{"requestId":"r-2","status":"error")"));
}

TEST_F(EnvironmentLogTest, TheApplicationLevelLeavesOutWhatIsLess) {
  open({.json = true, .application_level = "WARN"});
  write([&](EnvironmentLog& log) { log.wrote(now(), R"({"level":"info","message":"small"})"); });
  write([&](EnvironmentLog& log) { log.wrote(now(), R"({"level":"Warning","message":"large"})"); });
  write([&](EnvironmentLog& log) { log.wrote(now(), "of no level, which is INFO"); });
  write([&](EnvironmentLog& log) { log.wrote_record(now(), 0xa55a000e, R"({"level":"INFO"})"); });
  write([&](EnvironmentLog& log) { log.wrote_record(now(), 0xa55a0016, R"({"level":"ERROR"})"); });
  EXPECT_THAT(stored(), ElementsAre(R"({"level":"Warning","message":"large"})", R"({"level":"ERROR"})"));
}

TEST_F(EnvironmentLogTest, TheTailIsOfTheLastInvocationAndBounded) {
  open();
  write([&](EnvironmentLog& log) { log.began("r-1"); });
  write([&](EnvironmentLog& log) { log.wrote(now(), "before"); });
  write([&](EnvironmentLog& log) { log.began("r-2"); });
  EXPECT_EQ(log->tail(), "START RequestId: r-2 Version: 7\n");
  for (int i = 0; i < 1000; ++i) write([&](EnvironmentLog& log) { log.wrote(now(), "line " + std::to_string(i)); });
  EXPECT_EQ(log->tail().size(), limits::log_tail_bytes);
  EXPECT_THAT(log->tail(), testing::EndsWith("line 998\nline 999\n"));
}

TEST_F(EnvironmentLogTest, WhatIsWrittenFasterThanItIsTakenIsDroppedAndCounted) {
  open();
  const std::string large(100'000, 'x');
  for (int i = 0; i < 20; ++i) write([&](EnvironmentLog& log) { log.wrote(now(), large); });
  EXPECT_EQ(stored().size(), 11u);
  EXPECT_EQ(sink.texts.front(), "10 lines of 1000000 bytes were dropped: they were written faster than the log takes them");
}

TEST_F(EnvironmentLogTest, ManyLinesAreStoredTogether) {
  open();
  for (int i = 0; i < 100; ++i) write([&](EnvironmentLog& log) { log.wrote(now(), "line"); });
  EXPECT_EQ(stored().size(), 100u);
  EXPECT_EQ(sink.appends, 1);
}

TEST_F(EnvironmentLogTest, ALogThatCannotBeWrittenHoldsNobodyUp) {
  open();
  sink.broken = true;
  write([&](EnvironmentLog& log) { log.wrote(now(), "lost"); });
  EXPECT_THAT(stored(), ElementsAre());
  sink.broken = false;
  write([&](EnvironmentLog& log) { log.wrote(now(), "kept"); });
  EXPECT_THAT(stored(), ElementsAre("kept"));
}

std::string frame(uint32_t type, std::string_view text, uint64_t us = 0) {
  std::string bytes;
  auto add = [&bytes](uint64_t number, int size) {
    for (int i = size - 1; i >= 0; --i) bytes += char(number >> 8 * i);
  };
  add(type, 4);
  add(text.size(), 4);
  if (type & 2) add(us, 8);
  return bytes.append(text);
}

struct Records {
  std::vector<std::string> texts;
  std::vector<std::optional<Instant>> times;
  RecordFrames frames{[this](std::optional<Instant> at, uint32_t, std::string_view text) {
    times.push_back(at);
    texts.emplace_back(text);
  }};
};

TEST(RecordFramesTest, RecordsAreToldWholeHoweverTheyAreCut) {
  const std::string bytes = frame(0xa55a000f, "two\nlines", 1'800'000'000'123'456) + frame(0xa55a0001, "no time") + frame(0xa55a0003, "");
  Records at_once, by_byte;
  at_once.frames.feed(bytes);
  for (const char byte : bytes) by_byte.frames.feed(std::string_view(&byte, 1));
  EXPECT_THAT(at_once.texts, ElementsAre("two\nlines", "no time", ""));
  EXPECT_EQ(by_byte.texts, at_once.texts);
  EXPECT_EQ(at_once.times[0], instant_from_ms(1'800'000'000'123));
  EXPECT_EQ(at_once.times[1], std::nullopt);
}

TEST(RecordFramesTest, WhatIsNoRecordIsToldAsItIs) {
  Records records;
  records.frames.feed("printed\xa5\x01 by hand");
  records.frames.feed(frame(0xa55a0003, "record") + "more");
  EXPECT_THAT(records.texts, ElementsAre("printed\xa5\x01 by hand", "record", "more"));
}

TEST(RecordFramesTest, ALongRecordComesInParts) {
  Records records;
  records.frames.feed(frame(0xa55a0003, std::string(limits::log_record_bytes_max + 5, 'x')));
  ASSERT_EQ(records.texts.size(), 2u);
  EXPECT_EQ(records.texts[1], "xxxxx");
}

TEST(RecordFramesTest, TheTypeSaysFormatAndLevel) {
  EXPECT_EQ(RecordType::of(0xa55a0012).level, "WARN");
  EXPECT_FALSE(RecordType::of(0xa55a0012).is_text);
  EXPECT_EQ(RecordType::of(0xa55a0003).level, std::nullopt);
  EXPECT_TRUE(RecordType::of(0xa55a0003).is_text);
}

}  // namespace

}  // namespace outcrop::runner
