#include "wire/stream.h"

#include <gtest/gtest.h>

#include "base/completion.h"
#include "base/simple_executor.h"

namespace outcrop::wire {
namespace {

struct Word {
  std::optional<std::string> text;
};

struct StreamTest : ::testing::Test {
  RealClock clock;
  SimpleExecutor executor{clock};
  std::vector<std::string> log;

  template <class T>
  T run(Task<T> task) {
    return executor.run(std::move(task));
  }
  EventReader<Word> words(int count) {
    return [this, count](EventWriter<Word>& out) -> Task<Result<void>> {
      for (int i = 0; i < count; ++i) {
        log.push_back("makes " + std::to_string(i));
        co_await out.write({.text = std::to_string(i)});
      }
      log.push_back("ends");
      co_return {};
    };
  }
};

TEST_F(StreamTest, AProducerRestsUntilItsNextItemIsWanted) {
  EventReader<Word> reader = words(2);
  EXPECT_EQ(log, std::vector<std::string>{});
  EXPECT_EQ(*(*run(reader.next()))->text, "0");
  EXPECT_EQ(log, (std::vector<std::string>{"makes 0"}));
  EXPECT_EQ(*(*run(reader.next()))->text, "1");
  EXPECT_EQ(log, (std::vector<std::string>{"makes 0", "makes 1"}));
  EXPECT_FALSE(run(reader.next())->has_value());
  EXPECT_EQ(log.back(), "ends");
  EXPECT_FALSE(run(reader.next())->has_value()) << "and stays at its end";
}

TEST_F(StreamTest, TheProducersFaultComesWhereItHappened) {
  EventReader<Word> reader = [](EventWriter<Word>& out) -> Task<Result<void>> {
    co_await out.write({.text = "one"});
    co_return fail("ModelStreamErrorException", 424, "The model broke.");
  };
  EXPECT_TRUE(run(reader.next()).has_value());
  EXPECT_EQ(run(reader.next()).error().code, "ModelStreamErrorException");
  EXPECT_FALSE(run(reader.next())->has_value());
}

TEST_F(StreamTest, AnExceptionReachesTheReader) {
  EventReader<Word> reader = [](EventWriter<Word>& out) -> Task<Result<void>> {
    co_await out.write({.text = "one"});
    throw std::runtime_error("a bug");
  };
  EXPECT_TRUE(run(reader.next()).has_value());
  bool thrown = false;
  auto read_on = [&]() -> Task<void> {
    try {
      (void)co_await reader.next();
    } catch (const std::runtime_error&) {
      thrown = true;
    }
  };
  run(read_on());
  EXPECT_TRUE(thrown);
}

TEST_F(StreamTest, ClosingEndsTheProducer) {
  std::vector<std::string> seen;
  EventReader<Word> reader = [&seen](EventWriter<Word>& out) -> Task<Result<void>> {
    Result<void> written = co_await keep(out.write({.text = "one"}));
    seen.push_back(written ? "goes on" : written.error().code);
    written = co_await keep(out.write({.text = "two"}));
    seen.push_back(written ? "goes on" : written.error().code);
    co_return {};
  };
  EXPECT_TRUE(run(reader.next()).has_value());
  run(reader.close());
  EXPECT_EQ(seen, (std::vector<std::string>{"ConnectionClosed", "ConnectionClosed"}));
  EXPECT_FALSE(run(reader.next())->has_value());
}

TEST_F(StreamTest, AStreamThatNobodyReadsNeverBegins) {
  {
    EventReader<Word> reader = words(2);
  }
  EventReader<Word> closed = words(2);
  run(closed.close());
  EXPECT_EQ(log, std::vector<std::string>{});
}

TEST_F(StreamTest, AStreamMayBeLeftHalfRead) {
  auto whole = std::make_shared<int>(1);
  std::weak_ptr<int> watched = whole;
  {
    EventReader<Word> reader = [held = std::move(whole)](EventWriter<Word>& out) -> Task<Result<void>> {
      co_await out.write({.text = "one"});
      co_await out.write({.text = "two"});
      co_return {};
    };
    EXPECT_TRUE(run(reader.next()).has_value());
    EXPECT_FALSE(watched.expired());
  }
  EXPECT_TRUE(watched.expired());
}

TEST_F(StreamTest, AProducerMayWaitForOthers) {
  Completion<int> number(executor);
  EventReader<Word> reader = [&number](EventWriter<Word>& out) -> Task<Result<void>> {
    const int value = co_await number;
    co_await out.write({.text = std::to_string(value)});
    co_return {};
  };
  executor.post([setter = number.setter()] { setter.set(7); });
  EXPECT_EQ(*(*run(reader.next()))->text, "7");
}

TEST_F(StreamTest, WhatIsKeptOutlivesTheProducer) {
  auto call = std::make_shared<std::string>("call");
  std::string at_the_end;
  struct Last {
    const std::string& call;
    std::string& out;
    ~Last() { out = call; }
  };
  {
    EventReader<Word> reader = [last = std::make_shared<Last>(*call, at_the_end)](EventWriter<Word>& out) -> Task<Result<void>> {
      co_await out.write({.text = "one"});
      co_return {};
    };
    reader.keep_alive(std::move(call));
    reader.keep_alive(std::make_shared<int>(1));
    EXPECT_TRUE(run(reader.next()).has_value());
  }
  EXPECT_EQ(at_the_end, "call");
}

TEST_F(StreamTest, EventsThatAreThereAreAStreamToo) {
  std::vector<Word> events;
  events.push_back({.text = "one"});
  EventReader<Word> reader(std::move(events));
  EXPECT_EQ(*(*run(reader.next()))->text, "one");
  EXPECT_FALSE(run(reader.next())->has_value());
}

TEST_F(StreamTest, BodiesAreReadPartByPartOrWhole) {
  auto parts = [] {
    return BodySource([](BodyWriter& out) -> Task<Result<void>> {
      co_await out.write("ab");
      co_await out.write("");
      co_await out.write("cd");
      co_return {};
    });
  };
  BodySource body = parts();
  EXPECT_EQ(body.length(), std::nullopt);
  EXPECT_EQ(run(body.next())->value(), "ab");
  EXPECT_EQ(run(body.next())->value(), "cd");
  EXPECT_FALSE(run(body.next())->has_value());
  BodySource enough = parts(), too_long = parts(), whole("text"), empty;
  EXPECT_EQ(run(enough.read_all(4)).value(), "abcd");
  EXPECT_EQ(run(too_long.read_all(3)).error().status, 413);
  EXPECT_EQ(whole.length(), 4u);
  EXPECT_EQ(run(whole.read_all(4)).value(), "text");
  EXPECT_EQ(empty.length(), 0u);
  EXPECT_EQ(run(empty.read_all(0)).value(), "");
}

}  // namespace
}  // namespace outcrop::wire
