#include "wire/event_stream_shapes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/simple_executor.h"
#include "wire/event_stream_reader.h"

#pragma clang diagnostic ignored "-Winvalid-offsetof"

namespace outcrop::wire {
namespace {

// Events with everything an event can have.
struct Spoken {
  std::string words;
  std::optional<bool> loud;
  std::optional<int32_t> take;
  std::optional<std::string> seal;
  std::optional<Instant> at;
  static const Shape shape;
};
struct Sound {
  std::string samples;
  static const Shape shape;
};
struct Picture {
  Spoken caption;
  static const Shape shape;
};
struct Silence {
  static const Shape shape;
};
struct Utterance {
  std::optional<Spoken> spoken;
  std::optional<Sound> sound;
  std::optional<Picture> picture;
  std::optional<Silence> silence;
  static const Shape shape;
};

constexpr Member spoken_members[] = {
    {.name = "Words", .wire_name = "words", .shape = &shapes::string, .offset = offsetof(Spoken, words), .flags = Member::required},
    {.name = "Loud",
     .shape = &shapes::boolean,
     .presence = &optional_of<bool>,
     .offset = offsetof(Spoken, loud),
     .location = Location::event_header},
    {.name = "Take",
     .shape = &shapes::short_,
     .presence = &optional_of<int32_t>,
     .offset = offsetof(Spoken, take),
     .location = Location::event_header},
    {.name = "Seal",
     .shape = &shapes::blob,
     .presence = &optional_of<std::string>,
     .offset = offsetof(Spoken, seal),
     .location = Location::event_header},
    {.name = "At",
     .shape = &shapes::timestamp,
     .presence = &optional_of<Instant>,
     .offset = offsetof(Spoken, at),
     .location = Location::event_header},
};
constexpr Shape Spoken::shape = {.kind = Kind::structure, .name = "Spoken", .members = spoken_members};
constexpr Member sound_members[] = {
    {.name = "Samples", .shape = &shapes::blob, .offset = offsetof(Sound, samples), .location = Location::event_payload}};
constexpr Shape Sound::shape = {.kind = Kind::structure, .name = "Sound", .members = sound_members};
constexpr Member picture_members[] = {
    {.name = "Caption", .shape = &Spoken::shape, .offset = offsetof(Picture, caption), .location = Location::event_payload}};
constexpr Shape Picture::shape = {.kind = Kind::structure, .name = "Picture", .members = picture_members};
constexpr Shape Silence::shape = {.kind = Kind::structure, .name = "Silence"};
constexpr Member utterance_members[] = {
    {.name = "spoken", .shape = &Spoken::shape, .presence = &optional_of<Spoken>, .offset = offsetof(Utterance, spoken)},
    {.name = "sound", .shape = &Sound::shape, .presence = &optional_of<Sound>, .offset = offsetof(Utterance, sound)},
    {.name = "picture", .shape = &Picture::shape, .presence = &optional_of<Picture>, .offset = offsetof(Utterance, picture)},
    {.name = "silence", .shape = &Silence::shape, .presence = &optional_of<Silence>, .offset = offsetof(Utterance, silence)},
};
constexpr StreamError utterance_errors[] = {{"tooLoud", "TooLoudException", "Message"}};
constexpr Shape Utterance::shape = {
    .kind = Kind::union_, .name = "Utterance", .members = utterance_members, .stream_errors = utterance_errors};

Message written(const Utterance& event, const PayloadFormat& format = rest_json_payload) {
  return write_event(Utterance::shape, &event, format);
}

Result<Utterance> read_back(const Message& message, const PayloadFormat& format = rest_json_payload) {
  Utterance event;
  Result<bool> known = read_event(Utterance::shape, message, format, &event);
  if (!known) return fail(std::move(known.error()));
  EXPECT_TRUE(*known);
  return event;
}

TEST(EventShapes, AnEventIsItsDocumentAndItsHeaders) {
  Message message = written({.spoken = Spoken{.words = "hey", .loud = true, .take = -2, .seal = "\x01", .at = instant_from_ms(5)}});
  EXPECT_EQ(message.payload, R"({"words":"hey"})");
  EXPECT_EQ(message.text(":event-type"), "spoken");
  EXPECT_EQ(message.text(":content-type"), "application/json");
  EXPECT_EQ(std::get<int16_t>(*message.find("Take")), -2);
  Result<Utterance> back = read_back(message);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->spoken->words, "hey");
  EXPECT_EQ(back->spoken->loud, true);
  EXPECT_EQ(back->spoken->take, -2);
  EXPECT_EQ(back->spoken->seal, "\x01");
  EXPECT_EQ(back->spoken->at, instant_from_ms(5));
}

TEST(EventShapes, EachProtocolHasItsPayload) {
  const Utterance event = {.spoken = Spoken{.words = "hey"}};
  EXPECT_EQ(written(event, aws_json_payload).payload, R"({"Words":"hey"})");
  EXPECT_EQ(written(event, xml_payload).payload, "<Spoken><words>hey</words></Spoken>");
  EXPECT_EQ(written(event, xml_payload).text(":content-type"), "text/xml");
  EXPECT_EQ(hex(written(event, cbor_payload).payload), "bf65576f72647363686579ff");
  for (const PayloadFormat* format : {&aws_json_payload, &rest_json_payload, &xml_payload, &cbor_payload})
    EXPECT_EQ(read_back(written(event, *format), *format)->spoken->words, "hey");
}

TEST(EventShapes, AMemberCanBeTheWholePayload) {
  Message sound = written({.sound = Sound{.samples = std::string("\0\xff", 2)}});
  EXPECT_EQ(sound.payload, std::string("\0\xff", 2));
  EXPECT_EQ(sound.text(":content-type"), "application/octet-stream");
  EXPECT_EQ(read_back(sound)->sound->samples, sound.payload);
  Message picture = written({.picture = Picture{.caption = {.words = "hey"}}});
  EXPECT_EQ(picture.payload, R"({"words":"hey"})");
  EXPECT_EQ(read_back(picture)->picture->caption.words, "hey");
}

TEST(EventShapes, AnEventWithoutMembersIsItsName) {
  Message message = written({.silence = Silence{}});
  EXPECT_EQ(message.payload, "");
  EXPECT_EQ(message.find(":content-type"), nullptr);
  EXPECT_TRUE(read_back(message)->silence.has_value());
}

TEST(EventShapes, FaultsAreExceptionsWhereTheUnionNamesThem) {
  Message known = write_stream_fault(Utterance::shape, {"TooLoudException", 400, "Shh."}, rest_json_payload);
  EXPECT_EQ(known.text(":exception-type"), "tooLoud");
  EXPECT_EQ(known.payload, R"({"Message":"Shh."})");
  EXPECT_EQ(read_back(known).error().code, "TooLoudException");
  EXPECT_EQ(read_back(known).error().message, "Shh.");
  Message other = write_stream_fault(Utterance::shape, {"InternalFailure", 500, "Oops."}, rest_json_payload);
  EXPECT_EQ(other.text(":message-type"), "error");
  EXPECT_EQ(read_back(other).error().code, "InternalFailure");
  EXPECT_EQ(read_back(other).error().message, "Oops.");
}

TEST(EventShapes, UnknownEventsArePassedOverAndWrongOnesRefused) {
  Utterance event;
  auto read = [&](std::vector<MessageHeader> headers, std::string payload) {
    return read_event(Utterance::shape, {std::move(headers), std::move(payload)}, rest_json_payload, &event);
  };
  EXPECT_EQ(read({{":message-type", "event"}, {":event-type", "danced"}}, "{}"), false);
  EXPECT_EQ(read({{":message-type", "event"}, {":event-type", "spoken"}}, "{}").error().code, "ValidationException");
  EXPECT_EQ(read({{":message-type", "event"}, {":event-type", "spoken"}}, "{").error().code, "SerializationException");
  EXPECT_EQ(read({{":message-type", "event"}, {":event-type", "spoken"}, {"Take", "one"}}, R"({"words":"a"})").error().code,
            "SerializationException");
  EXPECT_EQ(read({{":event-type", "spoken"}}, R"({"words":"a"})").error().code, "SerializationException");
}

// --- from a body

std::string framed(const Message& message) {
  std::string bytes;
  EXPECT_TRUE(append_message(message, bytes));
  return bytes;
}

struct EventReaderTest : ::testing::Test {
  RealClock clock;
  SimpleExecutor executor{clock};

