// Streams: members of inputs and outputs that are read while the other side still makes them (object bodies, event
// streams) and are never held whole. Who holds one pulls: what makes the items runs while it is waited for and rests
// otherwise, so a slow reader holds its producer back and at most one item is in memory.
//
//   co_return ConverseStreamOutput{.stream = [&call, input = std::move(input)](auto& events) -> Task<Result<void>> {
//     co_await events.write({.message_start = MessageStartEvent{…}});
//     co_return {};
//   }};
//
// A producer begins at the first pull. It may use the Call and the service by reference, which outlive its stream, and
// owns everything else. It writes on the thread on which it was resumed. A fault it ends with is what its reader gets
// at that place; the reader's going is a fault of write(): ConnectionClosed 499.
#pragma once
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/task.h"
#include "net/http.h"
#include "wire/erased.h"

namespace outcrop::wire {

// Where the items of a stream come from: std::string parts of a body, or structs of an event union.
class StreamSource {
 public:
  virtual ~StreamSource() = default;
  // The next item, valid until the next pull, which may move from it; null at the end. Not called after the end or a fault.
  virtual Task<Result<void*>> pull() = 0;
  // Ends what makes the items when nobody wants more of them. Nothing is called afterwards.
  virtual Task<void> close() { co_return; }
  // What followed a body; asked for at its end.
  virtual net::Headers trailers() const { return {}; }
};

// The meeting point of a producer and its reader, which take turns.
class Handover {
 public:
  using Produce = std::move_only_function<Task<Result<void>>(Handover*)>;  // never null

  explicit Handover(Produce produce);
  ~Handover();
  Handover(const Handover&) = delete;

  // For the producer. `item` is the reader's until this returns.
  Task<Result<void>> give(void* item);

  // For the reader; as in StreamSource.
  Task<Result<void*>> pull();
  Task<void> close();

 private:
  struct GiveAwaiter;
  struct TakeAwaiter;
  Task<void> drive();

  Produce produce_;
  std::optional<Result<void>> result_;  // of the producer, once it has ended
  void* item_ = nullptr;
  bool began_ = false, closed_ = false;
  std::coroutine_handle<> producer_;  // where it rests; null while it runs and once it has ended
  std::coroutine_handle<> reader_;    // where it waits
  Task<void> driver_;                 // goes first: the producer may hold what is above
};

class ProducedSource final : public StreamSource {
 public:
  explicit ProducedSource(Handover::Produce produce) : handover_(std::move(produce)) {}
  Task<Result<void*>> pull() override { return handover_.pull(); }
  Task<void> close() override { return handover_.close(); }

 private:
  Handover handover_;
};

// What both kinds of streams are without their types; the struct's member is one of the two below. Empty: a stream without items.
class Stream {
 public:
  Stream() = default;
  explicit Stream(std::unique_ptr<StreamSource> source) : source_(std::move(source)) {}
  Stream(Stream&&) noexcept = default;
  Stream& operator=(Stream&& other) noexcept {
    std::swap(trailers_, other.trailers_);
    std::swap(kept_, other.kept_);
    std::swap(source_, other.source_);
    return *this;
  }

  // The next item, valid until the next call; null at the end, and always after it.
  Task<Result<void*>> pull();
  // Ends the producer. To be awaited before a stream that is not read to its end goes, unless its producer is known to have
  // started nothing of its own.
  Task<void> close();
  // Keeps `what` as long as this stream.
  void keep_alive(std::shared_ptr<void> what);

 protected:
  net::Headers trailers_;  // complete at the end

 private:
  std::shared_ptr<void> kept_;
  std::unique_ptr<StreamSource> source_;  // goes before what is kept for it
};

// A body, part by part.
class BodyWriter {
 public:
  explicit BodyWriter(Handover& handover) : handover_(handover) {}
  // Returns when the reader wants more. Parts may have any length; an empty one is passed over.
  Task<Result<void>> write(std::string part);

 private:
  Handover& handover_;
};

class BodySource : public Stream {
 public:
  BodySource() : length_(0) {}
  BodySource(std::string whole);
  // `length` in bytes when it is known, and then the source must keep to it.
  explicit BodySource(std::unique_ptr<StreamSource> source, std::optional<uint64_t> length = std::nullopt)
      : Stream(std::move(source)), length_(length) {}
  template <class Produce>
    requires std::is_invocable_r_v<Task<Result<void>>, Produce&, BodyWriter&>
  BodySource(Produce produce, std::optional<uint64_t> length = std::nullopt)
      : BodySource(std::make_unique<ProducedSource>([produce = std::move(produce)](Handover* handover) mutable -> Task<Result<void>> {
                     BodyWriter writer(*handover);
                     co_return co_await keep(produce(writer));
                   }),
                   length) {}

  std::optional<uint64_t> length() const { return length_; }
  // The next part, of any length but 0; none at the end.
  Task<Result<std::optional<std::string>>> next();
  // What followed it (checksums of aws-chunked); complete once it was read to its end.
  const net::Headers& trailers() const { return trailers_; }
  // What is left of it. RequestEntityTooLarge 413 above `bytes_max`, before more than that is kept.
  Task<Result<std::string>> read_all(size_t bytes_max);

 private:
  std::optional<uint64_t> length_;
};

// Events of a union: each a struct of which one member is set.
template <class Union>
class EventWriter {
 public:
  explicit EventWriter(Handover& handover) : handover_(handover) {}
  // Returns when the reader wants the next one.
  Task<Result<void>> write(Union event) { co_return co_await keep(handover_.give(&event)); }

 private:
  Handover& handover_;
};

// An event stream without its type.
class EventStream : public Stream {
 public:
  using MakeEvent = Erased (*)();  // a fresh struct of the union
  MakeEvent make_event() const { return make_event_; }
  void read_from(std::unique_ptr<StreamSource> source) { static_cast<Stream&>(*this) = Stream(std::move(source)); }

 protected:
  explicit EventStream(MakeEvent make_event) : make_event_(make_event) {}
  EventStream(MakeEvent make_event, Stream stream) : Stream(std::move(stream)), make_event_(make_event) {}

 private:
  MakeEvent make_event_;
};

template <class Union>
class EventReader : public EventStream {
 public:
  EventReader() : EventStream(&make_erased<Union>) {}
  EventReader(std::vector<Union> events)
      : EventReader([events = std::move(events)](EventWriter<Union>& writer) mutable -> Task<Result<void>> {
          for (Union& event : events) co_await writer.write(std::move(event));
          co_return {};
        }) {}
  template <class Produce>
    requires std::is_invocable_r_v<Task<Result<void>>, Produce&, EventWriter<Union>&>
  EventReader(Produce produce)
      : EventStream(
            &make_erased<Union>,
            Stream(std::make_unique<ProducedSource>([produce = std::move(produce)](Handover* handover) mutable -> Task<Result<void>> {
              EventWriter<Union> writer(*handover);
              co_return co_await keep(produce(writer));
            }))) {}

  // The next event; none at the end.
  Task<Result<std::optional<Union>>> next() {
    void* event = co_await pull();
    if (!event) co_return std::nullopt;
    co_return std::move(*static_cast<Union*>(event));
  }
};

}  // namespace outcrop::wire
