// Structured logging: a message and named values; text on a terminal, one JSON object a line otherwise.
// The one process-wide thing in the house: main sets it up, everybody writes to it.
#pragma once
#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace outcrop::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

struct Field {
  std::string_view name;
  std::string value;
  bool quoted;  // false for numbers and booleans

  Field(std::string_view name, std::string_view value) : name(name), value(value), quoted(true) {}
  Field(std::string_view name, const char* value) : Field(name, std::string_view(value)) {}
  Field(std::string_view name, const std::string& value) : Field(name, std::string_view(value)) {}
  template <class T>
    requires std::is_arithmetic_v<T>
  Field(std::string_view name, T value) : name(name), value(fmt::format("{}", value)), quoted(false) {}
};

// Before any other thread logs. Until then warnings and errors go to standard error as text.
void set_up(Level least, Format format);

void write(Level level, std::string_view message, std::initializer_list<Field> fields);
inline void debug(std::string_view message, std::initializer_list<Field> fields = {}) { write(Level::debug, message, fields); }
inline void info(std::string_view message, std::initializer_list<Field> fields = {}) { write(Level::info, message, fields); }
inline void warning(std::string_view message, std::initializer_list<Field> fields = {}) { write(Level::warning, message, fields); }
inline void error(std::string_view message, std::initializer_list<Field> fields = {}) { write(Level::error, message, fields); }

}  // namespace outcrop::log
