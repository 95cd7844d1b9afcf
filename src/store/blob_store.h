// The blob store: contents too large for the store's values, kept by reference. A record of the store names
// a blob; a blob is on disk before the commit that names it (with durability `sync`), and what no record names is swept.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/task.h"
#include "base/time.h"

namespace outcrop::store {

// 32 hexadecimal digits, never reused.
using BlobId = std::string;

// Takes the content part by part. Destroyed unfinished, it leaves nothing. One call at a time.
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;
  virtual Task<Result<void>> append(std::string part) = 0;
  // Once; the blob exists from then on.
  virtual Task<Result<BlobId>> finish() = 0;
};

// Gives the content part by part. One call at a time.
class BlobReader {
 public:
  virtual ~BlobReader() = default;
  virtual uint64_t size() const = 0;  // of the whole blob, in bytes
  // The next part, of up to about 256 KiB; "" at the end. Every byte given was verified: BlobCorrupt 500 otherwise.
  virtual Task<Result<std::string>> next() = 0;
};

class BlobStore {
 public:
  virtual ~BlobStore() = default;

  virtual Task<Result<std::unique_ptr<BlobWriter>>> create() = 0;
  // Content from `offset`, `length` bytes or what there is. BlobNotFound 404; an offset behind the end gives nothing.
  virtual Task<Result<std::unique_ptr<BlobReader>>> open(std::string_view id, uint64_t offset = 0, uint64_t length = UINT64_MAX) = 0;
  // Erasing what is not there is no fault.
  virtual Task<Result<void>> erase(std::string_view id) = 0;

  // Whether a record names the blob.
  using IsReferenced = std::function<Task<Result<bool>>(const BlobId&)>;
  // Erases what nothing names and is older than `age_min`, which must exceed the time between a blob's end and the
  // commit that names it. Gives the number erased.
  virtual Task<Result<uint64_t>> sweep(IsReferenced is_referenced, Seconds age_min) = 0;

  // Whole contents.
  Task<Result<BlobId>> put(std::string content);
  Task<Result<std::string>> get(std::string_view id, uint64_t offset = 0, uint64_t length = UINT64_MAX);
};

}  // namespace outcrop::store
