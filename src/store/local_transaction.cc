// A transaction's reads under its own writes.
#include "store/local_transaction.h"

#include <fmt/format.h>

#include <algorithm>

#include "store/limits.h"

namespace outcrop::store {

namespace {
std::unexpected<Fault> limit_exceeded(std::string message) { return fail("StoreLimitExceeded", 500, std::move(message)); }
}  // namespace

Result<void> check_limits(const WriteBatch& batch) {
  if (batch.bytes() > transaction_bytes_max) {
    return limit_exceeded(fmt::format("a transaction writes {} bytes, the limit is {}", batch.bytes(), transaction_bytes_max));
  }
  for (WriteBatch::Operation operation : batch.operations()) {
    if (operation.kind == WriteBatch::Kind::erase_range) continue;
    if (operation.key.size() > key_bytes_max) {
      return limit_exceeded(fmt::format("a key has {} bytes, the limit is {}", operation.key.size(), key_bytes_max));
    }
    if (operation.value.size() > value_bytes_max) {
      return limit_exceeded(fmt::format("a value has {} bytes, the limit is {}", operation.value.size(), value_bytes_max));
    }
  }
  return {};
}

// Walks the snapshot outside the erased ranges and the transaction's own writes side by side; on equal keys its own
// one counts.
class LocalTransaction::MergedScan {
 public:
  MergedScan(LocalTransaction& tx, const Range& range, const ScanOptions& options)
      : tx_(tx), range_(range), options_(options), gaps_(tx.erased_.gaps(range)) {
    if (!options.reverse) std::ranges::reverse(gaps_);  // the next one is at the back
    auto first = tx.own_.lower_bound(range.begin), last = range.empty() ? first : tx.own_.lower_bound(range.end);
    for (; first != last; ++first) own_.push_back(&*first);
    if (!options.reverse) std::ranges::reverse(own_);
  }

  Task<Result<std::vector<Entry>>> run() {
    std::vector<Entry> entries;
    size_t bytes = 0;
    while (entries.size() < options_.entries_max && bytes < options_.bytes_max) {
      if (page_.empty() && !gaps_.empty()) {
        co_await read_page(options_.entries_max - entries.size());
        continue;
      }
      if (page_.empty() && own_.empty()) {
        tx_.note_scanned(range_);
        co_return entries;
      }
      if (std::optional<Entry> entry = next()) {
        bytes += entry->key.size() + entry->value.size();
        entries.push_back(std::move(*entry));
      }
    }
    if (!entries.empty()) tx_.note_scanned(up_to(entries.back().key));
    co_return entries;
  }

 private:
  // The next page of the nearest gap; a page that does not end it leaves the rest as the next gap.
  Task<Result<void>> read_page(size_t entries_max) {
    ScanOptions options = options_;
    // Own erases hide entries: read some more, so that a few of them do not cost a page each.
    options.entries_max = entries_max + std::min<size_t>(own_.size(), 64);
    Page page = co_await tx_.reader_.scan(gaps_.back(), options, tx_.snapshot_.get());
    page_ = std::move(page.entries);
    if (page.complete) {
      gaps_.pop_back();
    } else if (options_.reverse) {
      gaps_.back().end = page_.back().key;
    } else {
      gaps_.back().begin = key_after(page_.back().key);
    }
    std::ranges::reverse(page_);
    co_return {};
  }

  // The nearer of the two; none when it is an own erase.
  std::optional<Entry> next() {
    if (own_.empty() || (!page_.empty() && comes_first(page_.back().key, own_.back()->first))) return take_read();
    if (!page_.empty() && page_.back().key == own_.back()->first) page_.pop_back();
    const Own::value_type* own = own_.back();
    own_.pop_back();
    if (!own->second) return std::nullopt;
    return Entry{own->first, *own->second};
  }

  std::optional<Entry> take_read() {
    std::optional<Entry> entry = std::move(page_.back());
    page_.pop_back();
    return entry;
  }

