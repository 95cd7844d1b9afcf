#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace outcrop::log {

namespace {

struct Setup {
  std::shared_ptr<spdlog::logger> logger;
  Format format = Format::text;
};

Setup make(Level least, Format format) {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>("outcrop", sink);
  constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
  logger->set_level(levels[int(least)]);
  if (format == Format::json) {
    logger->set_formatter(
        std::make_unique<spdlog::pattern_formatter>(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc));
  } else {
    logger->set_pattern("%H:%M:%S.%e %^%-7l%$ %v");
  }
  logger->flush_on(spdlog::level::debug);
  return {logger, format};
}

Setup& setup() {
  static Setup instance = make(Level::warning, Format::text);
  return instance;
}

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", unsigned(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

void set_up(Level least, Format format) { setup() = make(least, format); }

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
  constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
  Setup& log = setup();
  if (!log.logger->should_log(levels[int(level)])) return;
  std::string line;
  if (log.format == Format::json) {
    line += "\"message\":";
    append_json_text(line, message);
    for (const Field& field : fields) {
      line += ',';
      append_json_text(line, field.name);
      line += ':';
      field.quoted ? append_json_text(line, field.value) : void(line += field.value);
    }
  } else {
    line += message;
    for (const Field& field : fields) fmt::format_to(std::back_inserter(line), "  {}={}", field.name, field.value);
  }
  log.logger->log(levels[int(level)], spdlog::string_view_t(line));
}

}  // namespace outcrop::log
