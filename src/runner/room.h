// Room: so many environments this machine takes together, and so few of them are started at the same time.
#pragma once
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace outcrop::runner {

// Of all loops. Thread-safe.
class MachineRoom {
 public:
  explicit MachineRoom(size_t environments_max) : max_(environments_max) {}

  // One environment's, until it is released.
  class Place {
   public:
    Place() = default;
    explicit Place(MachineRoom& room) : room_(&room) {}
    Place(Place&& other) noexcept : room_(std::exchange(other.room_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() { release(); }
    void release() {
      if (MachineRoom* room = std::exchange(room_, nullptr)) room->used_.fetch_sub(1);
    }
    explicit operator bool() const { return room_ != nullptr; }

   private:
    MachineRoom* room_ = nullptr;
  };

  // Holds nothing when there is none left.
  Place take() {
    if (used_.fetch_add(1) < max_) return Place(*this);
    used_.fetch_sub(1);
    return {};
  }
  size_t used() const { return used_.load(); }
  size_t max() const { return max_; }

 private:
  const size_t max_;
  std::atomic<size_t> used_ = 0;
};

// What an environment is started with.
struct StartGrant {
  MachineRoom::Place room;
  std::shared_ptr<void> turn;  // let go when it is initialised, so that the next one is started
};

}  // namespace outcrop::runner
