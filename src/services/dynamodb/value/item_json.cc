#include "services/dynamodb/value/item_json.h"

#include <array>

#include "base/encoding.h"
#include "json/writer.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/value/stored_reader.h"

namespace outcrop::dynamodb {

namespace {

// In front of a value's contents, in the order of Type.
constexpr std::array<std::string_view, 10> openings = {R"({"S":)", R"({"N":)", R"({"B":)",  R"({"BOOL":)", R"({"NULL":)",
                                                       R"({"M":)", R"({"L":)", R"({"SS":)", R"({"NS":)",   R"({"BS":)"};

// The forms of values: {"S":"…"}.
struct ValueWriter {
  std::string& out;

  template <class WriteContents>
  void typed(Type type, WriteContents write_contents) {
    out += openings[size_t(type)];
    write_contents();
    out += '}';
  }
  // `write_next` writes element after element, `count` times.
  template <class WriteNext>
  void elements(char open, char close, size_t count, WriteNext write_next) {
    out += open;
    for (size_t i = 0; i < count; ++i) {
      if (i > 0) out += ',';
      write_next(i);
    }
    out += close;
  }
  void quoted(std::string_view text) { json::append_quoted(out, text); }
  void number(const Decimal& number) { out.append(1, '"').append(number.text()).append(1, '"'); }
  void binary(std::string_view bytes) { out.append(1, '"').append(base64(bytes)).append(1, '"'); }
  void truth(bool truth) { out += truth ? "true" : "false"; }
};

struct AttributesWriter : ValueWriter {
  void attributes(const Attributes& map) {
    elements('{', '}', map.size(), [&](size_t i) {
      quoted(map.at(i).key);
      out += ':';
      value(map.at(i).value);
    });
  }
  void value(const Value& value) {
    typed(value.type(), [&] { std::visit(*this, value.data()); });
  }

  void operator()(const std::string& text) { quoted(text); }
  void operator()(const Decimal& value) { number(value); }
  void operator()(const Binary& value) { binary(value.bytes); }
  void operator()(bool value) { truth(value); }
  void operator()(Null) { truth(true); }
  void operator()(const Attributes& map) { attributes(map); }
  void operator()(const List& list) {
    elements('[', ']', list.size(), [&](size_t i) { value(list[i]); });
  }
  template <class T>
  void operator()(const Set<T>& set) {
    elements('[', ']', set.elements.size(), [&](size_t i) { (*this)(set.elements[i]); });
  }
};

// From stored bytes to text, counting on the way what item_bytes() counts.
struct StoredItemWriter : ValueWriter {
  StoredReader reader;
  size_t bytes = 0;

  void attributes(size_t depth) {
    elements('{', '}', reader.count(), [&](size_t) {
      if (reader.failed) return;
      const std::string_view name = reader.text();
      bytes += name.size();
      quoted(name);
      out += ':';
      value(depth);
    });
  }
  void value(size_t depth) {
    if (depth > limits::nesting_max) reader.failed = true;
    const Type type = reader.type();
    if (type > Type::binary_set) reader.failed = true;
    if (reader.failed) return;
    typed(type, [&] { contents(type, depth); });
  }

 private:
  void contents(Type type, size_t depth) {
    switch (type) {
      case Type::string:
        return string();
      case Type::number:
        return decimal();
      case Type::binary:
        return blob();
      case Type::boolean:
        ++bytes;
        return truth(reader.byte() != 0);
      case Type::null:
        ++bytes;
        return truth(true);
      case Type::map:
        return map(depth + 1);
      case Type::list:
        return list(depth + 1);
      case Type::string_set:
        return set([this] { string(); });
      case Type::number_set:
        return set([this] { decimal(); });
      case Type::binary_set:
        return set([this] { blob(); });
    }
  }
  void string() {
    const std::string_view text = reader.text();
    bytes += text.size();
    quoted(text);
  }
  void decimal() {
    const Decimal value = reader.decimal();
    bytes += value.item_bytes();
    number(value);
  }
  void blob() {
    const std::string_view value = reader.text();
    bytes += value.size();
    binary(value);
  }
  void map(size_t depth) {
    StoredReader ahead = reader;
    bytes += container_bytes + element_bytes * ahead.count();
    attributes(depth);
  }
  void list(size_t depth) {
    const size_t count = reader.count();
    bytes += container_bytes + element_bytes * count;
    elements('[', ']', count, [&](size_t) {
      if (!reader.failed) value(depth);
    });
  }
  template <class WriteElement>
  void set(WriteElement write_element) {
    elements('[', ']', reader.count(), [&](size_t) {
      if (!reader.failed) write_element();
    });
  }
};

// About what so many stored bytes become: their quotes and types beside them.
size_t shown_bytes(size_t stored_bytes) { return stored_bytes + stored_bytes / 8 + 64; }

}  // namespace

wire::JsonText item_json(const Attributes& item) {
  wire::JsonText json;
  AttributesWriter{{json.text}}.attributes(item);
  return json;
}

Result<size_t> append_stored_item(std::string_view stored, std::string& out) {
  out.reserve(out.size() + shown_bytes(stored.size()));
  StoredItemWriter writer{{out}, {stored}};
  if (writer.reader.byte() != stored_version) writer.reader.failed = true;
  writer.attributes(0);
  if (writer.reader.failed || !writer.reader.rest.empty()) return fail(corrupt_item());
  return writer.bytes;
}

void ItemList::reserve(size_t items, size_t stored_bytes) {
  text_.reserve(text_.size() + shown_bytes(stored_bytes) + items * shown_bytes(0));
}

void ItemList::begin_item() {
  if (text_.size() > 1) text_ += ',';
}

void ItemList::add(const Attributes& item) {
  begin_item();
  AttributesWriter{{text_}}.attributes(item);
}

Result<size_t> ItemList::add_stored(std::string_view stored) {
  begin_item();
  return append_stored_item(stored, text_);
}

wire::JsonText ItemList::text() && {
  text_ += ']';
  return {std::move(text_)};
}

}  // namespace outcrop::dynamodb
