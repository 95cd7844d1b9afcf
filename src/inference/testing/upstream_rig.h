// What tests of providers that ask others share.
#pragma once
#include "inference/collect.h"
#include "net/loop_rig_test.h"

namespace outcrop::inference::test {

inline Task<Result<CollectedAnswer>> collect_from(Provider& provider, ModelRequest request) {
  auto answer = co_await provider.answer(std::move(request));
  auto all = co_await keep(collect(*answer));
  if (!all) co_await answer->close();
  co_return all;
}

inline ModelRequest asking_upstream(std::string text, bool streamed = true) {
  ModelRequest request{.model_id = "amazon.nova-lite-v1:0", .conversation = {}, .streamed = streamed};
  request.conversation.messages.push_back({Role::user, {TextBlock{std::move(text)}}});
  return request;
}

inline std::string text_said(const CollectedAnswer& answer) { return std::get<TextBlock>(answer.content.at(0)).text; }

// Where nobody listens.
inline net::Url no_upstream() {
  net::ScriptedServer gone;
  return gone.url("");
}

}  // namespace outcrop::inference::test
