#include "store/block_allocator.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

namespace outcrop::store {

namespace {

constexpr size_t step_bytes = 1 << 10;  // sizes are rounded up to it
constexpr size_t steps_max = 16;        // what is larger goes straight to the system
constexpr size_t kept_max = 8;          // of a size and thread: together at most 1 MiB a thread

// In front of a block; keeps it aligned for anything.
struct alignas(std::max_align_t) BlockHead {
  size_t steps;
};

struct KeptBlocks {
  std::array<std::vector<BlockHead*>, steps_max + 1> of_steps;

  ~KeptBlocks() {
    for (std::vector<BlockHead*>& blocks : of_steps) {
      for (BlockHead* block : blocks) std::free(block);
    }
  }
};

thread_local KeptBlocks kept;

}  // namespace

void* BlockAllocator::Allocate(size_t size) {
  const size_t steps = (size + sizeof(BlockHead) + step_bytes - 1) / step_bytes;
  if (steps <= steps_max && !kept.of_steps[steps].empty()) {
    BlockHead* block = kept.of_steps[steps].back();
    kept.of_steps[steps].pop_back();
    return block + 1;
  }
  void* memory = std::malloc(steps * step_bytes);
  if (!memory) throw std::bad_alloc();
  return new (memory) BlockHead{steps} + 1;
}

void BlockAllocator::Deallocate(void* block) {
  BlockHead* head = static_cast<BlockHead*>(block) - 1;
  if (head->steps <= steps_max && kept.of_steps[head->steps].size() < kept_max)
    kept.of_steps[head->steps].push_back(head);
  else
    std::free(head);
}

}  // namespace outcrop::store
