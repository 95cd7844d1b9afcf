#include "core/testing/parcel.h"

#include <stdexcept>

#include "base/completion.h"

namespace outcrop::parcel {

// Headers beside the operation's own are answered. To "nowhere": lost. To "fire": the post office breaks. Else the receipt says who sent
// what to whom from where.
Task<Result<SendParcelOutput>> send_parcel(Parcel& service, Call& call, SendParcelInput input) {
  for (const net::Header& header : call.extra_headers) call.answer_headers.add(header.name, "seen " + header.value);
  if (input.to == "nowhere") co_return fail("ParcelIsLost", 410, "It is gone.");
  if (input.to == "fire") throw std::runtime_error("the post office burns");
  service.sent.push_back(call.account() + " " + call.region + " " + input.to);
  co_return SendParcelOutput{.receipt = call.account() + "/" + call.region + "/" + input.to + "/" + input.contents.value_or("-") + "/" +
                                        call.endpoint + "/" + call.source_ip};
}

Task<Result<ForwardParcelOutput>> forward_parcel(Parcel& service, Call& call, ForwardParcelInput input) {
  if (input.as_json.value_or(false)) {
    json::Value answer = co_await service.directory->invoke_json(call, "parcel", "SendParcel", json::Object{{"To", input.to}});
    co_return ForwardParcelOutput{.receipt = "json:" + std::string(answer.find("Receipt")->as_string())};
  }
  SendParcelOutput answer =
      co_await service.directory->invoke<SendParcelOutput>(call, "parcel", "SendParcel", SendParcelInput{.to = input.to});
  co_return ForwardParcelOutput{.receipt = "typed:" + answer.receipt};
}

namespace {

constexpr size_t photo_bytes = 64 << 10;

struct JourneyEnds {
  Parcel& service;
  ~JourneyEnds() { ++service.journeys_over; }
};

Moves arrival(std::string place, int day) { return {.arrived = Arrived{.place = std::move(place), .day = day}}; }

Task<void> until_stopped(Call& call) {
  Completion<bool> stopped(*Executor::current());
  std::stop_callback wake(call.stop, [setter = stopped.setter()] { setter.set(true); });
  co_await stopped;
}

}  // namespace

// To "Atlantis": lost before there is a stream. To "nowhere": lost before it moves. To "sea": lost after two moves. To "fire": the post
// office breaks after one. To "moon": one move, and nothing more until the caller goes. To "world": photos without end. Else three moves.
Task<Result<TrackParcelOutput>> track_parcel(Parcel& service, Call& call, TrackParcelInput input) {
  call.answer_headers.add("x-outcrop-carrier", "post");
  if (input.to == "Atlantis") co_return fail("ParcelIsLost", 410, "It sank.");
  auto journey = [&service, &call, to = std::move(input.to)](wire::EventWriter<Moves>& moves) -> Task<Result<void>> {
    JourneyEnds end(service);
    if (to == "nowhere") co_return fail("ParcelIsLost", 410, "It is gone.");
    for (int day = 1; to == "world" || day <= 3; ++day) {
      service.before_move(day);
      ++service.moves;
      if (to == "world") {
        co_await moves.write({.photo = Photo{.image = std::string(photo_bytes, 'x')}});
        continue;
      }
      if (to == "sea" && day == 3) co_return fail("ParcelIsLost", 410, "It fell overboard.");
      if (to == "fire" && day == 2) throw std::runtime_error("the post office burns");
      if (to == "moon" && day == 2) {
        co_await until_stopped(call);
        co_return fail("ParcelIsLost", 410, "Nobody waits for it.");
      }
      co_await moves.write(arrival(to + " " + std::to_string(day), day));
    }
    co_return {};
  };
  co_return TrackParcelOutput{.carrier = "post", .moves = std::move(journey)};
}

// A move for every turn.
Task<Result<EscortParcelOutput>> escort_parcel(Parcel& service, Call& call, EscortParcelInput input) {
  auto journey = [&service, input = std::move(input)](wire::EventWriter<Moves>& moves) mutable -> Task<Result<void>> {
    JourneyEnds end(service);
    while (std::optional<Turns> turn = co_await input.turns.next()) {
      co_await moves.write(arrival(input.to + " by " + turn->turn->street, ++service.moves));
    }
    co_return {};
  };
  co_return EscortParcelOutput{.moves = std::move(journey)};
}

// The parts as they come.
Task<Result<CopyParcelOutput>> copy_parcel(Parcel& service, Call& call, CopyParcelInput input) {
  auto copy = [&service, original = std::move(input.contents)](wire::BodyWriter& out) mutable -> Task<Result<void>> {
    JourneyEnds end(service);
    while (std::optional<std::string> part = co_await original.next()) {
      if (*part == "bomb") co_return fail("ParcelIsLost", 410, "It went off.");
      ++service.moves;
      co_await out.write(std::move(*part));
    }
    co_return {};
  };
  co_return CopyParcelOutput{.contents = wire::BodySource(std::move(copy))};
}

}  // namespace outcrop::parcel
