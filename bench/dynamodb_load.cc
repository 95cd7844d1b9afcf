// A load generator for DynamoDB over HTTP/1.1, on one thread. Prints one JSON object: what it did, how fast, and the latencies it saw.
//
// usage: bench_dynamodb_load --port N --mode fill|get|put|query|transact --table NAME [--connections N] [--seconds S] [--bytes N] [--items
// N] [--rate R]
//   fill      items 0 to `items`, in order, by BatchWriteItem of 25, however long it takes; what was not processed is sent again
//   get       GetItem of a random item
//   put       PutItem in a random item's place, each with other data
//   query     Query of the 20 items of a random partition
//   transact  TransactWriteItems of 4 such puts in random places
// The table's keys are pk and sk, both strings; an item has about `bytes` bytes. With a rate requests begin at their time, that many a
// second, and a latency counts from then on, so that what waits for a free connection is not forgotten: the generator looks up once a tick
// of 0.2 ms, for what is due and for what has come, because to wake for each would take as much of the machine as the server does. Without
// a rate each connection has its next request begin when the answer to the one before has come.
#include <poll.h>
#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <deque>
#include <random>

#include "http_load.h"

namespace {

using http_load::Clock;

constexpr size_t batch_items = 25, partition_items = 20, transaction_items = 4;

struct Options {
  int port = 4566;
  std::string mode = "get", table;
  int connections = 64;
  double seconds = 5;
  size_t bytes = 1024;
  size_t items = 10'000;
  double rate = 0;
};

// The texts of requests, by the number of an item.
class Requests {
 public:
  explicit Requests(const Options& options)
      : mode_(options.mode),
        table_(options.table),
        data_(options.bytes - std::min(options.bytes, size_t(key_bytes)), 'x'),
        items_(options.items) {}

  std::string next() {
    if (mode_ == "fill") return next_batch();
    if (mode_ == "put") return text("PutItem", fmt::format(R"({{"TableName":"{}","Item":{}}})", table_, changed_item(any())));
    if (mode_ == "query")
      return text("Query",
                  fmt::format(R"({{"TableName":"{}","KeyConditionExpression":"pk = :pk","ExpressionAttributeValues":{{":pk":{}}}}})",
                              table_, partition(any())));
    if (mode_ == "transact") return next_transaction();
    return text("GetItem", fmt::format(R"({{"TableName":"{}","Key":{{{}}}}})", table_, key(any())));
  }

  // False: all of them were begun.
  bool has_next() const { return mode_ != "fill" || filled_ < items_; }

  // Whether an answer holds what was asked for.
  bool is_answered(std::string_view body) const {
    if (mode_ == "get") return body.size() > data_.size();
    if (mode_ == "query") return body.size() > data_.size() * partition_items;
    return mode_ != "fill" || body.find(R"("UnprocessedItems":{})") != body.npos;
  }

 private:
  static constexpr size_t key_bytes = 4 + 2 + 9 + 2 + 2;  // the names and the texts of keys

  size_t any() { return std::uniform_int_distribution<size_t>(0, items_ - 1)(random_); }
  std::string partition(size_t number) const { return fmt::format(R"({{"S":"p{:08}"}})", number / partition_items); }
  std::string key(size_t number) const {
    return fmt::format(R"("pk":{},"sk":{{"S":"{:02}"}})", partition(number), number % partition_items);
  }
  std::string item(size_t number) const { return fmt::format(R"({{{},"data":{{"S":"{}"}}}})", key(number), data_); }
  // With data that no item had before: a put that changes nothing would write nothing.
  std::string changed_item(size_t number) {
    const std::string stamp = fmt::format("{:016x}", ++changes_);
    std::copy_n(stamp.begin(), std::min(stamp.size(), data_.size()), data_.begin());
    return item(number);
  }

  static std::string text(std::string_view operation, const std::string& body) {
    return http_load::aws_json_request("dynamodb", fmt::format("DynamoDB_20120810.{}", operation), body);
  }

  std::string next_batch() {
    std::string writes;
    for (const size_t end = std::min(filled_ + batch_items, items_); filled_ < end; ++filled_)
      writes += fmt::format(R"({}{{"PutRequest":{{"Item":{}}}}})", writes.empty() ? "" : ",", item(filled_));
    return text("BatchWriteItem", fmt::format(R"({{"RequestItems":{{"{}":[{}]}}}})", table_, writes));
  }

