// Turns between producers and readers.
#include "wire/stream.h"

namespace outcrop::wire {
namespace {

std::unexpected<Fault> reader_gone() { return fail("ConnectionClosed", 499, "The reader of the stream has gone."); }

class WholeBody final : public StreamSource {
 public:
  explicit WholeBody(std::string whole) : whole_(std::move(whole)) {}
  Task<Result<void*>> pull() override {
    const bool is_first = !std::exchange(given_, true);
    co_return is_first && !whole_.empty() ? &whole_ : nullptr;
  }

 private:
  std::string whole_;
  bool given_ = false;
};

}  // namespace

// The producer rests here and its reader goes on.
struct Handover::GiveAwaiter {
  Handover& handover;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> self) noexcept {
    handover.producer_ = self;
    return std::exchange(handover.reader_, {});
  }
  void await_resume() const noexcept {}
};

// The reader waits here and the producer goes on.
struct Handover::TakeAwaiter {
  Handover& handover;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> self) noexcept {
    handover.began_ = true;
    handover.reader_ = self;
    handover.driver_.handle().promise().continuation = self;
    return std::exchange(handover.producer_, {});
  }
  void await_resume() const {
    handover.reader_ = {};
    handover.driver_.handle().promise().take();
  }
};

Handover::Handover(Produce produce) : produce_(std::move(produce)), driver_(drive()) { producer_ = driver_.handle(); }
Handover::~Handover() { check(!reader_, "a stream went while its producer was at work: somebody waits for its next item"); }

Task<void> Handover::drive() { result_ = co_await produce_(this); }

Task<Result<void>> Handover::give(void* item) {
  if (closed_) co_return reader_gone();
  item_ = item;
  co_await GiveAwaiter{*this};
  item_ = nullptr;
  if (closed_) co_return reader_gone();
  co_return {};
}

Task<Result<void*>> Handover::pull() {
  check(producer_ && !closed_, "a stream was read beyond its end");
  co_await TakeAwaiter{*this};
  if (!result_) co_return item_;
  if (!*result_) co_return fail(std::move(result_->error()));
  co_return nullptr;
}

Task<void> Handover::close() {
  if (std::exchange(closed_, true) || !began_ || !producer_) co_return;
  co_await TakeAwaiter{*this};
}

Task<Result<void*>> Stream::pull() {
  if (!source_) co_return nullptr;
  Result<void*> item = co_await keep(source_->pull());
  if (item && !*item) trailers_ = source_->trailers();
  if (!item || !*item) source_.reset();
  co_return item;
}

Task<void> Stream::close() {
  if (source_) co_await source_->close();
  source_.reset();
}

void Stream::keep_alive(std::shared_ptr<void> what) {
  if (!kept_) {
    kept_ = std::move(what);
    return;
  }
  using Both = std::pair<std::shared_ptr<void>, std::shared_ptr<void>>;
  kept_ = std::make_shared<Both>(std::move(what), std::move(kept_));
}

Task<Result<void>> BodyWriter::write(std::string part) {
  if (part.empty()) co_return {};
  co_return co_await keep(handover_.give(&part));
}

BodySource::BodySource(std::string whole) : length_(whole.size()) {
  if (!whole.empty()) static_cast<Stream&>(*this) = Stream(std::make_unique<WholeBody>(std::move(whole)));
}

Task<Result<std::optional<std::string>>> BodySource::next() {
  void* part = co_await pull();
  if (!part) co_return std::nullopt;
  co_return std::move(*static_cast<std::string*>(part));
}

Task<Result<std::string>> BodySource::read_all(size_t bytes_max) {
  if (length_.value_or(0) > bytes_max) co_return fail("RequestEntityTooLarge", 413, "The body is too large.");
  std::string whole;
  while (void* part = co_await pull()) {
    const auto& bytes = *static_cast<const std::string*>(part);
    if (bytes.size() > bytes_max - whole.size()) co_return fail("RequestEntityTooLarge", 413, "The body is too large.");
    whole += bytes;
  }
  co_return whole;
}

}  // namespace outcrop::wire
