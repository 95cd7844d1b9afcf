// BlockAllocator: the memory of RocksDB's cached blocks. A block that one event loop read is let go by whichever one needs its room, and to
// give memory back where another thread took it costs both a lock and often a wait; here each thread keeps what it frees for its own next
// block.
#pragma once
#include <rocksdb/memory_allocator.h>

#include <cstddef>

namespace outcrop::store {

class BlockAllocator final : public rocksdb::MemoryAllocator {
 public:
  const char* Name() const override { return "OutcropBlocks"; }
  void* Allocate(size_t size) override;
  void Deallocate(void* block) override;
};

}  // namespace outcrop::store
