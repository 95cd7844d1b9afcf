#include "wire/event_stream.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/digest.h"
#include "base/encoding.h"
#include "json/json.h"
#include "wire/limits.h"

namespace outcrop::wire {
namespace {

Message all_types() {
  return {{{"true", true},
           {"false", false},
           {"byte", int8_t{-3}},
           {"short", int16_t{-300}},
           {"integer", int32_t{70000}},
           {"long", int64_t{123456789012}},
           {"bytes", HeaderBytes{std::string("\0\xff", 2)}},
           {"string", "wörld"},
           {"timestamp", instant_from_ms(1'800'000'000'123)},
           {"uuid", HeaderUuid{1, 2, 3}}},
          "payload"};
}

std::string frame_of(const Message& message) {
  std::string frame;
  EXPECT_TRUE(append_message(message, frame));
  return frame;
}

Result<std::optional<Message>> decoded(std::string_view bytes) {
  MessageDecoder decoder;
  decoder.add(bytes);
  return decoder.next();
}

TEST(EventStream, EveryTypeOfHeaderSurvives) {
  auto message = decoded(frame_of(all_types()));
  ASSERT_TRUE(message && *message);
  EXPECT_EQ(**message, all_types());
}

TEST(EventStream, FramesAreReadByteByByte) {
  const std::string frames = frame_of(all_types()) + frame_of({}) + frame_of({{{":message-type", "event"}}, "x"});
  MessageDecoder decoder;
  std::vector<Message> messages;
  for (char byte : frames) {
    decoder.add({&byte, 1});
    Result<std::optional<Message>> message = decoder.next();
    ASSERT_TRUE(message) << message.error().message;
    if (*message) messages.push_back(std::move(**message));
    EXPECT_EQ(decoder.at_boundary(), message->has_value());
  }
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[0], all_types());
  EXPECT_EQ(messages[2].text(":message-type"), "event");
}

TEST(EventStream, EveryDamagedByteIsNoticed) {
  const std::string frame = frame_of(all_types());
  for (size_t i = 0; i < frame.size(); ++i) {
    std::string damaged = frame;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_FALSE(decoded(damaged)) << i;
  }
}

TEST(EventStream, WhatIsTooLongIsRefusedBeforeItComes) {
  auto prelude = [](uint32_t total, uint32_t headers) {
    std::string bytes;
    for (uint32_t value : {total, headers}) {
      for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
    }
    const uint32_t crc = crc32(bytes);
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(crc >> shift));
    return bytes;
  };
  constexpr auto headers_max = static_cast<uint32_t>(limits::event_headers_bytes_max);
  constexpr auto payload_max = static_cast<uint32_t>(limits::event_payload_bytes_max);
  EXPECT_TRUE(decoded(prelude(16 + headers_max + payload_max, headers_max)));
  EXPECT_FALSE(decoded(prelude(16 + headers_max + payload_max + 1, headers_max)));
  EXPECT_FALSE(decoded(prelude(16 + headers_max + 1, headers_max + 1)));
  EXPECT_FALSE(decoded(prelude(15, 0))) << "shorter than itself";
  EXPECT_FALSE(decoded(prelude(UINT32_MAX, UINT32_MAX)));
}

TEST(EventStream, WhatTheFormatCannotHoldIsNotWritten) {
  std::string out = "before";
  EXPECT_FALSE(append_message({{{std::string(256, 'n'), true}}, ""}, out));
  EXPECT_FALSE(append_message({{{"", true}}, ""}, out));
  EXPECT_FALSE(append_message({{{"name", std::string(32'768, 'v')}}, ""}, out));
  EXPECT_FALSE(append_message({{}, std::string(limits::event_payload_bytes_max_sent + 1, 'p')}, out));
  EXPECT_EQ(out, "before");
}

TEST(EventStream, HeadersAreCounted) {
  Message many;
  for (size_t i = 0; i < limits::event_headers_max; ++i) many.headers.push_back({"h", true});
  EXPECT_TRUE(decoded(frame_of(many)));
  many.headers.push_back({"h", true});
  EXPECT_FALSE(decoded(frame_of(many)));
}

// --- what others wrote

std::string field(const json::Value& value, std::string_view name) {
  const json::Value* found = value.find(name);
  return found && found->is_string() ? std::string(found->as_string()) : "";
}

TEST(EventStreamVectors, OfTheSdksAreReadOrRefused) {
  const char* folder = std::getenv("OUTCROP_CONFORMANCE");
  if (!folder) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: the SDKs' frames are not checked";
  std::ifstream file(std::string(folder) + "/eventstream/cases.jsonl");
  size_t read = 0, refused = 0;
  for (std::string line; std::getline(file, line);) {
    json::Value from = json::parse(line).value();
    SCOPED_TRACE(field(from, "id"));
    const std::string frame = unhex(field(from, "encoded_hex")).value();
    Result<std::optional<Message>> message = decoded(frame);
    if (field(from, "expect") == "failure") {
      ++refused;
      EXPECT_FALSE(message);
      continue;
    }
    ++read;
    ASSERT_TRUE(message && *message);
    EXPECT_EQ((*message)->payload, unbase64(field(from, "payload_b64")).value());
    EXPECT_EQ((*message)->headers.size(), from.find("headers")->as_object().size());
    EXPECT_EQ(hex(frame_of(**message)), field(from, "encoded_hex"));
  }
  EXPECT_EQ(read, 9u);
  EXPECT_EQ(refused, 6u);
}

// A header as the golden frames show it.
struct Show {
  std::string operator()(bool of) const { return of ? "true" : "false"; }
  std::string operator()(const HeaderBytes& of) const { return hex(of.bytes); }
  std::string operator()(const std::string& of) const { return of; }
  std::string operator()(Instant of) const { return iso8601(of, true); }
  std::string operator()(const HeaderUuid& of) const { return hex({reinterpret_cast<const char*>(of.data()), of.size()}); }
  std::string operator()(std::signed_integral auto of) const { return std::to_string(of); }
};

TEST(EventStreamVectors, GoldenFramesAreReadAndWrittenByteForByte) {
  const char* folder = std::getenv("OUTCROP_CONFORMANCE");
  if (!folder) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: the golden frames are not checked";
  std::ifstream file(std::string(folder) + "/../vectors/eventstream/all.json");
  json::Value frames = json::parse(std::string(std::istreambuf_iterator<char>(file), {})).value();
  EXPECT_EQ(frames.as_array().size(), 17u);
  for (const json::Value& golden : frames.as_array()) {
    SCOPED_TRACE(field(golden, "name"));
    Result<std::optional<Message>> message = decoded(unhex(field(golden, "hex")).value());
    ASSERT_TRUE(message && *message);
    EXPECT_EQ((*message)->payload, field(golden, "payloadUtf8"));
    const json::Array& order = golden.find("headerOrder")->as_array();
    ASSERT_EQ((*message)->headers.size(), order.size());
    for (size_t i = 0; i < order.size(); ++i) {
      const MessageHeader& header = (*message)->headers[i];
      EXPECT_EQ(header.name, order[i].as_string());
      const json::Value& value = *golden.find("headers")->find(header.name)->find("value");
      if (!std::holds_alternative<HeaderUuid>(header.value) && !std::holds_alternative<Instant>(header.value)) {
        EXPECT_EQ(std::visit(Show(), header.value), value.is_string() ? value.as_string() : json::write(value));
      }
    }
    EXPECT_EQ(hex(frame_of(**message)), field(golden, "hex"));
  }
}

}  // namespace
}  // namespace outcrop::wire