  std::vector<std::string> words(MessageReader messages) {
    EventReader<Utterance> reader;
    reader.read_from(read_events(std::move(messages), Utterance::shape, rest_json_payload, reader.make_event()));
    std::vector<std::string> all;
    while (true) {
      Result<std::optional<Utterance>> event = executor.run(reader.next());
      if (!event) all.push_back(event.error().code);
      if (!event || !*event) return all;
      all.push_back((*event)->spoken->words);
    }
  }
};

TEST_F(EventReaderTest, EventsComeOutOfPartsOfAnySize) {
  const std::string bytes = framed(written({.spoken = Spoken{.words = "one"}})) + framed(written({.spoken = Spoken{.words = "two"}}));
  for (size_t part_bytes : {size_t{1}, size_t{7}, bytes.size()}) {
    BodySource body = [&bytes, part_bytes](BodyWriter& out) -> Task<Result<void>> {
      for (size_t at = 0; at < bytes.size(); at += part_bytes) co_await out.write(bytes.substr(at, part_bytes));
      co_return {};
    };
    EXPECT_THAT(words(MessageReader(std::move(body))), ::testing::ElementsAre("one", "two"));
  }
  EXPECT_THAT(words(MessageReader(BodySource(bytes.substr(0, bytes.size() - 1)))), ::testing::ElementsAre("one", "SerializationException"));
}

TEST_F(EventReaderTest, SignaturesAreAskedForEachFrameAndTheEmptyOneEnds) {
  auto signed_frame = [](std::string signature, std::string inner) {
    return framed({{{":date", instant_from_ms(7)}, {":chunk-signature", HeaderBytes{std::move(signature)}}}, std::move(inner)});
  };
  const std::string inner = framed(written({.spoken = Spoken{.words = "one"}}));
  const std::string bytes = signed_frame("good", inner) + signed_frame("good", "") + "never read";
  std::vector<std::string> asked;
  auto accept = [&asked](Instant date, std::string_view payload, std::string_view signature) {
    EXPECT_EQ(date, instant_from_ms(7));
    asked.emplace_back(payload);
    return signature == "good";
  };
  EXPECT_THAT(words(MessageReader(BodySource(bytes), accept)), ::testing::ElementsAre("one"));
  EXPECT_THAT(asked, ::testing::ElementsAre(inner, ""));
  EXPECT_THAT(words(MessageReader(BodySource(signed_frame("bad", inner)), accept)), ::testing::ElementsAre("InvalidSignatureException"));
  EXPECT_THAT(words(MessageReader(BodySource(signed_frame("good", inner + "x")), accept)),
              ::testing::ElementsAre("SerializationException"));
  EXPECT_THAT(words(MessageReader(BodySource(inner), accept)), ::testing::ElementsAre("SerializationException"));
}

}  // namespace
}  // namespace outcrop::wire