  bool comes_first(const std::string& a, const std::string& b) const { return options_.reverse ? a > b : a < b; }
  Range up_to(const std::string& last) const { return options_.reverse ? Range{last, range_.end} : Range{range_.begin, key_after(last)}; }

  LocalTransaction& tx_;
  const Range& range_;
  const ScanOptions& options_;
  // All three with what comes next at the back.
  std::vector<Range> gaps_;
  std::vector<Entry> page_;
  std::vector<const Own::value_type*> own_;
};

LocalTransaction::LocalTransaction(Validator& validator, Engine& engine, Reader& reader, RecentValues& recent, const Clock& clock)
    : reader_(reader), recent_(recent), clock_(clock), begun_(clock.steady()), running_(validator), snapshot_(engine.snapshot()) {}

Task<Result<std::optional<std::string>>> LocalTransaction::get(std::string_view key) {
  co_await check_open();
  if (auto own = own_.find(key); own != own_.end()) co_return own->second;
  if (erased_.contains(key)) co_return std::nullopt;
  reads_.keys.emplace_back(key);
  read_bytes_ += key.size();
  if (auto value = recent_.find(key, begun_at())) co_return value;
  co_return co_await reader_.get(key, snapshot_.get());
}

Task<Result<std::vector<Entry>>> LocalTransaction::scan(const Range& range, ScanOptions options) {
  co_await check_open();
  MergedScan scan(*this, range, options);
  co_return co_await scan.run();
}

// What this transaction erased itself it did not read from the snapshot.
void LocalTransaction::note_scanned(const Range& range) {
  for (Range& gap : erased_.gaps(range)) {
    read_bytes_ += gap.begin.size() + gap.end.size();
    reads_.ranges.push_back(std::move(gap));
  }
}

void LocalTransaction::put(std::string_view key, std::string_view value) { write(key, std::string(value)); }
void LocalTransaction::erase(std::string_view key) { write(key, std::nullopt); }

void LocalTransaction::write(std::string_view key, std::optional<std::string> value) {
  const size_t value_bytes = value ? value->size() : 0;
  too_large_ = too_large_ || key.size() > key_bytes_max || value_bytes > value_bytes_max || written_bytes_ > transaction_bytes_max;
  if (too_large_) return;  // it cannot commit, so it need not be kept
  auto at = own_.lower_bound(key);
  if (at == own_.end() || at->first != key) {
    at = own_.emplace_hint(at, key, std::nullopt);
    written_bytes_ += key.size();
  }
  written_bytes_ += value_bytes - (at->second ? at->second->size() : 0);
  at->second = std::move(value);
}

void LocalTransaction::erase_range(const Range& range) {
  if (range.empty()) return;
  auto first = own_.lower_bound(range.begin), last = own_.lower_bound(range.end);
  for (auto at = first; at != last; ++at) written_bytes_ -= at->first.size() + (at->second ? at->second->size() : 0);
  own_.erase(first, last);
  erased_.add(range);
}

Result<void> LocalTransaction::check_open() const {
  if (too_large_) return limit_exceeded("a transaction wrote a key, a value or in all more than the limits allow");
  if (read_bytes_ + written_bytes_ > transaction_bytes_max) {
    return limit_exceeded(
        fmt::format("a transaction reads and writes {} bytes, the limit is {}", read_bytes_ + written_bytes_, transaction_bytes_max));
  }
  if (clock_.steady() - begun_ > transaction_time_max) return fail("TransactionTimeout", 500, "a transaction took more than 4 seconds");
  return {};
}

WriteBatch LocalTransaction::writes() const {
  WriteBatch batch;
  for (const Range& range : erased_.ranges()) batch.erase_range(range);
  for (const auto& [key, value] : own_) {
    if (value) {
      batch.put(key, *value);
    } else {
      batch.erase(key);
    }
  }
  return batch;
}

}  // namespace outcrop::store
