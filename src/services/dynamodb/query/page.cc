#include "services/dynamodb/query/page.h"

#include <algorithm>

#include "services/dynamodb/expression/evaluate.h"
#include "services/dynamodb/item/index_entry.h"
#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/value/stored_attributes.h"

namespace outcrop::dynamodb {

namespace {

// Entries one scan of the store gives at the most: a page of small items takes a few.
constexpr size_t entries_at_once = 1000;

class PageReader {
 public:
  PageReader(World& world, PageRequest request) : world_(world), request_(std::move(request)) {}

  Task<Result<Page>> read() {
    store::Range range = request_.range;
    if (request_.start_key) go_behind(range, *request_.start_key);
    while (!range.empty() && !is_full()) {
      const store::ScanOptions options{
          .entries_max = entries_wanted(), .bytes_max = limits::page_bytes_max, .reverse = request_.is_reversed};
      const std::vector<store::Entry> entries = co_await scan_items(world_.store, *request_.table, request_.index, range, options);
      if (entries.empty()) break;
      if (gives_all_as_stored()) make_room(entries);
      for (const store::Entry& entry : entries) {
        if (gives_all_as_stored())
          co_await take_as_stored(entry.value);
        else if (request_.reads_whole_items)
          co_await take_whole(entry.value);
        else
          co_await take_some(entry.value);
        if (is_full()) break;
      }
      const std::string& last = entries.back().key;
      (request_.is_reversed ? range.end : range.begin) = request_.is_reversed ? last : store::key_after(last);
    }
    count_units();
    co_return std::move(page_);
  }

 private:
  void go_behind(store::Range& range, const Attributes& key) const {
    const std::optional<std::string> at =
        request_.index ? entry_key(*request_.table, *request_.index, key) : item_key(*request_.table, key);
    if (!at) return;
    if (request_.is_reversed)
      range.end = std::min(range.end, *at);
    else
      range.begin = std::max(range.begin, store::key_after(*at));
  }

  size_t entries_wanted() const {
    const size_t left = request_.limit ? *request_.limit - page_.scanned : entries_at_once;
    return std::min(left, entries_at_once);
  }

  // A page that ends for its limit or size says where it ended, whether anything follows or not.
  bool is_full() const { return page_.last_key.has_value(); }

  // Of so many bytes. Whether it is the page's last.
  bool look_at(size_t bytes) {
    bytes_ += bytes;
    ++page_.scanned;
    return (request_.limit && page_.scanned >= *request_.limit) || bytes_ >= limits::page_bytes_max;
  }
  void end_at(const Attributes& item) { page_.last_key = page_key(*request_.table, request_.index, item); }

  // Then no item need be taken apart.
  bool gives_all_as_stored() const {
    return !request_.filter && !request_.projection && !request_.counts_only && !request_.reads_whole_items;
  }
  void make_room(const std::vector<store::Entry>& entries) {
    size_t bytes = 0;
    for (const store::Entry& entry : entries) bytes += entry.value.size();
    page_.items.reserve(entries.size(), bytes);
  }
  Result<void> take_as_stored(std::string_view stored) {
    const Result<size_t> bytes = page_.items.add_stored(stored);
    if (!bytes) return fail(bytes.error());
    ++page_.count;
    if (!look_at(*bytes)) return {};
    const Result<Attributes> item = load_attributes(stored);
    if (!item) return fail(item.error());
    end_at(*item);
    return {};
  }

  Result<void> take_some(std::string_view stored) {
    const Result<Attributes> item = load_attributes(stored);
    if (!item) return fail(item.error());
    if (look_at(item_bytes(*item))) end_at(*item);
    take(*item);
    return {};
  }

  // The item of an index's entry, unless it was deleted since.
  Task<Result<void>> take_whole(std::string_view stored_entry) {
    const Attributes entry = co_await load_attributes(stored_entry);
    if (look_at(item_bytes(entry))) end_at(entry);
    const std::optional<std::string> stored = co_await world_.store.get(item_key(*request_.table, entry));
    if (!stored) co_return {};
    const Attributes item = co_await load_attributes(*stored);
    page_.consumed.table_read += read_units(item_bytes(item), request_.consistency);
    take(item);
    co_return {};
  }

  void take(const Attributes& item) {
    if (request_.filter && !holds(*request_.filter, item)) return;
    ++page_.count;
    if (request_.counts_only) return;
    page_.items.add(request_.projection ? project(item, *request_.projection) : item);
  }

  // Of all that was looked at, as if it were one item.
  void count_units() {
    const double units = read_units(bytes_, request_.consistency);
    if (request_.index)
      page_.consumed.index_read[request_.index->name] += units;
    else
      page_.consumed.table_read += units;
  }

  World& world_;
  const PageRequest request_;
  Page page_;
  size_t bytes_ = 0;
};

}  // namespace

Task<Result<Page>> read_page(World& world, PageRequest request) {
  PageReader reader(world, std::move(request));
  co_return co_await keep(reader.read());
}

Attributes page_key(const Table& table, const Index* index, const Attributes& item) {
  Attributes key = key_of(table, item);
  if (!index) return key;
  key[index->keys.hash.name] = *item.find(index->keys.hash.name);
  if (index->keys.range) key[index->keys.range->name] = *item.find(index->keys.range->name);
  return key;
}

}  // namespace outcrop::dynamodb
