#include "store/block_allocator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

namespace outcrop::store {

namespace {

TEST(BlockAllocator, BlocksOfAnySizeAreApartAndAligned) {
  BlockAllocator allocator;
  const std::vector<size_t> sizes = {0, 1, 1007, 1008, 1009, 8'192, 16'368, 16'369, 1'000'000};
  for (int round = 0; round < 3; ++round) {  // the second takes what the first gave back
    std::vector<void*> blocks;
    for (size_t size : sizes) {
      blocks.push_back(allocator.Allocate(size));
      EXPECT_EQ(reinterpret_cast<uintptr_t>(blocks.back()) % alignof(std::max_align_t), 0u);
      std::memset(blocks.back(), int(blocks.size()), size);
    }
    for (size_t i = 0; i < sizes.size(); ++i) {
      const auto* bytes = static_cast<const unsigned char*>(blocks[i]);
      EXPECT_TRUE(std::all_of(bytes, bytes + sizes[i], [&](unsigned char byte) { return byte == i + 1; })) << sizes[i];
      allocator.Deallocate(blocks[i]);
    }
  }
}

TEST(BlockAllocator, WhatAThreadFreesIsItsNextBlockOfThatSize) {
  BlockAllocator allocator;
  void* block = allocator.Allocate(5000);
  void* again = nullptr;
  std::thread([&] {
    allocator.Deallocate(block);
    again = allocator.Allocate(5100);
  }).join();
  EXPECT_EQ(again, block);
  allocator.Deallocate(again);
}

TEST(BlockAllocator, AThreadKeepsAFewOfASize) {
  BlockAllocator allocator;
  std::vector<void*> blocks;
  for (int i = 0; i < 1000; ++i) blocks.push_back(allocator.Allocate(8'192));
  for (void* block : blocks) allocator.Deallocate(block);  // the sanitizer sees at the end whether any was lost
}

}  // namespace

}  // namespace outcrop::store