  // A transaction takes an item once.
  std::string next_transaction() {
    std::string puts;
    const size_t first = any();
    for (size_t k = 0; k < transaction_items; ++k)
      puts += fmt::format(R"({}{{"Put":{{"TableName":"{}","Item":{}}}}})", puts.empty() ? "" : ",", table_,
                          changed_item((first + k * (items_ / transaction_items)) % items_));
    return text("TransactWriteItems", fmt::format(R"({{"TransactItems":[{}]}})", puts));
  }

  const std::string mode_, table_;
  std::string data_;
  const size_t items_;
  size_t filled_ = 0;
  uint64_t changes_ = uint64_t(Clock::now().time_since_epoch().count());  // those of an earlier run are behind it
  std::mt19937_64 random_{20260101};
};

constexpr std::chrono::microseconds tick{200};

// The timer alone: what comes meanwhile wakes nobody.
void wait_until(Clock::time_point then) {
  const std::chrono::nanoseconds left = then - Clock::now();
  if (left.count() <= 0) return;
  const timespec timeout{.tv_sec = left.count() / 1'000'000'000, .tv_nsec = left.count() % 1'000'000'000};
  ppoll(nullptr, 0, &timeout, nullptr);
}

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), requests_(options), connections_(size_t(options.connections), options.port), due_(connections_.size()) {}

  void run() {
    began_ = Clock::now();
    end_ = http_load::seconds_after(began_, options_.seconds);
    if (options_.rate > 0)
      run_paced();
    else
      run_at_once();
    http_load::report(latencies_us_.size(), began_, latencies_us_);
  }

 private:
  bool is_over() const { return options_.mode == "fill" ? !requests_.has_next() : Clock::now() >= end_; }

  void begin(size_t i, Clock::time_point due) {
    ++in_flight_;
    due_[i] = due;
    connections_.begin(i, requests_.next());
  }

  // False: it is sent again.
  bool answered(size_t i) {
    if (!requests_.is_answered(connections_[i].body())) {
      if (options_.mode != "fill") http_load::give_up("not what was asked for: " + connections_[i].in);
      connections_.begin(i, std::string(connections_[i].out));
      return false;
    }
    --in_flight_;
    latencies_us_.push_back(http_load::us_since(due_[i]));
    return true;
  }

  void run_at_once() {
    for (size_t i = 0; i < connections_.size() && requests_.has_next(); ++i) begin(i, Clock::now());
    while (in_flight_ > 0) {
      connections_.wait([this](size_t i) {
        if (answered(i) && !is_over()) begin(i, Clock::now());
      });
    }
  }

  void run_paced() {
    prctl(PR_SET_TIMERSLACK, 1);
    std::deque<size_t> idle;
    for (size_t i = 0; i < connections_.size(); ++i) idle.push_back(i);
    size_t begun = 0;
    auto next_due = [&] { return http_load::seconds_after(began_, double(begun) / options_.rate); };
    auto answer = [&](size_t i) {
      if (answered(i)) idle.push_back(i);
    };
    for (auto wakes = began_; in_flight_ > 0 || next_due() < end_; wakes = std::max(wakes + tick, Clock::now())) {
      wait_until(wakes);
      while (connections_.wait(std::chrono::nanoseconds(0), answer)) {
      }
      for (; !idle.empty() && next_due() < end_ && next_due() <= Clock::now(); ++begun) {
        begin(idle.front(), next_due());
        idle.pop_front();
      }
      if (Clock::now() > end_ + std::chrono::seconds(30)) http_load::give_up("no answer within 30 s");
    }
  }

  const Options options_;
  Requests requests_;
  http_load::Connections connections_;
  std::vector<Clock::time_point> due_;  // of each connection, when its request was to begin
  std::vector<double> latencies_us_;
  Clock::time_point began_, end_;
  int in_flight_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app;
  app.add_option("--port", options.port);
  app.add_option("--mode", options.mode)->check(CLI::IsMember({"fill", "get", "put", "query", "transact"}));
  app.add_option("--table", options.table);
  app.add_option("--connections", options.connections);
  app.add_option("--seconds", options.seconds);
  app.add_option("--bytes", options.bytes);
  app.add_option("--items", options.items);
  app.add_option("--rate", options.rate);
  CLI11_PARSE(app, argc, argv);
  Load(options).run();
}
