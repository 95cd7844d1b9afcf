#include "core/testing/parcel.h"

#include <stdexcept>

namespace outcrop::parcel {

// To "nowhere": lost. To "fire": the post office breaks. Else the receipt says who sent what to whom from where.
Task<Result<SendParcelOutput>> send_parcel(Parcel& service, Call& call, SendParcelInput input) {
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

}  // namespace outcrop::parcel
