// What templates work with: Java's null, Boolean, Long, Double, String, and lists and maps that are shared, not copied.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "expr/velocity/syntax.h"

namespace outcrop::expr::velocity {

struct List;
struct Map;
struct Iterator;
struct Loop;
enum class Tool : uint8_t { input, util };  // $input, $util

using SharedText = std::shared_ptr<const std::string>;

// Lists, maps, iterators and loops belong to the rendering, and live as long.
struct Value {
  std::variant<std::monostate, bool, int64_t, double, SharedText, List*, Map*, Iterator*, const Loop*, const Block*, Tool> form;

  Value() = default;
  template <class T>
  Value(T value) : form(std::move(value)) {}

  bool is_null() const { return form.index() == 0; }
  template <class T>
  const T* as() const {
    return std::get_if<T>(&form);
  }
  const std::string* text() const {
    auto* shared = as<SharedText>();
    return shared ? shared->get() : nullptr;
  }
  bool is_number() const { return as<int64_t>() || as<double>(); }
  double number() const { return as<double>() ? *as<double>() : double(*as<int64_t>()); }  // of a number
};

struct List {
  std::vector<Value> elements;
  bool of_json = false;  // written as JSON
};

// In the order in which names came. Names are texts: those of numbers are what Java writes of them.
struct Map {
  struct Member {
    std::string name;
    Value value;
  };
  std::vector<Member> members;
  std::map<std::string, size_t, std::less<>> positions;
  bool is_entry = false;  // of entrySet(): key and value

  const Value* find(std::string_view name) const;
  void put(std::string_view name, Value value);
  bool erase(std::string_view name);
};

struct Iterator {
  List* list;
  size_t next = 0;
};

// $foreach.
struct Loop {
  size_t index = 0;
  bool has_next = false;
  const Loop* parent = nullptr;
};

}  // namespace outcrop::expr::velocity
