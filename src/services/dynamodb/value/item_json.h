// Items as answers hold them: JSON text, written at once, and from what is stored where nothing else is asked of it.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/dynamodb/value/value.h"
#include "wire/shape.h"

namespace outcrop::dynamodb {

wire::JsonText item_json(const Attributes& item);

// Appends the item that store_attributes() gave as `stored`; gives what it counts, its item_bytes(). Fault, after which `out` is of no use:
// CorruptRecord 500 for anything else.
Result<size_t> append_stored_item(std::string_view stored, std::string& out);

// A list of items.
class ItemList {
 public:
  // Makes room for so many items of so many stored bytes together.
  void reserve(size_t items, size_t stored_bytes);
  void add(const Attributes& item);
  // As append_stored_item().
  Result<size_t> add_stored(std::string_view stored);
  wire::JsonText text() &&;

 private:
  void begin_item();

  std::string text_ = "[";
};

}  // namespace outcrop::dynamodb
